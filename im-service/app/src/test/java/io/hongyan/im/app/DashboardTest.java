package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The dashboard has what Grafana needs of a board that is imported. {@code MonitoringTest} looks at its expressions. */
@Timeout(30)
final class DashboardTest {
    private static final int COLUMNS = 24;
    /** The oldest that Grafana still has: those of versions from 10 on are from 36 to 42. */
    private static final int SCHEMA_MIN = 36;

    private static final List<String> PANELS = List.of("timeseries", "stat", "gauge", "bargauge", "table", "row");
    private static final List<String> UNITS =
            List.of("short", "none", "ops", "s", "ms", "bytes", "Bps", "percent", "percentunit");
    /** Variables that Grafana itself fills in. */
    private static final Set<String> OF_GRAFANA = Set.of("__rate_interval", "__interval", "__range");

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?(\\w+)");

    private JsonNode board;

    @BeforeEach
    void read() throws IOException {
        board = new ObjectMapper()
                .readTree(MonitoringPage.REPOSITORY
                        .resolve("monitoring/hongyan-dashboard.json")
                        .toFile());
    }

    @Test
    void theBoardHasANameOfItsOwnAndNoNumber() {
        assertThat(board.path("title").asText()).isNotBlank();
        assertThat(board.path("uid").asText()).matches("[A-Za-z0-9_-]{1,40}");
        assertThat(board.hasNonNull("id")).as("Grafana gives the number").isFalse();
        assertThat(board.path("schemaVersion").asInt()).isGreaterThanOrEqualTo(SCHEMA_MIN);
        assertThat(board.at("/time/from").asText()).isNotBlank();
        assertThat(board.at("/time/to").asText()).isNotBlank();
        assertThat(board.path("refresh").asText()).matches("[0-9]+[smh]");
    }

    @Test
    void thePrometheusIsChosenAtTheImport() {
        JsonNode first = board.at("/templating/list/0");
        assertThat(first.path("type").asText()).isEqualTo("datasource");
        assertThat(first.path("query").asText()).isEqualTo("prometheus");
        List<JsonNode> sources = board.findValues("datasource");
        assertThat(sources).hasSizeGreaterThan(20).allSatisfy(source -> {
            assertThat(source.path("type").asText()).isEqualTo("prometheus");
            assertThat(source.path("uid").asText())
                    .isEqualTo("${" + first.path("name").asText() + "}");
        });
    }

    @Test
    void everyVariableThatIsUsedIsThere() {
        Set<String> there = new HashSet<>(OF_GRAFANA);
        for (JsonNode variable : board.at("/templating/list")) {
            assertThat(there.add(variable.path("name").asText())).isTrue();
            assertThat(variable.path("type").asText()).isIn("datasource", "query", "custom", "interval");
        }
        Set<String> used = new TreeSet<>();
        Matcher name = VARIABLE.matcher(board.path("panels").toString());
        while (name.find()) {
            used.add(name.group(1));
        }
        assertThat(used).isNotEmpty().isSubsetOf(there);
    }

    @Test
    void everyPanelHasItsPlaceAndIsDrawn() {
        Set<Integer> ids = new HashSet<>();
        Set<String> titles = new HashSet<>();
        Set<String> taken = new HashSet<>();
        for (JsonNode panel : board.path("panels")) {
            String title = panel.path("title").asText();
            assertThat(titles.add(title)).as(title).isTrue();
            assertThat(title).isNotBlank();
            assertThat(panel.path("id").asInt()).as(title).isPositive();
            assertThat(ids.add(panel.path("id").asInt())).as(title).isTrue();
            assertThat(panel.path("type").asText()).as(title).isIn(PANELS);
            assertThat(panel.at("/fieldConfig/defaults/unit").asText())
                    .as(title)
                    .isIn(UNITS);
            assertThat(panel.at("/fieldConfig/overrides").isArray()).as(title).isTrue();
            assertThat(panel.path("options").isObject()).as(title).isTrue();
            assertThat(panel.path("datasource").isObject()).as(title).isTrue();
            takePlace(title, panel.path("gridPos"), taken);
            asksSomething(title, panel.path("targets"));
        }
        assertThat(ids).hasSizeGreaterThan(20);
    }

    private static void takePlace(String title, JsonNode place, Set<String> taken) {
        for (String part : List.of("x", "y", "w", "h")) {
            assertThat(place.path(part).isInt()).as("%s: %s", title, part).isTrue();
        }
        int left = place.path("x").asInt();
        int top = place.path("y").asInt();
        int right = left + place.path("w").asInt();
        int bottom = top + place.path("h").asInt();
        assertThat(left).as(title).isBetween(0, right - 1);
        assertThat(top).as(title).isBetween(0, bottom - 1);
        assertThat(right).as(title).isLessThanOrEqualTo(COLUMNS);
        for (int x = left; x < right; x++) {
            for (int y = top; y < bottom; y++) {
                assertThat(taken.add(x + "," + y))
                        .as("%s is alone at %s,%s", title, x, y)
                        .isTrue();
            }
        }
    }

    private static void asksSomething(String title, JsonNode targets) {
        assertThat(targets).as(title).isNotEmpty();
        Set<String> names = new HashSet<>();
        for (JsonNode target : targets) {
            assertThat(target.path("refId").asText()).as(title).matches("[A-Z]");
            assertThat(names.add(target.path("refId").asText())).as(title).isTrue();
            assertThat(target.path("expr").asText()).as(title).isNotBlank();
            assertThat(target.path("datasource").isObject()).as(title).isTrue();
        }
    }
}
