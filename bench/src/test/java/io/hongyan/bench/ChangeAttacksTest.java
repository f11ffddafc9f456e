package io.hongyan.bench;

import static org.awaitility.Awaitility.await;

import io.hongyan.bench.hostile.Crowd;
import io.hongyan.bench.hostile.Target;
import io.hongyan.bench.server.ApiClient;
import io.hongyan.bench.server.HongyanLauncher;
import io.hongyan.bench.server.HongyanServer;
import io.hongyan.bench.time.BenchTime;
import io.hongyan.bench.time.SystemTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The attacks that change messages get as far as the changes, and are refused for what is wrong with them. */
@Tag("long")
@Timeout(240)
final class ChangeAttacksTest {
    private static final List<String> DONE = List.of("recall", "edit", "react", "pin");
    private static final List<String> REFUSED =
            List.of("malformed", "unknown_message", "not_allowed", "limit_reached", "other");

    private final BenchTime time = new SystemTime();

    @TempDir
    private Path directory;

    @Test
    @SuppressWarnings("try")
    void everyKindOfChangeIsMadeAndRefused() {
        HongyanLauncher launcher = new HongyanLauncher(Path.of(".."), List.of("-Xmx512m"), time);
        try (HongyanServer server = launcher.start(directory, directory.resolve("data"));
                Crowd crowd = Crowd.start(
                        List.of("recalls", "reactions", "bad-changes"), over -> target(server, over), time)) {
            ApiClient api = server.api();
            await().atMost(Duration.ofSeconds(200))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> missing(api), List::isEmpty);
        }
    }

    private static Target target(HongyanServer server, BooleanSupplier over) {
        return new Target(server.mqtt(), server.mqtt(), server.mqtt(), server.http(), "h", server::token, over);
    }

    /** What was not counted yet. */
    private static List<String> missing(ApiClient api) {
        List<String> missing = new ArrayList<>();
        for (String kind : DONE) {
            if (api.metric("message_changes_total\\{kind=\"" + kind + "\"\\}") == 0) {
                missing.add(kind);
            }
        }
        for (String reason : REFUSED) {
            if (api.metric("message_changes_refused_total\\{reason=\"" + reason + "\"\\}") == 0) {
                missing.add("refused as " + reason);
            }
        }
        return missing;
    }
}
