package io.hongyan.im.core.inbox;

import io.hongyan.im.core.message.Conversation;

/** The streams of one connection as its sends see them: what it has sent itself is not pushed to it. Any thread. */
public interface SendStreams {
    /** The connection has handed in a message. */
    void sendSubmitted();

    /** One of the messages handed in has its outcome, and was announced if it was stored. */
    void sendAnswered();

    /** The connection has sent again what was stored before, as entry {@code inboxSeq}. */
    void sentAgain(long inboxSeq);

    /**
     * The connection has sent this message to a large group; to be called before {@link #sendAnswered}. Its entry is not
     * pushed, also where the stream of the group begins later.
     */
    void sentByStream(Conversation conversation, long seq);
}
