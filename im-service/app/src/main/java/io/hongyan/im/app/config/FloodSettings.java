package io.hongyan.im.app.config;

/** Limits on hostile or broken clients. */
public record FloodSettings(
        @Setting(value = "Open connections.", min = 1) int connectionsMax,

        @Setting(value = "Open connections from one address.", min = 1)
        int connectionsPerAddressMax,

        @Setting(value = "CONNECTs taken per second.", min = 1)
        int connectsPerSecondMax,

        @Setting(
                value = "Refused CONNECTs of one address within a minute; then its sockets are closed at once.",
                min = 1)
        int refusedPerAddressMinuteMax,

        @Setting("Packets of one connection per second; then its socket is not read for the rest of it. 0 = no limit.")
        int packetsPerSecondMax,

        @Setting(value = "Bytes of one connection per second, likewise.", unit = "bytes")
        int bytesPerSecondMax) {
    static final FloodSettings DEFAULT = new FloodSettings(200_000, 100_000, 10_000, 600, 0, 0);
}
