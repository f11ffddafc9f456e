package io.hongyan.broker.hook;

/**
 * A PUBLISH to a claimed topic that waits for an answer.
 *
 * @param connection the connection it came on
 * @param topic as the client wrote it
 * @param payload owned by the receiver of this record from now on
 * @param qos 0 or 1; QoS 2 is refused before the node is asked
 */
public record PublishRequest(ConnectionId connection, String topic, byte[] payload, int qos) {}
