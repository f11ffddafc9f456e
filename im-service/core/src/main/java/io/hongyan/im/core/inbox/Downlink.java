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

    /** For messages to many receivers: the pushes go out together when it is flushed. */
    Gathering gather();

    void push(EntryStream stream, Entry.OfEvent entry);

    /** @return whether the client takes notices and this one is on its way to it */
    boolean notice(ConnectionKey connection, Notice notice);

    /** Ends the connection after what was sent to it before. */
    void close(ConnectionKey connection, CloseReason reason);

    /** A message ready to go out. */
    interface OutgoingMessage {
        /**
         * Delivers it as entry {@code seq} of the stream, which is to be told of the acknowledgement with {@link
         * EntryStream#acknowledged}.
         */
        void pushTo(EntryStream stream, long seq);
    }

    /** One whose pushes wait for its gathering to be flushed. */
    interface GatheredMessage extends OutgoingMessage {
        Gathering gathering();
    }

    /**
     * Messages whose pushes wait for {@link #flush}: nothing else may be pushed to one of their receivers before that. What
     * a receiver gets of them goes out in the order of the pushes, and together. One thread adds and pushes, any may flush.
     */
    interface Gathering {
        GatheredMessage add(StoredMessage message);

        /** Sends what waits; harmless where nothing does. More may follow. */
        void flush();
    }
}
