package io.hongyan.im.app.config;

import io.hongyan.im.core.feed.ReportDestination;
import io.hongyan.im.core.session.Platform;
import io.hongyan.protocol.ClientId;
import io.hongyan.settings.InSection;
import io.hongyan.settings.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The destinations of clients' reports, {@code im/report/NAME}. */
public record ReportSettings(Map<String, Destination> destinations) {

    /** One destination. */
    public record Destination(
            @InSection(".") ReportDestination reports,

            @Setting(value = "RocketMQ topic for the reports; `feed` = the topic of the feed.", defaultValue = "feed")
            String topic) {}

    /** What is wrong with them, one sentence each. */
    List<String> faults(boolean feedEnabled) {
        List<String> faults = new ArrayList<>();
        if (!feedEnabled && !destinations.isEmpty()) {
            faults.add("reports.destinations needs feed.enabled: true, because reports are part of the feed");
        }
        destinations.forEach((name, destination) -> {
            if (!ClientId.isName(name)) {
                faults.add("the name " + name + " below reports.destinations takes 1-64 letters, digits and _ . @ -");
            }
            destination.reports.platforms().stream()
                    .filter(platform -> Platform.ofWireName(platform).isEmpty())
                    .forEach(platform -> faults.add(
                            "reports.destinations." + name + ".platforms: there is no platform " + platform));
        });
        return faults;
    }
}
