package io.hongyan.broker.server;

/**
 * Every property of MQTT 5.0 (table 2-4): how its value is encoded, which values are valid, and which packets of a
 * client may have it. All but user properties may occur once.
 */
enum PropertyRule {
    PAYLOAD_FORMAT(PropertyIds.PAYLOAD_FORMAT, Type.FLAG, Place.PUBLISH | Place.WILL),
    MESSAGE_EXPIRY(PropertyIds.MESSAGE_EXPIRY, Type.FOUR_BYTES, Place.PUBLISH | Place.WILL),
    CONTENT_TYPE(PropertyIds.CONTENT_TYPE, Type.TEXT, Place.PUBLISH | Place.WILL),
    RESPONSE_TOPIC(PropertyIds.RESPONSE_TOPIC, Type.TOPIC, Place.PUBLISH | Place.WILL),
    CORRELATION_DATA(PropertyIds.CORRELATION_DATA, Type.BINARY, Place.PUBLISH | Place.WILL),
    SUBSCRIPTION_IDENTIFIER(PropertyIds.SUBSCRIPTION_IDENTIFIER, Type.VARIABLE_NOT_ZERO, Place.SUBSCRIBE),
    SESSION_EXPIRY_INTERVAL(PropertyIds.SESSION_EXPIRY_INTERVAL, Type.FOUR_BYTES, Place.CONNECT | Place.DISCONNECT),
    ASSIGNED_CLIENT_ID(PropertyIds.ASSIGNED_CLIENT_ID, Type.TEXT, Place.NONE),
    SERVER_KEEP_ALIVE(PropertyIds.SERVER_KEEP_ALIVE, Type.TWO_BYTES, Place.NONE),
    AUTHENTICATION_METHOD(PropertyIds.AUTHENTICATION_METHOD, Type.TEXT, Place.CONNECT | Place.AUTH),
    AUTHENTICATION_DATA(PropertyIds.AUTHENTICATION_DATA, Type.BINARY, Place.CONNECT | Place.AUTH),
    REQUEST_PROBLEM_INFORMATION(PropertyIds.REQUEST_PROBLEM_INFORMATION, Type.FLAG, Place.CONNECT),
    WILL_DELAY_INTERVAL(PropertyIds.WILL_DELAY_INTERVAL, Type.FOUR_BYTES, Place.WILL),
    REQUEST_RESPONSE_INFORMATION(PropertyIds.REQUEST_RESPONSE_INFORMATION, Type.FLAG, Place.CONNECT),
    RESPONSE_INFORMATION(PropertyIds.RESPONSE_INFORMATION, Type.TEXT, Place.NONE),
    SERVER_REFERENCE(PropertyIds.SERVER_REFERENCE, Type.TEXT, Place.NONE),
    REASON_STRING(PropertyIds.REASON_STRING, Type.TEXT, Place.ACKNOWLEDGEMENT | Place.DISCONNECT | Place.AUTH),
    RECEIVE_MAXIMUM(PropertyIds.RECEIVE_MAXIMUM, Type.TWO_BYTES_NOT_ZERO, Place.CONNECT),
    TOPIC_ALIAS_MAXIMUM(PropertyIds.TOPIC_ALIAS_MAXIMUM, Type.TWO_BYTES, Place.CONNECT),
    TOPIC_ALIAS(PropertyIds.TOPIC_ALIAS, Type.TWO_BYTES, Place.PUBLISH),
    MAXIMUM_QOS(PropertyIds.MAXIMUM_QOS, Type.FLAG, Place.NONE),
    RETAIN_AVAILABLE(PropertyIds.RETAIN_AVAILABLE, Type.FLAG, Place.NONE),
    USER_PROPERTY(PropertyIds.USER_PROPERTY, Type.TEXT_PAIR, Place.ALL),
    MAXIMUM_PACKET_SIZE(PropertyIds.MAXIMUM_PACKET_SIZE, Type.FOUR_BYTES_NOT_ZERO, Place.CONNECT),
    WILDCARDS_AVAILABLE(PropertyIds.WILDCARDS_AVAILABLE, Type.FLAG, Place.NONE),
    SUBSCRIPTION_IDS_AVAILABLE(PropertyIds.SUBSCRIPTION_IDS_AVAILABLE, Type.FLAG, Place.NONE),
    SHARED_AVAILABLE(PropertyIds.SHARED_AVAILABLE, Type.FLAG, Place.NONE);

    private static final PropertyRule[] BY_ID = new PropertyRule[PropertyIds.SHARED_AVAILABLE + 1];

    static {
        for (PropertyRule rule : values()) {
            BY_ID[rule.id] = rule;
        }
    }

    final int id;
    final Type type;
    /** The {@link Place}s in a client's packets where it is allowed. */
    final int places;

    PropertyRule(int id, Type type, int places) {
        this.id = id;
        this.type = type;
        this.places = places;
    }

    /** Null if there is no such property. */
    static PropertyRule of(int id) {
        return id < BY_ID.length ? BY_ID[id] : null;
    }

    boolean repeatable() {
        return this == USER_PROPERTY;
    }

    boolean allowedIn(int place) {
        return (places & place) != 0;
    }

    /** How a value is encoded, and which values are not allowed. */
    enum Type {
        /** One byte, 0 or 1. */
        FLAG,
        TWO_BYTES,
        TWO_BYTES_NOT_ZERO,
        FOUR_BYTES,
        FOUR_BYTES_NOT_ZERO,
        VARIABLE_NOT_ZERO,
        TEXT,
        /** A text that is a topic name: not empty, no wildcards. */
        TOPIC,
        BINARY,
        TEXT_PAIR
    }

    /** The places of properties, as bits. */
    static final class Place {
        static final int NONE = 0;
        static final int CONNECT = 1;
        static final int WILL = 2;
        static final int PUBLISH = 4;
        /** PUBACK, PUBREC, PUBREL, PUBCOMP. */
        static final int ACKNOWLEDGEMENT = 8;

        static final int SUBSCRIBE = 16;
        static final int UNSUBSCRIBE = 32;
        static final int DISCONNECT = 64;
        static final int AUTH = 128;
        static final int ALL = 255;

        private Place() {}
    }
}
