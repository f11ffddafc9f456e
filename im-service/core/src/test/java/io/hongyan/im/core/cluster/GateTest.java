package io.hongyan.im.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class GateTest {
    @Test
    void theOneWithTheFewestClientsForItsWeightComesFirst() {
        Gate full = gate("a", 90, 100);
        Gate large = gate("b", 150, 300);
        Gate small = gate("c", 40, 50);
        Gate empty = gate("e", 0, 1);
        Gate emptyToo = gate("d", 0, 100);

        assertThat(Stream.of(full, large, small, empty, emptyToo).sorted(Gate.LEAST_LOADED))
                .containsExactly(emptyToo, empty, large, small, full);
    }

    @Test
    void clientsAreNotSentToGatesThatDrainOrHaveNoWeightOrNoAddress() {
        assertThat(gate("a", 0, 1).takesClients()).isTrue();
        assertThat(gate("a", 0, 0).takesClients()).isFalse();
        assertThat(new Gate("a", "mqtt://a:1", "", 0, 1, true).takesClients()).isFalse();
        assertThat(new Gate("a", "", "", 0, 1, false).takesClients()).isFalse();
        assertThat(new Gate("a", "", "ws://a/mqtt", 0, 1, false).takesClients()).isTrue();
    }

    private static Gate gate(String name, int clients, int weight) {
        return new Gate(name, "mqtt://" + name + ":1883", "", clients, weight, false);
    }
}
