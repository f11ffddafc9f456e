package io.hongyan.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hongyan.bench.time.SystemTime;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The measurements on a cluster of processes, short, while many notices between nodes are lost. */
@Tag("long")
@Timeout(300)
class ClusterCommandTest {
    private static final Path HOME = Path.of("..");

    @Test
    void newestLoginStaysAndNothingIsLostAcrossNodes() throws Exception {
        List<JsonNode> results = Commands.figures(
                "cluster --parts kick,latency,groups --users 10 --logins 10 --lose 0.3 --warm-up 0.5 --seconds 3"
                        + " --pairs 2 --latency-rate 20 --members 5 --json --jvm -Xmx256m --jvm"
                        + " -XX:TieredStopAtLevel=1 --home " + HOME,
                new SystemTime());

        assertThat(results)
                .extracting(result -> result.get("name").asText())
                .containsExactly("cluster_kick", "cluster_latency", "cluster_groups");
        JsonNode kick = results.get(0);
        assertThat(kick.get("wake_ups_lost").asLong()).isPositive();
        assertThat(kick.get("kicks_closed").asLong()).isPositive();
        assertThat(kick.get("users_with_two_connections").asLong()).isZero();
        assertThat(kick.get("users_with_none").asLong()).isZero();
        assertThat(kick.get("redis_commands_per_login").asDouble()).isPositive();
        JsonNode latency = results.get(1);
        assertThat(latency.get("same_e2e_p50_ms").asDouble()).isPositive();
        assertThat(latency.get("across_e2e_p50_ms").asDouble()).isPositive();
        for (String promise : List.of("lost", "out_of_order", "doubled", "inbox_gaps")) {
            assertThat(latency.get("same_" + promise).asLong()).as(promise).isZero();
            assertThat(latency.get("across_" + promise).asLong()).as(promise).isZero();
        }
        JsonNode group = results.get(2);
        for (String promise : List.of("lost", "out_of_order", "doubled")) {
            assertThat(group.get(promise).asLong()).as(promise).isZero();
        }
        assertThat(group.get("redis_publishes_per_message").asDouble()).isPositive();
        assertThat(group.get("link_bytes_to_gates_per_message").asDouble()).isPositive();
        assertThat(group.get("cpu_us_of_mariadb_per_message").isNumber()).isTrue();
    }
}
