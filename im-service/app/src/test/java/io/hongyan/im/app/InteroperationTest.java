package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.im.app.client.ChatClient;
import io.hongyan.im.app.client.ChatClient.Received;
import io.hongyan.im.app.client.HiveMq3Client;
import io.hongyan.im.app.client.HiveMq5Client;
import io.hongyan.im.app.client.MosquittoClient;
import io.hongyan.im.app.client.PahoClient;
import io.hongyan.im.app.client.Programs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Stock clients of six makers, with both encodings and protocol versions, over TCP and WebSocket, write to each other.
 */
@Tag("servers")
@Timeout(240)
final class InteroperationTest {
    private static final String TEXT = "鸿雁 🪿 \"to\" ";

    @TempDir
    Path directory;

    @Test
    void everyClientReachesEveryOther() throws Exception {
        try (RunningServer server = RunningServer.start(directory)) {
            List<ChatClient> clients = new ArrayList<>();
            try {
                clients.add(PahoClient.online(server, "paho:iot:java"));
                clients.add(new HiveMq3Client(server, "hivemq3"));
                clients.add(new HiveMq5Client(server, "hivemq5:iot:java"));
                clients.add(new MosquittoClient(server, "mosquitto311", "311"));
                clients.add(new MosquittoClient(server, "mosquitto5", "5"));
                clients.add(Programs.python(server, "python"));
                clients.add(Programs.node(server, "node"));
                writeToEachOther(clients);
            } finally {
                for (ChatClient client : clients) {
                    client.close();
                }
            }
        }
    }

    private static void writeToEachOther(List<ChatClient> clients) throws Exception {
        for (ChatClient from : clients) {
            for (ChatClient to : clients) {
                if (from != to) {
                    from.send(from.uid() + '-' + to.uid(), to.uid(), TEXT + to.uid());
                }
            }
        }
        for (ChatClient to : clients) {
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(messagesOfOthers(to))
                            .as("inbox of %s", to.uid())
                            .containsExactlyInAnyOrderElementsOf(expected(clients, to)));
            assertThat(to.inbox()).extracting(Received::inboxSeq).isSorted().doesNotHaveDuplicates();
        }
    }

    private static List<String> messagesOfOthers(ChatClient client) {
        return client.inbox().stream()
                .filter(received -> !received.from().equals(client.uid()))
                .map(received -> received.from() + '|' + received.id() + '|' + received.text())
                .toList();
    }

    private static List<String> expected(List<ChatClient> clients, ChatClient to) {
        return clients.stream()
                .filter(from -> from != to)
                .map(from -> from.uid() + '|' + from.uid() + '-' + to.uid() + '|' + TEXT + to.uid())
                .toList();
    }
}
