package io.hongyan.im.app.config;

/** MQTT outside messaging. */
public record GenericSettings(
        @Setting(value = "Commands that wait for a session thread.", min = 16)
        int commandsMax,

        @Setting(value = "CONNECTs under way per event loop.", min = 1)
        int connectsMax,

        @Setting("Sessions kept for absent clients.") int keptSessionsMax) {
    static final GenericSettings DEFAULT = new GenericSettings(65_536, 256, 100_000);
}
