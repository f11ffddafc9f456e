package io.hongyan.im.app.config;

/** What is on its way to one device. */
public record DeliverySettings(
        @Setting(
                value = "Unacknowledged inbox entries; the client's Receive Maximum may lower it.",
                min = 1,
                max = 8192)
        int window,

        @Setting(value = "Content of unacknowledged entries; one is always let through.", unit = "bytes", min = 1024)
        int windowBytesMax,

        @Setting(value = "Entries read from the storage at once.", min = 1, max = 10_000)
        int pageEntriesMax,

        @Setting(value = "Content of the same.", unit = "bytes", min = 1024)
        int pageBytesMax,

        @Setting(value = "Reads of one page that may fail before the connection is closed.", min = 1, max = 100)
        int readAttemptsMax) {
    static final DeliverySettings DEFAULT = new DeliverySettings(64, 1 << 20, 256, 256 << 10, 3);
}
