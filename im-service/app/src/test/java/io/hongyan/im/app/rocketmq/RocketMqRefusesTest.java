package io.hongyan.im.app.rocketmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.im.app.RunningServer;
import io.hongyan.im.app.client.PahoClient;
import io.hongyan.protocol.v1.FeedEvent;
import io.hongyan.starters.RocketMq;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A RocketMQ that is up and refuses what it is sent: clients notice nothing, and nothing is lost. */
@Tag("servers")
@Timeout(300)
final class RocketMqRefusesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int MIB = 1 << 20;

    @TempDir
    Path directory;

    @Test
    void whileTheBrokerIsFullOrMayNotBeWrittenToEverythingWaits() throws Exception {
        RocketMq rocketMq = RocketMq.shared();
        rocketMq.makeTopics("refused-feed:2:readonly");
        try (RunningServer server = server(rocketMq, "refused");
                PahoClient alice = PahoClient.online(server, "alice:iot:a");
                PahoClient bob = PahoClient.online(server, "bob:iot:b")) {
            // May not be written to.
            send(alice, 1, 10);
            alice.publish("im/report/ownTopic", new byte[] {1});
            held(server);
            rocketMq.makeTopics("refused-feed:2");
            try (RemotingReader reader = new RemotingReader(rocketMq.nameServer(), "refused", "refused-feed")) {
                arrived(reader, 10);

                // The disk is full.
                rocketMq.beFull(true);
                try {
                    send(alice, 11, 200);
                    alice.publish("im/report/ownTopic", new byte[] {2});
                    held(server);
                    await().atMost(PATIENCE).until(() -> bob.inbox().size() == 200);
                } finally {
                    rocketMq.beFull(false);
                }
                arrived(reader, 200);

                // One topic is missing: events for other topics, under other keys, do not wait for it.
                send(alice, 201, 210);
                arrived(reader, 210);
                failing(server, 1);
                rocketMq.makeTopics("refused-reports:1");
                try (RemotingReader reports =
                        new RemotingReader(rocketMq.nameServer(), "refused-reports", "refused-reports")) {
                    await().atMost(PATIENCE)
                            .untilAsserted(() -> assertThat(payloads(reports)).containsExactly(1, 2));
                }
                await().atMost(PATIENCE).until(() -> server.metric("feed_events_behind") == 0);
                failing(server, 0);
                assertThat(server.faults()).isEmpty();
            }
        }
    }

    @Test
    void aReportThatIsTooLargeForTheBrokerHoldsUpItsPartitionUntilTheLimitIsRaised() throws Exception {
        RocketMq rocketMq = RocketMq.shared();
        rocketMq.makeTopics("large-feed:2", "large-reports:1");
        rocketMq.kill();
        rocketMq.startWith("--message-bytes-max", "" + 3 * MIB / 2);
        try (RunningServer server = server(rocketMq, "large");
                PahoClient alice = PahoClient.online(server, "alice:iot:a")) {
            server.token("bob");
            byte[] large = new byte[2 * MIB];
            new Random(1).nextBytes(large);
            alice.publish("im/report/ownTopic", large);
            alice.publish("im/report/ownTopic", new byte[] {1});
            held(server);
            send(alice, 1, 10);
            try (RemotingReader reader = new RemotingReader(rocketMq.nameServer(), "large", "large-feed")) {
                arrived(reader, 10);
            }
            failing(server, 1);
            rocketMq.kill();
            rocketMq.start();
            try (RemotingReader reports = new RemotingReader(rocketMq.nameServer(), "large-reports", "large-reports")) {
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(payloads(reports)).containsExactly(2 * MIB, 1));
            }
            await().atMost(PATIENCE).until(() -> server.metric("feed_events_behind") == 0);
        }
    }

    private RunningServer server(RocketMq rocketMq, String prefix) throws Exception {
        return RunningServer.startWithFile(
                directory,
                "rocketmq:\n  name_servers: " + rocketMq.nameServer() + "\n  feed_topic: " + prefix + "-feed\n"
                        + "mqtt:\n  packet_bytes_max: 4194304\n"
                        + "reports:\n  destinations:\n    ownTopic:\n      topic: " + prefix + "-reports\n"
                        + "      bytes_max: 3000000\n");
    }

    /** Each waits for its PUBACK: nothing of this waits for RocketMQ. */
    private static void send(PahoClient alice, int from, int to) throws Exception {
        for (int i = from; i <= to; i++) {
            alice.send("m" + i, "bob", "number " + i);
        }
    }

    private static void held(RunningServer server) {
        await().atMost(PATIENCE)
                .until(() -> server.metric("feed_events_behind") > 0 && server.metric("feed_partitions_failing") > 0);
        server.awaitReady();
    }

    /** A reader can get a message before its sender knows that it was stored: the test waits for it. */
    private static void failing(RunningServer server, int partitions) {
        await().atMost(PATIENCE).until(() -> server.metric("feed_partitions_failing") == partitions);
    }

    private static void arrived(RemotingReader reader, int messages) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> FeedOverRocketMqTest.assertTextsInOrder(
                        FeedOverRocketMqTest.parsed(reader), "direct:alice|bob", messages));
    }

    /** Of reports: the size, of one byte the byte itself; what came again once. */
    private static List<Integer> payloads(RemotingReader reader) {
        return FeedOverRocketMqTest.parsed(reader).stream()
                .filter(FeedEvent::hasReport)
                .map(event -> event.getReport().getPayload())
                .map(payload -> payload.size() == 1 ? payload.byteAt(0) : payload.size())
                .distinct()
                .toList();
    }
}
