package io.hongyan.im.app.config;

/** What business systems are told. */
public record FeedSettings(
        @Setting(
                "Store sessions, receipts, reports and results of pushes for business systems. Messages are in the feed"
                        + " in any case.")
        boolean enabled,

        @Setting("Receipts among them: one event per user and conversation whose mark has moved, each second at most.")
        boolean receipts,

        @Setting(
                value = "Older events that are no messages are forgotten, but not before a sink has them.",
                unit = "days",
                min = 1,
                max = 36_500)
        int eventAgeDaysMax,

        @Setting(value = "Events kept that are no messages, likewise.", min = 1_000, max = Long.MAX_VALUE)
        long eventsMax,

        @Setting(
                value =
                        "Messages stored longer ago are no longer in the feed, but not before a sink has them; 0 = for ever."
                                + " With `storage.engine: mysql`: the embedded database keeps no feed beside its messages.",
                unit = "days",
                max = 36_500)
        int messageAgeDaysMax,

        @Setting(value = "Events that wait to be stored; then logins and reports are refused.", min = 1)
        int waitingMax,

        @Setting(value = "Content of the same.", unit = "bytes", min = 1024, max = Long.MAX_VALUE)
        long waitingBytesMax,

        @Setting(value = "Events of one transaction.", min = 1, max = 100_000)
        int storeEventsMax,

        @Setting(value = "Events read at once for the sink.", min = 16, max = 100_000)
        int pageEventsMax,

        @Setting(value = "Content of the same.", unit = "bytes", min = 1024, max = 1 << 30)
        long pageBytesMax,

        @Setting(value = "Events of one batch to the sink.", min = 1, max = 10_000)
        int batchEventsMax,

        @Setting(value = "Content of the same; one event is always let in.", unit = "bytes", min = 1024, max = 1 << 30)
        long batchBytesMax,

        @Setting(
                value = "How long a partition stands still after its first failure, doubled with each further one.",
                unit = "ms",
                min = 1,
                max = 600_000)
        long pauseMillisMin,

        @Setting(value = "The longest such pause.", unit = "ms", min = 1, max = 3_600_000)
        long pauseMillisMax,

        @Setting(
                value = "For how long this process holds partitions; another one takes them over when it is silent.",
                unit = "ms",
                min = 1_000,
                max = 600_000)
        long leaseMillis,

        @Setting(
                value = "How long a position may wait to be written; after a crash, what was sent since comes again.",
                unit = "ms",
                min = 1,
                max = 60_000)
        long moveMillis) {

    static final FeedSettings DEFAULT = new FeedSettings(
            true,
            true,
            7,
            10_000_000,
            0,
            50_000,
            32L << 20,
            1_000,
            4_096,
            4L << 20,
            512,
            1L << 20,
            100,
            10_000,
            10_000,
            250);
}
