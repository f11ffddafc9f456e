package io.hongyan.im.app.config;

/** What may be sent. */
public record MessageSettings(
        @Setting(value = "Content of one message.", unit = "bytes", min = 1, max = 16 << 20)
        int contentBytesMax) {
    static final MessageSettings DEFAULT = new MessageSettings(64 << 10);
}
