package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5DisconnectReasonCode;
import io.hongyan.im.app.client.HiveMq5Client;
import io.hongyan.im.app.client.HttpApi;
import io.hongyan.im.app.client.HttpApi.Answered;
import io.hongyan.im.app.client.PahoClient;
import io.hongyan.protocol.v1.Kicked;
import io.hongyan.protocol.v1.Notice;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Operators end the sessions of real clients of a real server. */
@Timeout(180)
final class ThrowOutOverHttpTest {
    private static final Logger AUDIT = (Logger) LoggerFactory.getLogger("hongyan.audit");

    private final ListAppender<ILoggingEvent> audit = new ListAppender<>();

    @TempDir
    Path directory;

    @BeforeEach
    void listen() {
        audit.start();
        AUDIT.addAppender(audit);
    }

    @AfterEach
    void listenNoLonger() {
        AUDIT.detachAppender(audit);
    }

    /** What was logged since this was asked before. */
    private List<String> audited() {
        List<String> lines =
                audit.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
        audit.list.clear();
        return lines;
    }

    @Test
    void aRevokedTokenIsVoidOverMqttAndHttpAlsoAfterARestart() throws Exception {
        try (RunningServer server = RunningServer.start(directory)) {
            HttpApi business = HttpApi.business(server);
            String token = server.token("bob");
            HttpApi bob = HttpApi.user(server, "bob");
            try (HiveMq5Client phone = new HiveMq5Client(server, "bob:android:phone")) {
                Answered kicked = business.post("/v1/users/bob/kick", "{\"revokeTokens\":true}");
                assertThat(kicked.body().at("/ended/0/device").asText()).isEqualTo("android:phone");
                assertThat(kicked.body().path("tokensRevokedAt").asLong()).isPositive();
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> phone.ended() != null && !phone.others().isEmpty());
                Kicked told = Notice.parseFrom(phone.others().get(0).getPayloadAsBytes())
                        .getKicked();
                assertThat(told.getWhy()).isEqualTo(Kicked.Why.TOKEN_REVOKED);
                assertThat(phone.ended())
                        .isInstanceOfSatisfying(
                                Mqtt5DisconnectException.class,
                                end -> assertThat(end.getMqttMessage().getReasonCode())
                                        .isEqualTo(Mqtt5DisconnectReasonCode.ADMINISTRATIVE_ACTION));
                assertThat(audited())
                        .containsExactly("development kicked bob (all devices, tokens revoked): 1 sessions");
            }
            assertThat(returnCode(server, "bob:android:phone", token)).isEqualTo(4);
            assertThat(bob.get("/v1/users/bob").status()).isEqualTo(401);
            server.restart();
            assertThat(returnCode(server, "bob:android:phone", token)).isEqualTo(4);
            // A token of a later second.
            await().atMost(Duration.ofSeconds(20))
                    .pollInterval(100, TimeUnit.MILLISECONDS)
                    .until(() -> returnCode(server, "bob:android:phone", server.token("bob")) == 0);
        }
    }

    /** Of what an operator sends only names come into a line, and names have no characters that end one. */
    @Test
    void theLogSaysWhoWasThrownOutByWhichKeyAndNothingElse() throws Exception {
        try (RunningServer server = RunningServer.start(directory)) {
            HttpApi business = HttpApi.business(server);
            server.token("bob");
            String forged = "%0A2026-01-01T00:00:00.000Z%20INFO%20forged";
            for (String bad : List.of("bob" + forged, "bob%0D", "bob%E2%80%A8x", "nobody")) {
                assertThat(business.post("/v1/users/" + bad + "/kick", "{}").status())
                        .as(bad)
                        .isBetween(400, 404);
                assertThat(business.post("/v1/users/" + bad + "/disable", null).status())
                        .as(bad)
                        .isBetween(400, 404);
            }
            for (String bad : List.of("ios:phone\\nforged", "ios:\\u2028", "ios:phone\\r", "\\nios:phone")) {
                assertThat(business.post("/v1/users/bob/kick", "{\"device\":\"" + bad + "\"}")
                                .code())
                        .as(bad)
                        .isEqualTo("MALFORMED");
            }
            assertThat(audited()).isEmpty();

            for (String good : List.of("kick", "disable", "enable")) {
                business.post("/v1/users/bob/" + good, good.equals("kick") ? "{\"device\":\"ios:phone\"}" : null);
            }
            business.delete("/v1/users/bob");
            assertThat(audited())
                    .containsExactly(
                            "development kicked bob (ios:phone): 0 sessions",
                            "development disabled bob: 0 sessions",
                            "development enabled bob",
                            "development deleted bob");
        }
    }

    @Test
    void aDisabledUserIsOutUntilEnabledAndADeletedOneForGood() throws Exception {
        try (RunningServer server = RunningServer.start(directory)) {
            HttpApi business = HttpApi.business(server);
            String token = server.token("bob");
            HttpApi bob = HttpApi.user(server, "bob");
            try (PahoClient online = PahoClient.online(server, "bob:web:tab")) {
                assertThat(business.post("/v1/users/bob/disable", null)
                                .body()
                                .path("state")
                                .asText())
                        .isEqualTo("DISABLED");
                await().atMost(Duration.ofSeconds(20)).until(() -> online.lost() != null);
            }
            assertThat(returnCode(server, "bob:web:tab", token)).isEqualTo(5);
            assertThat(bob.get("/v1/users/bob").status()).isEqualTo(403);
            assertThat(business.post("/v1/users/bob/enable", null)
                            .body()
                            .path("state")
                            .asText())
                    .isEqualTo("ACTIVE");
            assertThat(returnCode(server, "bob:web:tab", token)).isZero();

            server.token("alice");
            String ours = "{\"id\":\"ours\",\"name\":\"Ours\",\"owner\":\"alice\",\"members\":[\"bob\"]}";
            String his = "{\"id\":\"his\",\"name\":\"His\",\"owner\":\"bob\",\"members\":[\"alice\"]}";
            assertThat(business.post("/v1/groups", ours).status()).isEqualTo(201);
            assertThat(business.post("/v1/groups", his).status()).isEqualTo(201);
            String over = "{\"id\":\"over\",\"name\":\"Over\",\"owner\":\"bob\",\"members\":[\"alice\"]}";
            assertThat(business.post("/v1/groups", over).status()).isEqualTo(201);
            assertThat(business.delete("/v1/groups/over").status()).isEqualTo(200);
            Answered deleted = business.delete("/v1/users/bob");
            assertThat(deleted.body().path("finished").asBoolean()).isTrue();
            assertThat(deleted.body().path("ownedGroups").toString()).isEqualTo("[\"his\"]");
            assertThat(business.get("/v1/groups/over/members").body().path("members"))
                    .hasSize(1);
            assertThat(business.delete("/v1/users/bob").status()).isEqualTo(200);
            assertThat(business.get("/v1/groups/ours/members").body().path("members"))
                    .hasSize(1);
            assertThat(returnCode(server, "bob:web:tab", token)).isEqualTo(5);
            assertThat(business.get("/v1/users/bob").code()).isEqualTo("UNKNOWN_USER");
            assertThat(business.get("/v1/users/bob/devices").code()).isEqualTo("UNKNOWN_USER");
            assertThat(business.post("/v1/users", "{\"uid\":\"bob\"}").code()).isEqualTo("NOT_ALLOWED");
            assertThat(business.post("/v1/users/bob/enable", null).code()).isEqualTo("UNKNOWN_USER");
            assertThat(business.delete("/v1/users/nobody").code()).isEqualTo("UNKNOWN_USER");
        }
    }

    @Test
    void devicesAndConnectionsAreListed() throws Exception {
        try (RunningServer server = RunningServer.start(directory);
                PahoClient lamp = PahoClient.online(server, "eve:iot:lamp");
                HiveMq5Client tab = new HiveMq5Client(server, "bob:web:tab")) {
            HttpApi business = HttpApi.business(server);
            PahoClient phone = PahoClient.online(server, "bob:ios:phone");
            JsonNode all = business.get("/v1/connections?limit=2").body();
            assertThat(all.path("connections")).hasSize(2);
            JsonNode rest = business.get(
                            "/v1/connections?limit=2&after=" + all.path("next").asText())
                    .body();
            assertThat(rest.path("connections")).hasSize(1);
            assertThat(rest.has("next")).isFalse();
            JsonNode web = business.get("/v1/connections?uid=bob&platform=web&address=127.0.0.1")
                    .body();
            assertThat(web.path("connections")).hasSize(1);
            assertThat(web.at("/connections/0/device").asText()).isEqualTo("web:tab");
            assertThat(web.at("/connections/0/mqtt").asText()).isEqualTo("5");
            assertThat(web.at("/connections/0/address").asText()).isEqualTo("127.0.0.1");
            String gate = web.at("/connections/0/gate").asText();
            assertThat(business.get("/v1/connections?gate=" + gate).body().path("connections"))
                    .hasSize(3);
            assertThat(business.get("/v1/connections?address=10.0.0.1").body().path("connections"))
                    .isEmpty();
            for (String bad : new String[] {
                "limit=501", "platform=toaster", "after=x", "after=test/%D9%A1", "uid=a/b", "address=*"
            }) {
                assertThat(business.get("/v1/connections?" + bad).code())
                        .as(bad)
                        .isEqualTo("MALFORMED");
            }
            assertThat(HttpApi.user(server, "bob").get("/v1/connections").status())
                    .isEqualTo(403);

            for (String bad : new String[] {"limit=501", "limit=%D9%A1", "after=x", "after=%D9%A1/web:tab"}) {
                assertThat(business.get("/v1/users/bob/devices?" + bad).code())
                        .as(bad)
                        .isEqualTo("MALFORMED");
            }

            phone.close();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> !HttpApi.user(server, "bob")
                            .get("/v1/users/bob/devices")
                            .body()
                            .toString()
                            .contains("\"ios:phone\",\"online\":true"));
            JsonNode devices = business.get("/v1/users/bob/devices").body().path("devices");
            assertThat(devices).hasSize(2);
            assertThat(devices.toString()).contains("\"web:tab\",\"online\":true");
            assertThat(HttpApi.user(server, "bob").get("/v1/users/eve/devices").status())
                    .isEqualTo(403);
            assertThat(tab.ended()).isNull();
            assertThat(lamp.lost()).isNull();
        }
    }

    /** The return code of CONNACK of MQTT 3.1.1; 0 = accepted. */
    private static int returnCode(RunningServer server, String clientId, String token) throws MqttException {
        try (MqttClient client =
                new MqttClient("tcp://127.0.0.1:" + server.mqttPort(), clientId, new MemoryPersistence())) {
            MqttConnectOptions options = new MqttConnectOptions();
            options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
            options.setUserName(clientId.substring(0, clientId.indexOf(':')));
            options.setPassword(token.toCharArray());
            client.connect(options);
            client.disconnect();
            return 0;
        } catch (MqttException refused) {
            return refused.getReasonCode();
        }
    }
}
