package io.hongyan.im.app.config;

/** How the server stops, and is drained before. */
public record StopSettings(
        @Setting(value = "Clients that are moved away per second while the server is drained.", min = 1, max = 100_000)
        int clientsPerSecond,

        @Setting("Where clients of MQTT 5 are told to go then, such as `mqtt2.example.com:1883`, or `off`.")
        String serverReference,

        @Setting(value = "After what time clients are told to come back.", unit = "ms", max = 3_600_000)
        int reconnectAfterMillis,

        @Setting(value = "How long messages in hand may take to be stored.", unit = "ms", max = 600_000)
        int drainMillisMax) {
    static final String NO_REFERENCE = "off";
    static final StopSettings DEFAULT = new StopSettings(200, NO_REFERENCE, 1_000, 4_000);

    public boolean hasServerReference() {
        return !serverReference.equals(NO_REFERENCE);
    }
}
