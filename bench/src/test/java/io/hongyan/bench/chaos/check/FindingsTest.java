package io.hongyan.bench.chaos.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.bench.chaos.check.Finding.Kind;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FindingsTest {
    private static final int MANY = 3 * Findings.KEPT_PER_KIND_MAX;

    private final Findings findings = new Findings();

    @Test
    void allAreCountedAndTheFirstOfEachKindKept() {
        IntStream.range(0, MANY).forEach(i -> findings.add(Kind.LOST, "P1", "lost " + i));
        findings.add(Kind.DOUBLED, "P4", "doubled");

        assertThat(findings.counts()).containsEntry(Kind.LOST, (long) MANY).containsEntry(Kind.DOUBLED, 1L);
        assertThat(findings.kept()).hasSize(Findings.KEPT_PER_KIND_MAX + 1);
        assertThat(findings.kept().get(0).detail()).isEqualTo("lost 0");
    }

    @Test
    void whatOneReaderHasDoesNotHideWhatAnotherOneHas() {
        IntStream.range(0, MANY).forEach(i -> findings.addOf("one", Kind.OUT_OF_ORDER, "P8", "one " + i));
        findings.addOf("two", Kind.OUT_OF_ORDER, "P8", "two");

        assertThat(findings.kept()).extracting(Finding::detail).contains("one 0", "two");
        assertThat(findings.counts()).containsEntry(Kind.OUT_OF_ORDER, MANY + 1L);
    }
}
