package io.hongyan.im.core.inbox;

import io.hongyan.settings.Defaults;
import io.hongyan.settings.Setting;
import java.time.Duration;

/** What is kept of inboxes; the log of a conversation is kept whole. */
public record InboxLimits(
        @Setting(
                value = "Inbox entries that are older are deleted.",
                defaultValue = "90",
                unit = "days",
                min = 1,
                max = 36_500)
        int ageDaysMax,

        @Setting(value = "Entries kept per inbox.", defaultValue = "100_000", min = 1)
        int entriesMax) {
    public static final InboxLimits DEFAULT = Defaults.of(InboxLimits.class);

    /** After what time an entry is forgotten. */
    public long ageMaxMillis() {
        return Duration.ofDays(ageDaysMax).toMillis();
    }
}
