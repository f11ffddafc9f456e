package io.hongyan.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CountersTest {
    private enum Fruit implements Counter {
        APPLES,
        PEARS;

        @Override
        public String metric() {
            return name();
        }

        @Override
        public String help() {
            return name();
        }
    }

    @Test
    void eachIsCountedByItself() {
        Counters<Fruit> counters = new Counters<>(Fruit.class);
        counters.increment(Fruit.PEARS);
        counters.add(Fruit.PEARS, 41);
        assertThat(counters.all()).containsExactly(Fruit.APPLES, Fruit.PEARS);
        assertThat(counters.all().stream().map(counters::value)).containsExactly(0L, 42L);
        assertThat(counters).hasToString("PEARS=42");
    }
}
