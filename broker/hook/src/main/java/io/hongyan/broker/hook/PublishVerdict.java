package io.hongyan.broker.hook;

import java.util.List;

/** The answer to a PUBLISH on a claimed topic. */
public sealed interface PublishVerdict {
    /**
     * PUBACK. With a reason code of 0x80 or above MQTT 5 clients see a refusal; MQTT 3.1.1 clients see a plain PUBACK.
     *
     * @param reasonCode PUBACK reason code of MQTT 5, 0 = success
     * @param reason reason string for MQTT 5, null = none
     * @param properties user properties for MQTT 5
     * @param reply a message to the asking connection that is sent in the same flush, null = none; sent only if the
     *     connection holds a filter for its topic
     * @param thenClose end the connection after the acknowledgement has been written
     */
    record Acknowledge(int reasonCode, String reason, List<UserProperty> properties, Reply reply, boolean thenClose)
            implements PublishVerdict {
        private static final Acknowledge PLAIN = new Acknowledge(0, null, List.of(), null, false);

        public Acknowledge {
            properties = List.copyOf(properties);
        }

        public static Acknowledge plain() {
            return PLAIN;
        }
    }

    /** No PUBACK: the connection is closed, and the client will send again. */
    record CloseUnanswered(DisconnectCause cause) implements PublishVerdict {}

    /** A QoS 0 message to the connection that asked. The bytes must not change afterwards. */
    record Reply(String topic, byte[] payload) {}
}
