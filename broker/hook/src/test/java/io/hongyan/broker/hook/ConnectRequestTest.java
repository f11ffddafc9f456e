package io.hongyan.broker.hook;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConnectRequestTest {
    private static ConnectRequest from(String address) {
        return new ConnectRequest(
                new ConnectionId("gate", 1),
                "a:ios:p",
                5,
                new ConnectRequest.Credentials("a", null),
                ConnectRequest.SessionTerms.CLEAN,
                ConnectRequest.ClientLimits.keepAlive(60),
                null,
                address,
                List.of());
    }

    /** Addresses as Java writes them. */
    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1",
        "2001:db8::1:2:3:4, 2001:db8:0:0",
        "2001:db8::ffff:1, 2001:db8:0:0",
        "2001:db8:0:1::1, 2001:db8:0:1",
        "::1, 0:0:0:0"
    })
    void ofIpv6TheFirstHalfCounts(String address, String network) throws Exception {
        assertThat(from(InetAddress.getByName(address).getHostAddress()).network())
                .isEqualTo(network);
    }

    @Test
    void anAddressThatIsMissingIsItself() {
        assertThat(from("").network()).isEmpty();
    }
}
