package io.hongyan.im.core.inbox;

/** Learns how inboxes grow and how far devices have come. Called from any thread, often under a lock: must not block. */
public interface InboxListener {
    /** Nobody listens. */
    InboxListener NONE = new InboxListener() {
        @Override
        public void announced(String uid, long inboxSeq) {}

        @Override
        public void acknowledged(String uid, long inboxSeq) {}
    };

    /** A message of somebody else is in this user's inbox now; told before any device is sent it. */
    void announced(String uid, long inboxSeq);

    /** A device of the user has acknowledged everything up to this number. */
    void acknowledged(String uid, long inboxSeq);
}
