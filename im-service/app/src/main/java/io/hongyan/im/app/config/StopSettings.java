package io.hongyan.im.app.config;

import io.hongyan.settings.Setting;

/** How the server stops, and how it is drained before. */
public record StopSettings(
        @Setting(
                value = "Clients that are moved away per second while the gate drains.",
                defaultValue = "200",
                min = 1,
                max = 100_000)
        int clientsPerSecond,

        @Setting(
                value = "Address that MQTT 5 clients are told to use while the gate drains, such as"
                        + " `mqtt2.example.com:1883`, or `off`.",
                defaultValue = "off")
        String serverReference,

        @Setting(
                value = "After what time clients are told to reconnect.",
                defaultValue = "1_000",
                unit = "ms",
                max = 3_600_000)
        int reconnectAfterMillis,

        @Setting(
                value = "Time to store waiting messages when the server stops.",
                defaultValue = "4_000",
                unit = "ms",
                max = 600_000)
        int drainMillisMax) {
    static final String NO_REFERENCE = "off";

    public boolean hasServerReference() {
        return !serverReference.equals(NO_REFERENCE);
    }
}
