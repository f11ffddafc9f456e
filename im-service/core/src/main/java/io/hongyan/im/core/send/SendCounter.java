package io.hongyan.im.core.send;

import io.hongyan.metrics.Counter;

/** What the way of messages into the log and to inboxes counts; the names are those of the metrics page. */
public enum SendCounter implements Counter {
    SENDS_STORED("messaging_sends_stored_total", "Messages stored and answered"),
    SENDS_REPEATED("messaging_sends_repeated_total", "Resends that got the first answer"),
    SENDS_REFUSED("messaging_sends_refused_total", "Messages refused: not well formed, too large, not allowed"),
    SENDS_FAILED(
            "messaging_sends_failed_total",
            "Messages not stored: the storage failed, or too much of the sender waited"),
    SENDS_OVER_SHARE(
            "messaging_sends_over_share_total", "Messages not stored: too much of the same sender waited to be stored"),
    SENDS_UNSTORABLE("messaging_sends_unstorable_total", "Messages that cannot be stored, however often it is tried"),
    SENDS_LEFT("messaging_sends_left_total", "Messages not stored: requested before a process stall of the node"),
    APPEND_BATCHES("messaging_append_batches_total", "Transactions of the lane"),
    APPEND_RETRIES("messaging_append_retries_total", "Transactions of the lane that were tried again"),
    APPENDS_HALVED("messaging_appends_halved_total", "Batches that were halved to find what cannot be stored"),
    GROUP_ENTRIES_INLINE(
            "messaging_group_entries_inline_total", "Messages to groups whose inbox rows were stored with them"),
    GROUP_ENTRIES_BY_MARKER(
            "messaging_group_entries_by_marker_total", "Messages to groups whose inbox rows were written by marker"),
    GROUP_ENTRIES_BY_STREAM("messaging_group_entries_by_stream_total", "Messages to large groups"),
    FAN_OUT_STEPS("messaging_fan_out_steps_total", "Transactions of the fan-out by marker"),
    FAN_OUT_STEPS_FAILED(
            "messaging_fan_out_steps_failed_total", "Transactions of the fan-out that failed and are tried again"),
    FAN_OUT_ENTRIES("messaging_fan_out_entries_total", "Messages to groups that the fan-out completed"),
    FAN_OUT_ROWS("messaging_fan_out_rows_total", "Inbox rows that the fan-out wrote"),
    ANSWERS_HELD("messaging_answers_held_total", "Answers to senders that waited for the fan-out"),
    SENDS_SHED(
            "messaging_sends_shed_total",
            "Messages to groups refused: too many of the group or the sender wait for the fan-out"),
    SENDS_NOTED(
            "messaging_sends_noted_total",
            "Changes of messages without an entry: nothing to do, or a reaction in a large group");

    private final String metric;
    private final String help;

    SendCounter(String metric, String help) {
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
