package io.hongyan.im.app.config;

import io.hongyan.settings.Setting;

/** How the server stops, and is drained before. */
public record StopSettings(
        @Setting(
                value = "Clients that are moved away per second while the server is drained.",
                defaultValue = "200",
                min = 1,
                max = 100_000)
        int clientsPerSecond,

        @Setting(
                value = "Where clients of MQTT 5 are told to go then, such as `mqtt2.example.com:1883`, or `off`.",
                defaultValue = "off")
        String serverReference,

        @Setting(
                value = "After what time clients are told to come back.",
                defaultValue = "1_000",
                unit = "ms",
                max = 3_600_000)
        int reconnectAfterMillis,

        @Setting(
                value = "How long messages in hand may take to be stored.",
                defaultValue = "4_000",
                unit = "ms",
                max = 600_000)
        int drainMillisMax) {
    static final String NO_REFERENCE = "off";

    public boolean hasServerReference() {
        return !serverReference.equals(NO_REFERENCE);
    }
}
