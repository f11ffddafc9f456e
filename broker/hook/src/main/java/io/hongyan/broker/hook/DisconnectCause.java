package io.hongyan.broker.hook;

/**
 * Why a connection ends: the MQTT 5 DISCONNECT reason if the server ends it. For MQTT 3.1.1 clients the connection is
 * only closed.
 */
public enum DisconnectCause {
    /** The client sent DISCONNECT. */
    CLIENT_DISCONNECTED(0x00),
    /** The network connection ended without DISCONNECT. */
    CONNECTION_LOST(0x00),
    /**
     * The link between gate and node ended. The client may still be connected to the gate, and the gate may ask another
     * node about it.
     */
    GATE_LOST(0x00),
    /** The node ends it after a request of the client, for example a logout. */
    NORMAL(0x00),
    UNSPECIFIED_ERROR(0x80),
    MALFORMED_PACKET(0x81),
    PROTOCOL_ERROR(0x82),
    IMPLEMENTATION_SPECIFIC_ERROR(0x83),
    NOT_AUTHORIZED(0x87),
    SERVER_BUSY(0x89),
    SERVER_SHUTTING_DOWN(0x8B),
    KEEP_ALIVE_TIMEOUT(0x8D),
    /** Another connection with the same client id, or a newer login that displaces this one. */
    SESSION_TAKEN_OVER(0x8E),
    TOPIC_NAME_INVALID(0x90),
    RECEIVE_MAXIMUM_EXCEEDED(0x93),
    TOPIC_ALIAS_INVALID(0x94),
    PACKET_TOO_LARGE(0x95),
    MESSAGE_RATE_TOO_HIGH(0x96),
    QUOTA_EXCEEDED(0x97),
    ADMINISTRATIVE_ACTION(0x98),
    PAYLOAD_FORMAT_INVALID(0x99),
    QOS_NOT_SUPPORTED(0x9B),
    USE_ANOTHER_SERVER(0x9C),
    /** The token or certificate of its login has expired. */
    MAXIMUM_CONNECT_TIME(0xA0),
    /** The client did not acknowledge a delivery in time. */
    ACKNOWLEDGEMENT_TIMEOUT(0x83);

    private final int reasonCode;

    DisconnectCause(int reasonCode) {
        this.reasonCode = reasonCode;
    }

    /** MQTT 5.0, table 3-10. */
    public int reasonCode() {
        return reasonCode;
    }
}
