package io.hongyan.im.core.feed;

import io.hongyan.metrics.Counter;

/** What the feed counts; the names are those of the metrics page. */
public enum FeedCounter implements Counter {
    EVENTS_STORED("feed_events_stored_total", "Events stored for the feed"),
    EVENTS_REFUSED("feed_events_refused_total", "Events of the feed refused: too many wait"),
    EVENTS_FAILED("feed_events_failed_total", "Events of the feed not stored: the storage failed"),
    EVENTS_TRIMMED("feed_events_trimmed_total", "Events of the feed removed as too old"),
    MESSAGES_TRIMMED("feed_messages_trimmed_total", "Messages of the feed removed as too old"),
    APPEND_BATCHES("feed_append_batches_total", "Transactions that stored events"),
    APPEND_RETRIES("feed_append_retries_total", "Transactions that stored events and were tried again"),
    REPORTS_TAKEN("feed_reports_taken_total", "Reports of clients taken"),
    REPORTS_REFUSED("feed_reports_refused_total", "Reports of clients refused"),
    EVENTS_SENT("feed_events_sent_total", "Events sent to RocketMQ"),
    BATCHES_SENT("feed_batches_sent_total", "Batches sent to RocketMQ"),
    BATCHES_FAILED("feed_batches_failed_total", "Batches for RocketMQ that failed and are tried again"),
    PARTITIONS_LOST("feed_partitions_lost_total", "Partitions of the feed that another node took over"),
    STORAGE_FAILURES("feed_storage_failures_total", "Reads of the feed that failed");

    private final String metric;
    private final String help;

    FeedCounter(String metric, String help) {
        this.metric = metric;
        this.help = help;
    }

    @Override
    public String metric() {
        return metric;
    }

    @Override
    public String help() {
        return help;
    }
}
