package io.hongyan.im.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class GateInfoTest {
    @Test
    void theOneWithTheFewestClientsForItsWeightComesFirst() {
        GateInfo full = gate("a", 90, 100);
        GateInfo large = gate("b", 150, 300);
        GateInfo small = gate("c", 40, 50);
        GateInfo empty = gate("e", 0, 1);
        GateInfo emptyToo = gate("d", 0, 100);

        assertThat(Stream.of(full, large, small, empty, emptyToo).sorted(GateInfo.LEAST_LOADED))
                .containsExactly(emptyToo, empty, large, small, full);
    }

    @Test
    void clientsAreNotSentToGatesThatDrainOrHaveNoWeightOrNoAddress() {
        assertThat(gate("a", 0, 1).takesClients()).isTrue();
        assertThat(gate("a", 0, 0).takesClients()).isFalse();
        assertThat(new GateInfo("a", "mqtt://a:1", "", 0, 1, true).takesClients())
                .isFalse();
        assertThat(new GateInfo("a", "", "", 0, 1, false).takesClients()).isFalse();
        assertThat(new GateInfo("a", "", "ws://a/mqtt", 0, 1, false).takesClients())
                .isTrue();
    }

    private static GateInfo gate(String name, int clients, int weight) {
        return new GateInfo(name, "mqtt://" + name + ":1883", "", clients, weight, false);
    }
}
