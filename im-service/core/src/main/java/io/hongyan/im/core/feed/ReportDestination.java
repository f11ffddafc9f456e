package io.hongyan.im.core.feed;

import io.hongyan.settings.Setting;
import java.util.List;

/** Something of the business line that clients may report to. */
public record ReportDestination(
        @Setting(value = "Platforms whose clients may report, as a list; empty = all.", defaultValue = "")
        List<String> platforms,

        @Setting(value = "Largest report.", defaultValue = "65_536", unit = "bytes", min = 1, max = 16 << 20)
        int bytesMax,

        @Setting(value = "Reports of one user in one second; 0 = no limit.", defaultValue = "50", max = 1_000_000)
        int perSecondMax) {
    public ReportDestination {
        platforms = List.copyOf(platforms);
    }
}
