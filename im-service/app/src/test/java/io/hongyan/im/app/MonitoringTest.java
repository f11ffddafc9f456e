package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What operators are given: the page that explains metrics, alert rules, the dashboard. */
@Tag("servers")
@Timeout(120)
final class MonitoringTest {
    private static final Path MONITORING = MonitoringPage.REPOSITORY.resolve("monitoring");
    private static final String RULES = "hongyan.rules.yml";
    private static final List<String> PREFIXES = List.of("", "storage_", "messaging_", "feed_");
    /** Prometheus itself gives the one; the other is there from the first garbage collection on. */
    private static final Set<String> NOT_OURS = Set.of("up", "jvm_gc_pause_seconds_sum");

    @TempDir
    Path directory;

    @Test
    void everyMetricIsExplainedAndEveryExplainedOneExists() throws Exception {
        try (RunningServer server = RunningServer.start(directory)) {
            String page = server.http("GET", "/metrics").body();
            MonitoringPage.explains(page);
            Set<String> there = MonitoringPage.samples(page);
            Set<String> literals = MonitoringPage.literals();
            Set<String> gone = new TreeSet<>(MonitoringPage.explained());
            gone.removeIf(name -> there.contains(name) || there.contains(name + "_count") || inCode(name, literals));
            assertThat(gone).as("metrics that only the page knows").isEmpty();
        }
    }

    @Test
    void everyMetricIsExplainedOnce() {
        Matcher row = Pattern.compile("(?m)^\\| `(hongyan_[^`]+)`")
                .matcher(MonitoringPage.read(MonitoringPage.REPOSITORY.resolve("docs/operating/monitoring.md")));
        assertThat(row.results().map(found -> found.group(1)).toList())
                .hasSizeGreaterThan(200)
                .doesNotHaveDuplicates();
    }

    @Test
    void rulesAndDashboardUseMetricsThatExist() throws Exception {
        try (RunningServer server = RunningServer.start(directory)) {
            Set<String> there =
                    MonitoringPage.samples(server.http("GET", "/metrics").body());
            Set<String> explained = MonitoringPage.explained();
            Set<String> unknown = new TreeSet<>();
            expressions().forEach(expression -> unknown.addAll(metrics(expression)));
            assertThat(unknown).hasSizeGreaterThan(30);
            unknown.removeIf(name -> there.contains(name)
                    || NOT_OURS.contains(name)
                    || explained.contains(name)
                    || explained.contains(MonitoringPage.base(name)));
            assertThat(unknown).isEmpty();
        }
    }

    @Test
    void prometheusTakesTheRulesAndEachFiresWhenItShould() throws Exception {
        run("promtool", "check", "rules", RULES);
        run("promtool", "test", "rules", "hongyan.rules.test.yml");
        String tests = MonitoringPage.read(MONITORING.resolve("hongyan.rules.test.yml"));
        Matcher alert = Pattern.compile("alert: (\\w+)").matcher(MonitoringPage.read(MONITORING.resolve(RULES)));
        while (alert.find()) {
            assertThat(tests).contains("name: " + alert.group(1) + "\n");
        }
    }

    @Test
    void prometheusTakesTheExpressionsOfTheDashboard() throws Exception {
        StringBuilder rules = new StringBuilder("groups:\n- name: dashboard\n  rules:\n");
        for (String expression : expressionsOfTheDashboard()) {
            String filled = expression.replace("$instance", ".*").replace("$__rate_interval", "1m");
            rules.append("  - record: any\n    labels: {n: \"")
                    .append(rules.length())
                    .append("\"}\n    expr: '");
            rules.append(filled.replace("'", "''")).append("'\n");
        }
        assertThat(rules).doesNotContain("$");
        run(
                "promtool",
                "check",
                "rules",
                Files.writeString(directory.resolve("dashboard.yml"), rules).toString());
    }

    /** A name of the page from what the code writes, where no server here has it; timers get their unit on the page. */
    private static boolean inCode(String name, Set<String> literals) {
        String stem = MonitoringPage.base(name.substring("hongyan_".length()));
        return PREFIXES.stream()
                .filter(stem::startsWith)
                .map(prefix -> stem.substring(prefix.length()))
                .anyMatch(word -> literals.contains(word)
                        || literals.contains(word.replace("_seconds", ""))
                        || literals.contains(word.replace("_seconds", "_millis"))
                        || literals.contains(word.replace("_seconds", "_nanos")));
    }

    private static List<String> expressionsOfTheDashboard() throws IOException {
        JsonNode board = new ObjectMapper()
                .readTree(MONITORING.resolve("hongyan-dashboard.json").toFile());
        List<String> found = new ArrayList<>();
        board.findValues("expr").forEach(expression -> found.add(expression.asText()));
        assertThat(found).hasSizeGreaterThan(20);
        return found;
    }

    private static List<String> expressions() throws IOException {
        List<String> found = expressionsOfTheDashboard();
        Matcher rule = Pattern.compile("(?m)^ +expr:(?: >-)?((?:.|\\n)*?)\\n +(?:for|labels):")
                .matcher(MonitoringPage.read(MONITORING.resolve(RULES)));
        while (rule.find()) {
            found.add(rule.group(1));
        }
        return found;
    }

    /** Names before labels, ranges, comparisons or at an end; without those of functions and of labels. */
    private static Set<String> metrics(String expression) {
        Set<String> names = new TreeSet<>();
        Matcher name = Pattern.compile("\\b((?:hongyan|jvm|process|logback|system)_[a-z0-9_]+|up)\\b")
                .matcher(expression.replaceAll("\"[^\"]*\"", ""));
        while (name.find()) {
            names.add(name.group(1));
        }
        return names;
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .directory(MONITORING.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
    }
}
