package io.hongyan.broker.server;

import io.hongyan.broker.hook.DisconnectCause;

/**
 * What is wrong with a packet of a client.
 *
 * @param cause how the connection ends; its code is that of CONNACK too
 * @param text one sentence for the reason string of MQTT 5
 */
record PacketFault(DisconnectCause cause, String text) {
    static final PacketFault TOO_SHORT = malformed("The packet is shorter than a length in it says");
    static final PacketFault TOO_LONG = malformed("The packet is longer than its contents");
    static final PacketFault LENGTH = malformed("A length is not encoded as the standard says");
    static final PacketFault TEXT = malformed("A text is not well-formed UTF-8 or holds U+0000");
    static final PacketFault PACKET_ID = malformed("The packet id must not be 0");
    static final PacketFault FLAGS = malformed("The flags of the fixed header are wrong for this packet");
    static final PacketFault NOT_EMPTY = malformed("This packet has no body");
    static final PacketFault CONNECT_FLAGS = malformed("The flags of CONNECT contradict each other");
    static final PacketFault PROTOCOL_NAME = malformed("The protocol name is not MQTT");
    static final PacketFault OPTIONS = malformed("Reserved bits of the subscription options are set");
    static final PacketFault UNEXPECTED = protocolError("This packet is not allowed here");
    static final PacketFault REASON_CODE = protocolError("This packet must not have that reason code");
    static final PacketFault NO_FILTERS = protocolError("The packet has no filter, or an empty one");
    static final PacketFault QOS = protocolError("The quality of service or retain handling is not a valid value");
    static final PacketFault SHARED_NO_LOCAL = protocolError("A shared subscription must not have the option No Local");
    static final PacketFault NO_METHOD = protocolError("Authentication data needs a method");
    static final PacketFault TOPIC_ALIAS =
            new PacketFault(DisconnectCause.TOPIC_ALIAS_INVALID, "The server accepts no topic aliases");
    static final PacketFault PAYLOAD_FORMAT = new PacketFault(
            DisconnectCause.PAYLOAD_FORMAT_INVALID,
            "The payload is not UTF-8 text, although its" + " format indicator says so");

    /** A protocol version before MQTT 3.1.1 or after 5. */
    static final PacketFault VERSION = protocolError("The server supports MQTT 3.1.1 and 5");

    static PacketFault malformed(String text) {
        return new PacketFault(DisconnectCause.MALFORMED_PACKET, text);
    }

    static PacketFault protocolError(String text) {
        return new PacketFault(DisconnectCause.PROTOCOL_ERROR, text);
    }

    GateCounter counter() {
        return switch (cause) {
            case MALFORMED_PACKET -> GateCounter.PACKETS_MALFORMED;
            case TOPIC_ALIAS_INVALID -> GateCounter.TOPIC_ALIASES_REFUSED;
            case PAYLOAD_FORMAT_INVALID -> GateCounter.PAYLOADS_INVALID;
            default -> GateCounter.PROTOCOL_ERRORS;
        };
    }
}
