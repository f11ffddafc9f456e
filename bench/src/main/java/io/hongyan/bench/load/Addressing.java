package io.hongyan.bench.load;

import io.hongyan.bench.mqtt.ConnectionSettings;

/** How the i-th pair's two ends connect to a server and reach each other on it. */
public interface Addressing {
    ConnectionSettings sender(int pair);

    ConnectionSettings receiver(int pair);

    /** The uid that the sender's requests name. */
    String receiverUid(int pair);

    /** Where the sender publishes. */
    String sendTopic(int pair);

    /** What the receiver subscribes to. */
    String receiveFilter(int pair);

    /** The topic that messages arrive on; messages on other topics do not belong to the load. */
    String receiveTopic(int pair);

    /** Whether messages arrive as {@code InboxEntry} rather than as they were sent. */
    boolean deliversInboxEntries();

    /** Where the server answers the sender; empty if it has no such topic. */
    String replyTopic(int pair);
}
