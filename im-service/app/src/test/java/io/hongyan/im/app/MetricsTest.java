package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.broker.server.GateCounter;
import io.hongyan.im.adapter.mqtt.MqttCounter;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class MetricsTest {
    @TempDir
    Path directory;

    @Test
    void theCountersOfEveryPartAreOnThePageAndHaveGoodNames() throws Exception {
        try (RunningServer server = RunningServer.start(directory)) {
            server.awaitReady();
            String page = server.http("GET", "/metrics").body();
            for (GateCounter counter : GateCounter.values()) {
                assertThat(page).contains("\nhongyan_" + counter.metric() + ' ');
            }
            for (MqttCounter counter : MqttCounter.values()) {
                assertThat(page).contains("\nhongyan_" + counter.metric() + ' ');
            }
            assertThat(page)
                    .contains("\nhongyan_messaging_sends_stored_total 0")
                    .contains("\nhongyan_storage_commits_total ")
                    .contains("\nhongyan_sessions_open 0")
                    .contains("\nhongyan_connections_open 0")
                    .contains("\nhongyan_gate_publish_seconds_count 0")
                    .contains("\nhongyan_gate_connect_seconds_count 0")
                    .contains("\nhongyan_messaging_delivery_seconds_count 0")
                    .contains("\nhongyan_storage_commit_seconds_bucket{le=\"+Inf\"} ")
                    .contains("\nhongyan_build_info{commit=\"unknown\",version=\"(development build)\"} 1\n")
                    .contains("\nhongyan_disk_free_bytes ")
                    .contains("\nhongyan_network_memory_bytes ")
                    .contains("\nlogback_events_total{level=\"error\"}")
                    .contains("\nprocess_files_open_files ")
                    .contains("\njvm_memory_used_bytes");
            assertThat(page.lines().filter(line -> line.startsWith("hongyan_")))
                    .allMatch(Pattern.compile("[a-z][a-z0-9_]*([{][^}]+[}])? [0-9.E+-]+")
                            .asMatchPredicate());
        }
    }
}
