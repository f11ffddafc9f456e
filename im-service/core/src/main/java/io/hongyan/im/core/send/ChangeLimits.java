package io.hongyan.im.core.send;

import io.hongyan.settings.Defaults;
import io.hongyan.settings.Setting;

/** Bounds of changes of messages. Times are by the server's clock. */
public record ChangeLimits(
        @Setting(
                value = "How long users may recall their own messages; owners and admins of a group may always.",
                defaultValue = "120",
                unit = "seconds",
                min = 0,
                max = 31_536_000)
        int recallSecondsMax,

        @Setting(
                value = "How long users may edit their own messages.",
                defaultValue = "172_800",
                unit = "seconds",
                min = 0,
                max = 31_536_000)
        int editSecondsMax,

        @Setting(value = "Edits of one message.", defaultValue = "100", min = 1, max = 10_000)
        int editsMax,

        @Setting(value = "Different reactions to one message.", defaultValue = "20", min = 1, max = 100)
        int reactionEmojiMax,

        @Setting(value = "Pinned messages of one conversation.", defaultValue = "100", min = 1, max = 1_000)
        int pinsMax) {
    public static final ChangeLimits DEFAULT = Defaults.of(ChangeLimits.class);
}
