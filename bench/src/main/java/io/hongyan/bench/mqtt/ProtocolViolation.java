package io.hongyan.bench.mqtt;

/** The server sent bytes that are not MQTT 3.1.1, or a packet above this client's limits. */
public final class ProtocolViolation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ProtocolViolation(String message) {
        super(message);
    }
}
