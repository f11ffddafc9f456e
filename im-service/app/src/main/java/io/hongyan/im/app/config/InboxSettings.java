package io.hongyan.im.app.config;

/** What is kept of inboxes; the log of a conversation is kept whole. */
public record InboxSettings(
        @Setting(value = "Older entries are forgotten.", unit = "days", min = 1, max = 36_500)
        int ageDaysMax,

        @Setting(value = "Entries kept per inbox.", min = 1) int entriesMax) {
    static final InboxSettings DEFAULT = new InboxSettings(90, 100_000);
}
