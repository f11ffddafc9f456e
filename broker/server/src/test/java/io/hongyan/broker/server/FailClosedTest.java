package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Should the gate ever be missing from a channel, Moquette alone lets nobody in. */
@Timeout(30)
class FailClosedTest {
    @ParameterizedTest
    @CsvSource(value = {"gate,guess", "gate,", "alice,secret", ","})
    void moquetteWithoutItsGateRefusesEverybody(String user, String password) throws Exception {
        MoquetteServer moquette = new MoquetteServer(Servers.config(), Wire.text("the secret of the gate"));
        moquette.start(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                moquette.accepted(channel);
            }
        });
        try (WireClient client = WireClient.tcp(4, moquette.port(0))) {
            client.send(new Wire.Connect(4, "a").user(user, password).bytes());
            assertThat(client.read().connectCode()).isEqualTo(4);
            assertThat(client.closedWithin(2_000)).isTrue();
        } finally {
            moquette.stop();
        }
    }
}
