package io.hongyan.im.core.inbox;

import io.hongyan.metrics.Counter;

/** What the way of messages from inboxes to devices counts; the names are those of the metrics page. */
public enum DeliveryCounter implements Counter {
    ENTRIES_PUSHED("messaging_entries_pushed_total", "Inbox entries sent to devices"),
    GROUP_ENTRIES_PUSHED("messaging_group_entries_pushed_total", "Entries of large groups sent to devices"),
    GROUP_PAGES_READ("messaging_group_pages_read_total", "Pages of large groups read for devices that were behind"),
    GROUP_STREAMS_LEFT_OUT(
            "messaging_group_streams_left_out_total",
            "Large groups that a device was sent no stream of, since groups.streams_max others came first"),
    GROUP_CURSORS_WRITTEN("messaging_group_cursors_written_total", "Positions of devices in large groups stored"),
    ENTRIES_ACKNOWLEDGED("messaging_entries_acknowledged_total", "Messages that devices have acknowledged"),
    INBOX_PAGES_READ("messaging_inbox_pages_read_total", "Pages of inboxes read for devices that were behind"),
    INBOX_READS_FAILED("messaging_inbox_reads_failed_total", "Reads of inboxes and groups' logs that failed"),
    CURSORS_WRITTEN("messaging_cursors_written_total", "Positions of devices in inboxes stored"),
    ENTRIES_TRIMMED("messaging_entries_trimmed_total", "Inbox entries removed: too old or too many"),
    HEAD_COMPARISONS(
            "messaging_head_comparisons_total",
            "Comparisons of all streams with the storage, after node notices were lost"),
    STREAMS_BEHIND("messaging_streams_behind_total", "Streams that a comparison with the storage found behind");

    private final String metric;
    private final String help;

    DeliveryCounter(String metric, String help) {
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
