package io.hongyan.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.hongyan.bench.server.HongyanLauncher;
import io.hongyan.bench.server.HongyanServer;
import io.hongyan.bench.time.BenchTime;
import io.hongyan.bench.time.SystemTime;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands, short, against the server that the modules before this one have built. */
@Tag("long")
@Timeout(600)
class HongyanCommandsTest {
    private static final Path HOME = Path.of("..");

    private final BenchTime time = new SystemTime();

    @TempDir
    private Path directory;

    @Test
    void readyStartsTheServerAndTakesTheTime() throws JsonProcessingException {
        JsonNode result =
                Commands.run("ready --times 1 --json --home " + HOME, time).get(0);
        assertThat(result.get("ready_p50_ms").asDouble()).isPositive();
    }

    @Test
    void usersLogInForTheFirstTimeAndAgain() throws JsonProcessingException {
        List<JsonNode> logins = Commands.run(
                "logins --clients 4 --cold 0.5 --warm-up 0 --seconds 0.5 --json --jvm -Xmx256m --engine mariadb --home "
                        + HOME,
                time);
        assertThat(logins)
                .extracting(result -> result.get("users").asText() + " "
                        + result.get("server").asText())
                .containsExactly("new cold", "new warm", "known cold", "known warm");
        assertThat(logins).allMatch(result -> result.get("per_second").asDouble() > 0);
        assertThat(logins).allMatch(result -> result.get("p99_ms").asDouble() > 0);
        assertThat(logins).allMatch(result -> result.get("until").asText().equals("SUBACK"));
        assertThat(logins).allMatch(result -> result.get("statements_per_login").asDouble() > 1);
    }

    @Test
    void aRunningServerIsMeasuredAndLeftRunning() throws JsonProcessingException {
        HongyanLauncher launcher = new HongyanLauncher(HOME, List.of("-Xmx512m"), time);
        try (HongyanServer server = launcher.start(directory, directory.resolve("data"))) {
            JsonNode c2c = run("c2c --pairs 5 --window 2 --replies --warm-up 0.5 --seconds 1", server);
            assertThat(c2c.get("sent").asLong())
                    .isPositive()
                    .isEqualTo(c2c.get("received").asLong());
            assertThat(c2c.get("refused").asLong()).isZero();
            assertThat(c2c.get("inbox_gaps").asLong()).isZero();
            assertThat(c2c.get("server_alloc_bytes_per_message").asDouble()).isPositive();

            JsonNode backlog = run("backlog --users 3 --entries 200", server);
            assertThat(backlog.get("catch_up_entries_per_s").asDouble()).isPositive();
            assertThat(backlog.get("lost").asLong()).isZero();

            JsonNode idle = run("idle --connections 200 --seconds 1 --settle 0", server);
            assertThat(idle.get("heap_bytes").asLong()).isPositive();
            assertThat(idle.get("connections_ended").asLong()).isZero();
            assertThat(idle.get("connects_failed").asLong()).isZero();
            JsonNode groups = run("groups --groups 2 --members 12 --online 4 --warm-up 0.5 --seconds 1", server);
            assertThat(groups.get("received").asLong())
                    .isPositive()
                    .isEqualTo(4 * groups.get("acknowledged").asLong());
            assertThat(groups.get("inbox_rows_per_s").asDouble()).isPositive();
            assertThat(groups.get("last_p99_ms").asDouble()).isPositive();
            pushesReachEverybodyOnce(server);
            assertThat(ProcessHandle.of(server.pid())).isPresent();
        }
    }

    private void pushesReachEverybodyOnce(HongyanServer server) throws JsonProcessingException {
        List<JsonNode> pushes = runAll("push --users 30 --list 20", server);
        assertThat(pushes)
                .extracting(
                        push -> push.get("mode").asText() + " " + push.get("to").asText())
                .containsExactly("store everybody", "store list", "online_only everybody", "online_only list");
        assertThat(pushes).extracting(push -> push.get("received").asInt()).containsExactly(30, 20, 30, 20);
        assertThat(pushes)
                .extracting(push -> push.get("acknowledged_in_feed").asInt())
                .containsExactly(30, 20, 0, 0);
        assertThat(pushes).allMatch(push -> push.get("counts_agree").asText().equals("yes"));
        assertThat(pushes).allMatch(push -> push.get("delivery_last_ms").asDouble() > 0);
    }

    @Test
    void hostileClientsHurtNobody() throws JsonProcessingException {
        List<JsonNode> results =
                Commands.run("hostile --clients 20 --rate 20 --seconds 4 --json --jvm -Xmx512m --home " + HOME, time);
        assertThat(results)
                .extracting(result -> result.get("name").asText())
                .containsExactly("undisturbed", "occupied", "hostile");
        JsonNode hostile = results.get(2);
        assertThat(hostile.get("sent").asLong()).isPositive();
        assertThat(hostile.get("acknowledged")).isEqualTo(hostile.get("sent"));
        assertThat(hostile.get("received")).isEqualTo(hostile.get("sent"));
        assertThat(hostile.get("lost").asLong()).isZero();
        assertThat(hostile.get("connections_ended").asLong()).isZero();
        assertThat(hostile.get("attack_rounds").asLong())
                .isGreaterThanOrEqualTo(hostile.get("attacks").asLong());
    }

    @Test
    void theFeedIsFollowedFromPubackToTheConsumer() throws JsonProcessingException {
        List<JsonNode> results = Commands.run(
                "feed --rounds 1 --pairs 3 --window 2 --warm-up 0.3 --seconds 1 --users 4 --lag-rate 40 --lag-seconds 2"
                        + " --outage 1 --outage-rate 200 --jvm -Xmx256m --json --home " + HOME,
                time);
        assertThat(results)
                .extracting(result -> result.get("name").asText())
                .containsExactly("feed_cost", "feed_cost", "feed_lag", "feed_catch_up");
        assertThat(results.get(1).get("rate_to_off").asDouble()).isPositive();
        assertThat(results.get(2).get("messages_measured").asLong()).isPositive();
        assertThat(results.get(2).get("lag_p99_ms").asDouble()).isPositive();
        assertThat(results.get(3).get("backlog_messages").asLong()).isPositive();
        assertThat(results.get(3).get("catch_up_events_per_s").asDouble()).isPositive();
        assertThat(results).allMatch(result -> result.get("lost").asLong() == 0);
    }

    @Test
    void theFeedIsFollowedThroughRocketMq() throws JsonProcessingException {
        JsonNode outage = Commands.run(
                        "feed --rocketmq --parts outage --warm-up 1 --users 4 --outage 1 --outage-rate 100"
                                + " --jvm -Xmx256m --json --home " + HOME,
                        time)
                .get(1);
        assertThat(outage.get("way").asText()).isEqualTo("rocketmq");
        assertThat(outage.get("backlog_messages").asLong()).isPositive();
        assertThat(outage.get("lost").asLong()).isZero();
        assertThat(outage.get("out_of_order").asLong()).isZero();
    }

    @Test
    void eachUserWhoIsAwayGetsOneHint() throws JsonProcessingException {
        JsonNode hints = Commands.run(
                        "hints --users 200 --writers 4 --window 4 --delay 40 --settle 0 --jvm -Xmx256m --json --home "
                                + HOME,
                        time)
                .get(0);
        assertThat(hints.get("pending").asLong()).isEqualTo(200);
        assertThat(hints.get("hints").asLong()).isEqualTo(200);
        assertThat(hints.get("wrong").asLong()).isZero();
        assertThat(hints.get("heap_bytes_per_hint").isNumber()).isTrue();
        assertThat(hints.get("server_cpu_us_per_message_with").asDouble()).isPositive();
    }

    private JsonNode run(String command, HongyanServer server) throws JsonProcessingException {
        return runAll(command, server).get(0);
    }

    private List<JsonNode> runAll(String command, HongyanServer server) throws JsonProcessingException {
        String given = " --json --mqtt 127.0.0.1:" + server.mqtt().getPort() + " --http 127.0.0.1:"
                + server.http().getPort() + " --pid " + server.pid()
                + " --secret-file " + server.secretFile();
        return Commands.run(command + given, time);
    }
}
