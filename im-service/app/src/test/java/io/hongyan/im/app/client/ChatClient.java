package io.hongyan.im.app.client;

import java.util.List;

/** A user's client, online and subscribed to its inbox from its making on. */
public interface ChatClient extends AutoCloseable {
    String uid();

    /** Returns when the server has acknowledged it. */
    void send(String id, String to, String text) throws Exception;

    /** What it has been pushed, in order. */
    List<Received> inbox();

    @Override
    void close();

    /** A message of the inbox. */
    record Received(long inboxSeq, String from, String id, String text, long seq) {}
}
