package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.datatypes.MqttUtf8String;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5DisconnectReasonCode;
import io.hongyan.im.app.client.ChatClient.Received;
import io.hongyan.im.app.client.HiveMq5Client;
import io.hongyan.im.app.client.HttpApi;
import io.hongyan.im.app.client.HttpApi.Answered;
import io.hongyan.im.app.client.PahoClient;
import io.hongyan.protocol.v1.ConversationsRequest;
import io.hongyan.protocol.v1.Kicked;
import io.hongyan.protocol.v1.Notice;
import io.hongyan.protocol.v1.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Stock clients learn the epoch of the data, and that it is another one: from an operator, or after a backup was restored. */
@Timeout(180)
final class DataEpochTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    /** What CONNACK told. */
    static String told(HiveMq5Client client) {
        return client.answer().getUserProperties().asList().stream()
                .filter(property -> property.getName().equals(MqttUtf8String.of("data_epoch")))
                .map(property -> property.getValue().toString())
                .findFirst()
                .orElseThrow();
    }

    private static String epoch(Answered answer) {
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(200);
        return answer.body().get("dataEpoch").asText();
    }

    @Test
    void anotherEpochClosesAllConnectionsAndIsToldAtTheNextLogin() throws Exception {
        try (RunningServer server = RunningServer.start(directory)) {
            HttpApi business = HttpApi.business(server);
            String first = epoch(business.get("/v1/data"));
            try (HiveMq5Client alice = new HiveMq5Client(server, "alice:mac:a");
                    PahoClient bob = PahoClient.online(server, "bob:ios:b")) {
                assertThat(told(alice)).isEqualTo(first);
                await().atMost(PATIENCE).until(() -> first.equals(bob.dataEpoch()));
                assertThat(epoch(business.get("/v1/feed"))).isEqualTo(first);

                String second = epoch(business.post("/v1/data/epoch", null));

                assertThat(second).isNotEqualTo(first).matches("[0-9a-f]{16}");
                await().atMost(PATIENCE)
                        .until(() -> alice.ended() != null && !alice.others().isEmpty());
                await().atMost(PATIENCE)
                        .until(() -> bob.lost() != null && !bob.others("notice").isEmpty());
                assertThat(alice.ended())
                        .isInstanceOfSatisfying(
                                Mqtt5DisconnectException.class,
                                ended -> assertThat(ended.getMqttMessage().getReasonCode())
                                        .isEqualTo(Mqtt5DisconnectReasonCode.ADMINISTRATIVE_ACTION));
                assertThat(List.of(
                                Notice.parseFrom(alice.others().get(0).getPayloadAsBytes()),
                                Notice.parseFrom(bob.others("notice").get(0))))
                        .extracting(notice -> notice.getKicked().getWhy())
                        .containsOnly(Kicked.Why.DATA_CHANGED);
                assertThat(epoch(business.get("/v1/feed"))).isEqualTo(second);
                assertThat(server.metric("data_epoch_changes_total")).isEqualTo(1);
                server.restart();
                try (HiveMq5Client again = new HiveMq5Client(server, "alice:mac:a")) {
                    assertThat(told(again)).isEqualTo(second);
                }
            }
            assertThat(HttpApi.user(server, "alice")
                            .post("/v1/data/epoch", null)
                            .status())
                    .isEqualTo(403);
        }
    }

    @Test
    void aClientOfMqtt311IsToldBeforeTheFirstEntryAlsoWhereItsFiltersAreKept() throws Exception {
        try (RunningServer server = RunningServer.start(directory)) {
            try (PahoClient first = new PahoClient(server, "bob:ios:b", false)) {
                first.subscribe("u/bob/#");
            }
            try (HiveMq5Client alice = new HiveMq5Client(server, "alice:mac:a")) {
                alice.send("m1", "bob", "while you were away");
                try (PahoClient back = new PahoClient(server, "bob:ios:b", false)) {
                    assertThat(back.sessionPresent()).isTrue();
                    await().atMost(PATIENCE).until(() -> back.inbox().size() == 1);
                    assertThat(back.dataEpoch()).isEqualTo(told(alice));
                    assertThat(back.inboxBeforeEpoch()).isZero();
                    back.publish(
                            "im/call/conversations",
                            ConversationsRequest.newBuilder()
                                    .setRequestId("r")
                                    .build()
                                    .toByteArray());
                    await().atMost(PATIENCE).until(() -> back.others("reply").size() == 1);
                    assertThat(Reply.parseFrom(back.others("reply").get(0))
                                    .getConversations()
                                    .getDataEpoch())
                            .isEqualTo(told(alice));
                }
            }
        }
    }

    @Test
    void afterABackupWasRestoredNumbersAreGivenASecondTimeInAnotherEpoch() throws Exception {
        Path data = Files.createDirectory(directory.resolve("data"));
        Path backup = Files.createDirectory(directory.resolve("backup"));
        String first;
        try (RunningServer server = RunningServer.start(data);
                HiveMq5Client alice = new HiveMq5Client(server, "alice:mac:a")) {
            server.token("bob");
            first = told(alice);
        }
        copy(data, backup);
        try (RunningServer server = RunningServer.start(data);
                HiveMq5Client alice = new HiveMq5Client(server, "alice:mac:a");
                HiveMq5Client bob = new HiveMq5Client(server, "bob:mac:b")) {
            alice.send("m1", "bob", "this will be lost");
            await().atMost(PATIENCE).until(() -> bob.inbox().size() == 1);
            Map<String, String> environment = Map.of("HONGYAN_DATA_DIRECTORY", data.toString());
            assertThat(NewEpochMain.run(environment))
                    .as("a server uses the data")
                    .isEqualTo(1);
            assertThat(told(alice)).isEqualTo(first);
        }
        copy(backup, data);
        assertThat(NewEpochMain.run(Map.of("HONGYAN_DATA_DIRECTORY", data.toString())))
                .isZero();
        assertThat(NewEpochMain.run(Map.of(), "--configuration")).isEqualTo(2);

        try (RunningServer server = RunningServer.start(data);
                HiveMq5Client alice = new HiveMq5Client(server, "alice:mac:a");
                HiveMq5Client bob = new HiveMq5Client(server, "bob:mac:b")) {
            assertThat(told(alice)).isEqualTo(told(bob)).isNotEqualTo(first);
            alice.send("m2", "bob", "in its place");
            await().atMost(PATIENCE).until(() -> bob.inbox().size() == 1);
            assertThat(bob.inbox()).extracting(Received::text).containsExactly("in its place");
            assertThat(bob.inbox()).extracting(Received::seq).containsExactly(1L);
        }
    }

    @Test
    void aDatabaseThatIsOlderThanWhatTheServerHasSeenGetsAnotherEpochByItself() throws Exception {
        Path data = Files.createDirectory(directory.resolve("data"));
        Path backup = Files.createDirectory(directory.resolve("backup"));
        String first;
        try (RunningServer server = RunningServer.start(data);
                HiveMq5Client alice = new HiveMq5Client(server, "alice:mac:a")) {
            server.token("bob");
            first = told(alice);
        }
        copy(data, backup);
        Path seen = data.resolve("data-newest");
        try (RunningServer server = RunningServer.start(data);
                HiveMq5Client alice = new HiveMq5Client(server, "alice:mac:a")) {
            assertThat(told(alice)).as("nothing was lost").isEqualTo(first);
            String before = Files.readString(seen);
            for (int i = 0; i < 20; i++) {
                alice.send("m" + i, "bob", "this will be lost");
            }
            await().atMost(PATIENCE).until(() -> !Files.readString(seen).equals(before));
        }
        for (String file : List.of("hongyan.db-wal", "hongyan.db-shm")) {
            Files.deleteIfExists(data.resolve(file));
        }
        Files.copy(backup.resolve("hongyan.db"), data.resolve("hongyan.db"), StandardCopyOption.REPLACE_EXISTING);

        String second;
        try (RunningServer server = RunningServer.start(data);
                HiveMq5Client alice = new HiveMq5Client(server, "alice:mac:a")) {
            second = told(alice);
            assertThat(second).isNotEqualTo(first);
        }
        Files.writeString(seen, "what a power cut may leave");
        try (RunningServer server = RunningServer.start(data);
                HiveMq5Client alice = new HiveMq5Client(server, "alice:mac:a")) {
            assertThat(told(alice)).as("once for each loss").isEqualTo(second);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> old = Files.list(to)) {
            for (Path file : old.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
