package io.hongyan.im.app.config;

import io.hongyan.im.core.session.Platform;
import io.hongyan.protocol.ClientId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Where clients may report to with {@code im/report/NAME}. */
public record ReportSettings(Map<String, Destination> destinations) {
    static final ReportSettings DEFAULT = new ReportSettings(Map.of());

    /** One destination. */
    public record Destination(
            @Setting("Platforms whose clients may, as a list; empty = all.")
            List<String> platforms,

            @Setting(value = "Largest report.", unit = "bytes", min = 1, max = 16 << 20)
            int bytesMax,

            @Setting(value = "Reports of one user in one second; 0 = any number.", max = 1_000_000)
            int perSecondMax,

            @Setting("RocketMQ topic that reports are sent to; `feed` = that of the feed.")
            String topic) {
        /** Where nothing is said. */
        public static final Destination DEFAULT = new Destination(List.of(), 64 << 10, 50, "feed");

        public Destination {
            platforms = List.copyOf(platforms);
        }
    }

    /** What is wrong with them, one sentence each. */
    List<String> faults(boolean feedEnabled) {
        List<String> faults = new ArrayList<>();
        if (!feedEnabled && !destinations.isEmpty()) {
            faults.add("reports.destinations needs feed.enabled: true, reports travel by the feed");
        }
        destinations.forEach((name, destination) -> {
            if (!ClientId.isName(name)) {
                faults.add("the name " + name + " below reports.destinations takes 1-64 letters, digits and _ . @ -");
            }
            destination.platforms.stream()
                    .filter(platform -> Platform.ofWireName(platform).isEmpty())
                    .forEach(platform -> faults.add(
                            "reports.destinations." + name + ".platforms: there is no platform " + platform));
        });
        return faults;
    }
}
