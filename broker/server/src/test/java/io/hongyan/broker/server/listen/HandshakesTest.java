package io.hongyan.broker.server.listen;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

final class HandshakesTest {
    private final Handshakes handshakes = new Handshakes(2);

    private boolean begin(String address) throws Exception {
        return handshakes.begin(InetAddress.getByName(address));
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
}
