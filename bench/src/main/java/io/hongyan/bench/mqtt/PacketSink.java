package io.hongyan.bench.mqtt;

/** Gets the packets that {@link PacketDecoder} finds, in order. */
interface PacketSink {
    void connAck(boolean sessionPresent, int code);

    void publish(IncomingPublish publish);

    void pubAck(int packetId);

    /** A SUBACK; this client sends one filter per SUBSCRIBE, so there is one code. */
    void subAck(int packetId, int code);

    void unsubAck(int packetId);

    void pingResp();

    /** False once a callback has closed the connection: the rest of the bytes is not decoded. */
    boolean wantsMore();
}
