package io.hongyan.broker.server.listen;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientAddressTest {
    @ParameterizedTest
    @CsvSource({"2001:db8:0:7:1:2:3:4, 2001:db8:0:7::", "192.0.2.9, 192.0.2.9", "::ffff:192.0.2.9, 192.0.2.9"})
    void ofIpv6TheFirst64BitsAreOneAddress(String client, String network) throws Exception {
        EmbeddedChannel channel = new EmbeddedChannel();
        ClientAddress.tell(channel, new InetSocketAddress(InetAddress.getByName(client), 1));
        assertThat(ClientAddress.network(channel)).isEqualTo(InetAddress.getByName(network));
    }
}
