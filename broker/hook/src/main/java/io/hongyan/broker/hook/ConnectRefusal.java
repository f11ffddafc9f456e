package io.hongyan.broker.hook;

/** Why a CONNECT is refused: the CONNACK code of MQTT 5 and that of MQTT 3.1.1. */
public enum ConnectRefusal {
    /** The client as it is cannot be served: a rule of the node that neither version of MQTT has a code for. */
    CLIENT_NOT_SUPPORTED(0x83, 5),
    CLIENT_IDENTIFIER_NOT_VALID(0x85, 2),
    BAD_USER_NAME_OR_PASSWORD(0x86, 4),
    NOT_AUTHORIZED(0x87, 5),
    SERVER_UNAVAILABLE(0x88, 3),
    BANNED(0x8A, 5),
    BAD_AUTHENTICATION_METHOD(0x8C, 5),
    QUOTA_EXCEEDED(0x97, 3),
    /** The gate is draining. MQTT 3.1.1 has no code for this except "server unavailable". */
    USE_ANOTHER_SERVER(0x9C, 3),
    CONNECTION_RATE_EXCEEDED(0x9F, 3);

    private final int reasonCode;
    private final int returnCode;

    ConnectRefusal(int reasonCode, int returnCode) {
        this.reasonCode = reasonCode;
        this.returnCode = returnCode;
    }

    /** MQTT 5.0, table 3-1. */
    public int reasonCode() {
        return reasonCode;
    }

    /** MQTT 3.1.1, table 3.1. */
    public int returnCode() {
        return returnCode;
    }
}
