package io.hongyan.im.app.config;

/** The writer of messages. */
public record LaneSettings(
        @Setting(value = "Messages that wait to be stored.", min = 1)
        int waitingMax,

        @Setting(value = "Content of waiting messages.", unit = "bytes", min = 1024, max = Long.MAX_VALUE)
        long waitingBytesMax,

        @Setting(value = "Inbox rows of one transaction.", min = 2, max = 1_000_000)
        int batchRowsMax,

        @Setting(
                value = "Content of one transaction; one message is always let in.",
                unit = "bytes",
                min = 1024,
                max = Long.MAX_VALUE)
        long batchBytesMax,

        @Setting(value = "How often a transaction is tried before its messages are given up.", min = 1, max = 100)
        int attemptsMax,

        @Setting(value = "Pause before the second attempt, doubled before each further one.", unit = "ms", max = 60_000)
        long retryPauseMillis) {
    static final LaneSettings DEFAULT = new LaneSettings(100_000, 64L << 20, 2_000, 4L << 20, 5, 100);
}
