package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.mqtt5.datatypes.Mqtt5UserProperty;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAckReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.hongyan.im.app.client.ChatClient.Received;
import io.hongyan.im.app.client.HiveMq5Client;
import io.hongyan.im.app.client.PahoClient;
import io.hongyan.im.app.client.Payloads;
import io.hongyan.protocol.v1.Code;
import io.hongyan.protocol.v1.Notice;
import io.hongyan.protocol.v1.Reply;
import io.hongyan.protocol.v1.SendAck;
import io.hongyan.protocol.v1.TimeRequest;
import io.hongyan.protocol.v1.Update;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients as they are out there, at a server that serves version 2 and recommends version 3. */
@Timeout(120)
final class VersionTest {
    @TempDir
    Path directory;

    private RunningServer start() throws Exception {
        return RunningServer.start(
                directory, "HONGYAN_CLIENTS_VERSION_MIN", "2", "HONGYAN_CLIENTS_VERSION_RECOMMENDED", "3");
    }

    @Test
    void aClientOfMqtt5TellsItsVersionAtLogin() throws Exception {
        try (RunningServer server = start();
                HiveMq5Client young = new HiveMq5Client(server, "alice:mac:a", 3);
                HiveMq5Client older = new HiveMq5Client(server, "bob:mac:b", 2)) {
            assertThat(young.answer().getUserProperties().asList())
                    .extracting(Mqtt5UserProperty::toString)
                    .contains("(protocol_version, 1)");
            await().until(() -> older.others().size() == 1);
            Mqtt5Publish notice = older.others().get(0);
            assertThat(notice.getTopic()).hasToString("u/bob/notice");
            assertThat(Notice.parseFrom(notice.getPayloadAsBytes()).getUpdate())
                    .isEqualTo(Update.newBuilder()
                            .setRecommendedVersion(3)
                            .setMinimumVersion(2)
                            .build());
            older.send("m1", "alice", "still served");
            await().until(() -> young.inbox().size() == 1);
            assertThat(young.others()).isEmpty();

            for (int version : new int[] {0, 1}) {
                Mqtt5ConnAckException refused = catchThrowableOfType(
                        Mqtt5ConnAckException.class, () -> new HiveMq5Client(server, "carol:mac:c", version));
                assertThat(refused.getMqttMessage().getReasonCode())
                        .isEqualTo(Mqtt5ConnAckReasonCode.IMPLEMENTATION_SPECIFIC_ERROR);
                assertThat(refused.getMqttMessage()
                                .getReasonString()
                                .orElseThrow()
                                .toString())
                        .contains("version");
            }
            assertThat(catchThrowableOfType(Mqtt5ConnAckException.class, () -> new HiveMq5Client(server, "carol:mac:c"))
                            .getMqttMessage()
                            .getReasonString()
                            .orElseThrow()
                            .toString())
                    .isEqualTo(
                            "The client speaks version 1 of the protocol, the server takes 2 and newer: update the client.");
            assertThat(server.metric("mqtt_clients{version=\"3\"}")).isEqualTo(1);
            assertThat(server.metric("mqtt_clients{version=\"2\"}")).isEqualTo(1);
            assertThat(server.metric("mqtt_connects_refused_total{reason=\"version\"}"))
                    .isEqualTo(3);
        }
    }

    @Test
    void aClientOfMqtt311TellsItsVersionInACall() throws Exception {
        try (RunningServer server = start();
                PahoClient paho = PahoClient.online(server, "alice:ios:a");
                HiveMq5Client bob = new HiveMq5Client(server, "bob:mac:b", 3)) {
            paho.publish("im/send", Payloads.send("m1", "bob", "too early").toByteArray());
            await().until(() -> paho.others("reply").size() == 1);
            SendAck refused = SendAck.parseFrom(paho.others("reply").get(0));
            assertThat(refused.getClientMessageId()).isEqualTo("m1");
            assertThat(refused.getCode()).isEqualTo(Code.VERSION_UNSUPPORTED);

            paho.publish(
                    "im/call/time",
                    TimeRequest.newBuilder()
                            .setRequestId("hello")
                            .setProtocolVersion(3)
                            .build()
                            .toByteArray());
            await().until(() -> paho.others("reply").size() == 2);
            Reply hello = Reply.parseFrom(paho.others("reply").get(1));
            assertThat(hello.getRequestId()).isEqualTo("hello");
            assertThat(hello.getTime().getProtocolVersion()).isEqualTo(1);
            paho.send("m1", "bob", "now");
            await().until(() -> bob.inbox().size() == 1);
            assertThat(bob.inbox()).extracting(Received::text).containsExactly("now");
        }
    }

    @Test
    void stockClientsAreServedWhereNothingIsConfigured() throws Exception {
        try (RunningServer server = RunningServer.start(directory);
                PahoClient paho = PahoClient.online(server, "alice:ios:a");
                HiveMq5Client bob = new HiveMq5Client(server, "bob:mac:b")) {
            paho.send("m1", "bob", "hi");
            bob.send("m2", "alice", "hi");
            await().until(() -> paho.inbox().size() == 1 && bob.inbox().size() == 1);
            assertThat(server.metric("mqtt_clients{version=\"1\"}")).isEqualTo(2);
            assertThat(server.metric("mqtt_updates_asked_total")).isZero();
        }
    }
}
