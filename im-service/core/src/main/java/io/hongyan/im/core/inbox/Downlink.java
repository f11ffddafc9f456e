package io.hongyan.im.core.inbox;

import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.StoredMessage;

/**
 * The way to connected clients. Methods may be called from any thread, often while a lock is held, and never block or
 * fail; what concerns one connection happens in the order of the calls; a connection that is gone is passed over.
 */
public interface Downlink {
    /** Makes a message ready for any number of pushes that share its encoded form. */
    OutgoingMessage prepare(StoredMessage message);

    void push(ConnectionKey connection, Entry.OfEvent entry);

    void notice(ConnectionKey connection, Notice notice);

    /** Ends the connection after what was sent to it before. */
    void close(ConnectionKey connection, CloseReason reason);

    /** A message ready to go out. */
    interface OutgoingMessage {
        /** Delivers it as entry {@code inboxSeq} of the receiver's inbox; the acknowledgement names that number. */
        void pushTo(ConnectionKey connection, long inboxSeq);
    }
}
