package io.hongyan.im.core.receipt;

import io.hongyan.metrics.Counter;

/** What receipts count; the names are those of the metrics page. */
public enum ReceiptCounter implements Counter {
    MARKS_WRITTEN("messaging_marks_written_total", "Delivered and read marks stored"),
    MARKS_DROPPED("messaging_marks_dropped_total", "Marks dropped: too many waited"),
    RECEIPTS_SENT("messaging_receipts_sent_total", "Receipts sent to senders");

    private final String metric;
    private final String help;

    ReceiptCounter(String metric, String help) {
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
