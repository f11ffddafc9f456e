package io.hongyan.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.hongyan.bench.time.BenchTime;
import io.hongyan.bench.time.SystemTime;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/** Each command, short, against a peer that needs no build. */
@Tag("long")
@Timeout(240)
class CommandsTest {
    private final BenchTime time = new SystemTime();

    @Test
    void c2cSaysWhatAMessageCosts() throws JsonProcessingException {
        JsonNode result = run("c2c --server mosquitto --pairs 4 --window 2 --warm-up 0.2 --seconds 1 --json")
                .get(0);
        assertThat(result.get("name").asText()).isEqualTo("c2c");
        assertThat(result.get("messages_per_s").asDouble()).isPositive();
        assertThat(result.get("puback_p50_ms").asDouble())
                .isPositive()
                .isLessThanOrEqualTo(result.get("puback_p99_ms").asDouble());
        assertThat(result.get("e2e_p50_ms").asDouble())
                .isPositive()
                .isLessThanOrEqualTo(result.get("e2e_p99_ms").asDouble());
        assertThat(result.has("server_cpu_us_per_message")).isTrue();
        assertThat(result.get("sent").asLong())
                .isPositive()
                .isEqualTo(result.get("received").asLong());
        assertThat(result.get("lost").asLong()).isZero();
    }

    @Test
    void compareGivesOneResultPerServerAndRatiosToTheFirst() throws JsonProcessingException {
        List<JsonNode> results = run("compare --servers mosquitto,moquette --rounds 2 --pairs 2 --window 1 --warm-up 1"
                + " --seconds 2 --json");
        assertThat(results)
                .extracting(result -> result.get("server").asText())
                .containsExactly("mosquitto", "moquette");
        assertThat(results.get(0).get("rate_to_mosquitto").asDouble()).isEqualTo(1.0);
        assertThat(results.get(1).get("rate_to_mosquitto").asDouble()).isPositive();
        assertThat(results.get(1).get("rounds").asInt()).isEqualTo(2);
        assertThat(results.get(1).get("server_alloc_bytes_per_message").asDouble())
                .isPositive();
    }

    @Test
    void idleMeasuresMemoryPerConnection() throws JsonProcessingException {
        JsonNode result = run("idle --server mosquitto --connections 2000 --seconds 1 --settle 1 --json")
                .get(0);
        assertThat(result.get("rss_bytes_per_connection").asDouble()).isPositive();
        assertThat(result.get("idle_cpu_percent_per_10000").asDouble()).isNotNegative();
        assertThat(result.get("connections_ended").asLong()).isZero();
    }

    @Test
    void backlogIsCaughtUpWholeAndInOrder() throws JsonProcessingException {
        JsonNode result =
                run("backlog --server mosquitto --users 5 --entries 300 --json").get(0);
        assertThat(result.get("catch_up_entries_per_s").asDouble()).isPositive();
        assertThat(result.get("lost").asLong()).isZero();
        assertThat(result.get("out_of_order").asLong()).isZero();
    }

    @Test
    void anUnknownServerIsRefusedInOneSentence() {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream());
        CommandLine line = BenchMain.commandLine(new Console(nowhere, nowhere, false, time), time);
        line.setErr(new PrintWriter(said, true, StandardCharsets.UTF_8));
        assertThat(line.execute("c2c", "--server", "other")).isEqualTo(2);
        assertThat(said.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("unknown server other; the servers are hongyan, moquette and mosquitto");
    }

    private List<JsonNode> run(String command) throws JsonProcessingException {
        return Commands.run(command, time);
    }
}
