package io.hongyan.broker.server.listen;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HandshakesTest {
    private final Handshakes handshakes = new Handshakes(2);

    private boolean begin(String address) throws Exception {
        InetAddress client = InetAddress.getByName(address);
        return handshakes.begin(client, handshakes.exempts(client));
    }

    @Test
    void anAddressHasOnlySoManyUnderWay() throws Exception {
        assertThat(begin("192.0.2.1")).isTrue();
        assertThat(begin("192.0.2.1")).isTrue();
        assertThat(begin("192.0.2.1")).isFalse();
        assertThat(begin("192.0.2.2")).isTrue();
        handshakes.end(InetAddress.getByName("192.0.2.1"), true);
        assertThat(begin("192.0.2.1")).isTrue();
        assertThat(handshakes.open()).isEqualTo(3);
        assertThat(handshakes.refused()).isEqualTo(1);
    }

    @Test
    void theLimitIsChangedWhileItRuns() throws Exception {
        assertThat(begin("192.0.2.1")).isTrue();
        handshakes.limit(1);
        assertThat(begin("192.0.2.1")).isFalse();
        handshakes.limit(3);
        assertThat(begin("192.0.2.1")).isTrue();
        assertThat(begin("192.0.2.1")).isTrue();
        assertThat(begin("192.0.2.1")).isFalse();
    }

    @Test
    void exemptNetworksHaveAnyNumber() throws Exception {
        handshakes.exempt(List.of(Network.parse("192.0.2.0/24")));
        for (int i = 0; i < 5; i++) {
            assertThat(begin("192.0.2.1")).isTrue();
        }
        assertThat(begin("198.51.100.1")).isTrue();
        assertThat(begin("198.51.100.1")).isTrue();
        assertThat(begin("198.51.100.1")).isFalse();
        handshakes.exempt(List.of());
        assertThat(begin("192.0.2.1")).isFalse();
        assertThat(handshakes.open()).isEqualTo(7);
    }
}
