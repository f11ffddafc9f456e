package io.hongyan.im.app.config;

/** Answers to {@code im/call}, and read marks. */
public record CallSettings(
        @Setting(value = "Largest `limit` of a call.", min = 1, max = 10_000)
        int pageMax,

        @Setting(value = "`limit` where the client gives none.", min = 1, max = 10_000)
        int pageDefault,

        @Setting(value = "Content in one answer; one item is always given.", unit = "bytes", min = 1024)
        int pageBytesMax,

        @Setting(value = "Delivered and read marks that may wait in memory to be written.", min = 1)
        int marksMax) {
    static final CallSettings DEFAULT = new CallSettings(500, 100, 256 << 10, 200_000);
}
