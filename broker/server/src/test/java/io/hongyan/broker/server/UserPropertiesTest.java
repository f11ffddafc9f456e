package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.broker.hook.ConnectRequest;
import io.hongyan.broker.hook.ConnectVerdict.Accept;
import io.hongyan.broker.hook.UserProperty;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What clients and node tell each other at a login in user properties of MQTT 5. */
@Timeout(60)
class UserPropertiesTest {
    private final TestHook hook = new TestHook();
    private final BrokerServer server = Servers.start(Servers.config(), hook);

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void whatAClientTellsInUserPropertiesReachesTheNodeWithinBounds() throws Exception {
        Wire.Bytes properties = new Wire.Bytes();
        List<UserProperty> told = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            String value = i == 1 ? "x".repeat(257) : i == 2 ? "y".repeat(256) : "版本 " + i;
            properties.u8(0x26).string("name").string(value);
            told.add(new UserProperty("name", value));
        }
        try (WireClient client = WireClient.tcp(5, server.mqttPort())) {
            client.connected(new Wire.Connect(5, "c").properties(properties.bytes()));
        }
        try (WireClient client = WireClient.tcp(4, server.mqttPort())) {
            client.connected("old");
        }
        List<ConnectRequest> requests = List.copyOf(hook.connects);
        told.remove(1);
        assertThat(requests.get(0).properties()).isEqualTo(told.subList(0, ConnectRequest.PROPERTIES_MAX - 1));
        assertThat(requests.get(0).property("name")).as("the first counts").isEqualTo("版本 0");
        assertThat(requests.get(0).property("version")).isNull();
        assertThat(requests.get(1).properties()).isEmpty();
    }

    @Test
    void whatTheNodeTellsInUserPropertiesStandsInTheAnswer() throws Exception {
        hook.onConnect = request -> TestHook.done(new Accept(
                false,
                List.of(),
                "t/",
                true,
                "",
                List.of(new UserProperty("version", "3"), new UserProperty("version", "4"))));
        try (WireClient young = WireClient.tcp(5, server.mqttPort());
                WireClient old = WireClient.tcp(4, server.mqttPort())) {
            Packet answer = young.send(Wire.connect(5, "young")).read();
            assertThat(ConnectTest.contains(
                            answer.body(),
                            new Wire.Bytes()
                                    .u8(0x26)
                                    .string("version")
                                    .string("3")
                                    .u8(0x26)
                                    .string("version")
                                    .string("4")))
                    .isTrue();
            assertThat(old.send(Wire.connect(4, "old")).read().body()).hasSize(2);
        }
    }
}
