package io.hongyan.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ComparisonTest {
    @Test
    void measuresAreMediansCountsAreSumsAndRatiosAreToTheFirst() {
        Comparison comparison = new Comparison("compare", List.of("one", "two"));
        for (double rate : new double[] {100, 900, 200}) {
            comparison.add("one", new Result("r").figure("messages_per_s", rate).count("lost", 1));
            comparison.add(
                    "two", new Result("r").figure("messages_per_s", rate / 2).count("lost", 0));
        }
        comparison.failed("two");
        List<Result> results = comparison.results();
        assertThat(results.get(0).number("messages_per_s")).contains(200.0);
        assertThat(results.get(0).number("lost")).contains(3.0);
        assertThat(results.get(1).number("rate_to_one")).contains(0.5);
        assertThat(results.get(1).number("rounds_failed")).contains(1.0);
    }

    @Test
    void theMedianOfAnEvenNumberIsTheMiddleOfTheMiddleTwo() {
        assertThat(Comparison.median(List.of(4.0, 1.0, 3.0, 2.0))).isEqualTo(2.5);
    }

    @Test
    void withJsonEachResultIsOneLineAndTheTableGoesToTheSide() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream side = new ByteArrayOutputStream();
        Result first = new Result("c2c").figure("messages_per_s", 12_345.678).count("lost", 0);
        Result second = new Result("c2c").figure("puback_p50_ms", 0.45678).figure("e2e_p50_ms", Double.NaN);
        new ResultPrinter(new PrintStream(out), new PrintStream(side), true).print(List.of(first, second));
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "{\"name\":\"c2c\",\"messages_per_s\":12346.0,\"lost\":0}",
                        "{\"name\":\"c2c\",\"puback_p50_ms\":0.457}");
        assertThat(side.toString(StandardCharsets.UTF_8)).contains("messages_per_s  12,346      -");
    }
}
