package io.hongyan.broker.server;

import io.hongyan.broker.hook.ConnectRequest;
import io.hongyan.broker.server.PropertyRule.Type;
import io.netty.handler.codec.mqtt.MqttProperties;
import java.util.Locale;

/**
 * Reads the properties of a packet of MQTT 5 (section 2.2.2) and checks them against the table in {@link PropertyRule}.
 * Creates objects only on request: those of most packets are only checked.
 */
final class PropertyReader {
    private static final int MESSAGE = PropertyRule.Place.PUBLISH | PropertyRule.Place.WILL;
    /** What a client may tell the node of itself; a packet may hold thousands. */
    private static final int PAIRS_OF_CONNECT_MAX = ConnectRequest.PROPERTIES_MAX;

    /**
     * @param place one of {@link PropertyRule.Place}
     * @param into gets the properties, but user properties only of a message, and the first ones of CONNECT; null if nobody
     *     needs them
     * @return whether they say that the payload is text
     */
    static boolean read(Frame frame, int place, MqttProperties into) {
        int end = frame.narrow(frame.variable());
        long seen = 0;
        boolean text = false;
        int pairs = (place & MESSAGE) != 0
                ? Integer.MAX_VALUE
                : place == PropertyRule.Place.CONNECT ? PAIRS_OF_CONNECT_MAX : 0;
        while (frame.left() > 0) {
            int id = frame.u8();
            PropertyRule rule = PropertyRule.of(id);
            if (rule == null || !rule.allowedIn(place)) {
                frame.fail(notAllowed(rule, id));
                return false;
            }
            if ((seen & 1L << id) != 0 && !rule.repeatable()) {
                frame.fail(PacketFault.protocolError("The property " + name(rule) + " occurs twice"));
                return false;
            }
            seen |= 1L << id;
            int value = value(frame, rule, rule.repeatable() && --pairs < 0 ? null : into);
            text |= rule == PropertyRule.PAYLOAD_FORMAT && value == 1;
        }
        frame.widen(end);
        frame.require(
                (seen & 1L << PropertyIds.AUTHENTICATION_DATA) == 0
                        || (seen & 1L << PropertyIds.AUTHENTICATION_METHOD) != 0,
                PacketFault.NO_METHOD);
        return text;
    }

    /** The value if it is a number, otherwise 0. */
    private static int value(Frame frame, PropertyRule rule, MqttProperties into) {
        return switch (rule.type) {
            case FLAG, TWO_BYTES, TWO_BYTES_NOT_ZERO, FOUR_BYTES, FOUR_BYTES_NOT_ZERO, VARIABLE_NOT_ZERO ->
                number(frame, rule, into);
            case TEXT, TOPIC -> text(frame, rule, into);
            case BINARY -> {
                if (into == null) {
                    frame.skip(frame.u16());
                } else {
                    into.add(new MqttProperties.BinaryProperty(rule.id, frame.binary()));
                }
                yield 0;
            }
            case TEXT_PAIR -> {
                if (into == null) {
                    frame.skipText();
                    frame.skipText();
                } else {
                    into.add(new MqttProperties.UserProperty(frame.text(), frame.text()));
                }
                yield 0;
            }
        };
    }

    private static int number(Frame frame, PropertyRule rule, MqttProperties into) {
        int value = switch (rule.type) {
            case FLAG -> frame.u8();
            case TWO_BYTES, TWO_BYTES_NOT_ZERO -> frame.u16();
            case FOUR_BYTES, FOUR_BYTES_NOT_ZERO -> frame.u32();
            default -> frame.variable();
        };
        boolean valid = switch (rule.type) {
            case FLAG -> value <= 1;
            case TWO_BYTES_NOT_ZERO, FOUR_BYTES_NOT_ZERO, VARIABLE_NOT_ZERO -> value != 0;
            default -> true;
        };
        if (rule == PropertyRule.TOPIC_ALIAS) {
            frame.fail(PacketFault.TOPIC_ALIAS);
        } else if (!valid && !frame.failed()) {
            frame.fail(PacketFault.protocolError("The property " + name(rule) + " must not have that value"));
        }
        if (into != null) {
            into.add(new MqttProperties.IntegerProperty(rule.id, value));
        }
        return value;
    }

    private static int text(Frame frame, PropertyRule rule, MqttProperties into) {
        if (into == null && rule.type == Type.TEXT) {
            frame.skipText();
            return 0;
        }
        String text = frame.text();
        if (rule.type == Type.TOPIC && !frame.failed() && !TopicNames.wellFormedTopic(text)) {
            frame.fail(PacketFault.protocolError("The property " + name(rule) + " is not a topic name"));
        }
        if (into != null) {
            into.add(new MqttProperties.StringProperty(rule.id, text));
        }
        return 0;
    }

    private static PacketFault notAllowed(PropertyRule rule, int id) {
        return PacketFault.malformed(
                rule == null
                        ? "There is no property " + id
                        : "The property " + name(rule) + " is not allowed in this packet");
    }

    private static String name(PropertyRule rule) {
        return rule.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private PropertyReader() {}
}
