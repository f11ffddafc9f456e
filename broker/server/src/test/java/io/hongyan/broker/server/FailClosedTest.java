package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.broker.server.listen.Edge;
import io.hongyan.broker.server.listen.Listener;
import io.hongyan.broker.server.listen.Port;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** If the gate is ever missing from a channel, Moquette alone accepts nobody. */
@Timeout(30)
class FailClosedTest {
    @ParameterizedTest
    @CsvSource(value = {"gate,guess", "gate,", "alice,secret", ","})
    void moquetteWithoutItsGateRefusesEverybody(String user, String password) throws Exception {
        MoquetteServer moquette = new MoquetteServer(Servers.config(), Wire.text("the secret of the gate"));
        moquette.start(new GateCounters());
        Port port = new Port(Port.Service.MQTT, "127.0.0.1", 0, false, false);
        try (Edge edge = Edge.open(System::nanoTime);
                Listener listener = Listener.bind(
                        port,
                        edge,
                        channel -> channel.pipeline()
                                .addLast(new MqttDecoder(), MqttEncoder.INSTANCE, moquette.handler()));
                WireClient client = WireClient.tcp(4, listener.number())) {
            client.send(new Wire.Connect(4, "a").user(user, password).bytes());
            assertThat(client.read().connectCode()).isEqualTo(4);
            assertThat(client.closed()).isTrue();
        } finally {
            moquette.stop();
        }
    }
}
