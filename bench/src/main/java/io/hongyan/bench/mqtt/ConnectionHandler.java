package io.hongyan.bench.mqtt;

/** Gets the events of one connection; called on its loop's thread, never concurrently. */
public interface ConnectionHandler {
    /** CONNACK 0 has come. */
    void connected(ClientConnection connection, boolean sessionPresent);

    /** SUBACK has come; code 0 or 1 is the granted QoS, 0x80 a refusal. */
    void subscribed(ClientConnection connection, int packetId, int code);

    /** A PUBLISH has come; the handler acknowledges QoS 1 by {@link ClientConnection#pubAck} at any time. */
    void received(ClientConnection connection, IncomingPublish publish);

    /** PUBACK has come. */
    void acknowledged(ClientConnection connection, int packetId);

    /** {@link ClientConnection#writable} was false and is true again. */
    void writable(ClientConnection connection);

    /** The connection is over; the last call. */
    void closed(ClientConnection connection, ConnectionEnd end);
}
