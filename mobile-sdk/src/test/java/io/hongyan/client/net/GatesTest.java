package io.hongyan.client.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class GatesTest {
    private final Gates gates = new Gates("tcp://boot:1883");

    @Test
    void withoutAListTheBootstrapAddressIsAll() {
        assertThat(gates.current()).isEqualTo("tcp://boot:1883");
        gates.next();
        assertThat(gates.current()).isEqualTo("tcp://boot:1883");
    }

    @Test
    void theListComesFirstAndThenTheBootstrapAddress() {
        gates.named(List.of("tcp://a:1883", "tcp://b:1883"));
        assertThat(turn(4)).containsExactly("tcp://a:1883", "tcp://b:1883", "tcp://boot:1883", "tcp://a:1883");
    }

    @Test
    void anEmptyListLeavesTheBootstrapAddress() {
        gates.named(List.of("tcp://a:1883"));
        gates.named(List.of());
        assertThat(turn(2)).containsExactly("tcp://boot:1883", "tcp://boot:1883");
    }

    @Test
    void theBootstrapAddressIsInItOnce() {
        gates.named(List.of("tcp://boot:1883", "tcp://b:1883"));
        assertThat(turn(3)).containsExactly("tcp://b:1883", "tcp://boot:1883", "tcp://b:1883");
    }

    @Test
    void aListThatIsTooLongIsCut() {
        gates.named(Collections.nCopies(Gates.GATES_MAX + 50, "tcp://a:1883"));
        assertThat(turn(Gates.GATES_MAX + 1)).endsWith("tcp://a:1883", "tcp://boot:1883");
    }

    private List<String> turn(int times) {
        List<String> addresses = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            addresses.add(gates.current());
            gates.next();
        }
        return addresses;
    }
}
