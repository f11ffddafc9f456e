package io.hongyan.bench.mqtt;

/** Gets the events of one connection; called on its loop's thread, never concurrently. */
public interface ConnectionHandler {
    /** CONNACK 0 has come. */
    void connected(MqttConnection connection, boolean sessionPresent);

    /** SUBACK has come; code 0 or 1 is the granted QoS, 0x80 a refusal. */
    void subscribed(MqttConnection connection, int packetId, int code);

    /** A PUBLISH has come; the handler acknowledges QoS 1 by {@link MqttConnection#pubAck} at any time. */
    void received(MqttConnection connection, IncomingPublish publish);

    /** PUBACK has come. */
    void acknowledged(MqttConnection connection, int packetId);

    /** {@link MqttConnection#writable} was false and is true again. */
    void writable(MqttConnection connection);

    /** The connection is over; the last call. */
    void closed(MqttConnection connection, ConnectionEnd end);
}
