package io.hongyan.im.app.rocketmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hongyan.im.adapter.rocketmq.ClientSettings;
import io.hongyan.im.adapter.rocketmq.FeedTopics;
import io.hongyan.im.adapter.rocketmq.RocketMqSink;
import io.hongyan.im.app.DevelopmentCertificate;
import io.hongyan.im.core.data.DataEpoch;
import io.hongyan.im.core.feed.FeedBody.NodeStarted;
import io.hongyan.im.core.feed.FeedBody.Reported;
import io.hongyan.im.core.feed.FeedEncoding;
import io.hongyan.im.core.feed.FeedEvent;
import io.hongyan.starters.RocketMq;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.rocketmq.common.message.MessageExt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the sink does with batches, alone, against a real RocketMQ. */
@Tag("servers")
@Timeout(240)
final class RocketMqSinkTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TRUST = "javax.net.ssl.trustStore";
    private static final int SEND_TIMEOUT_MILLIS = 3_000;

    private static final FeedEncoding TEXT = new FeedEncoding() {
        @Override
        public byte[] encode(FeedEvent event) {
            return (event.key() + ' ' + event.keySeq()).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String contentType() {
            return "text/plain";
        }
    };

    @Test
    void aPartitionGoesToOneQueueInOrderWithWhatConsumersSelectBy() throws Exception {
        RocketMq rocketMq = RocketMq.shared();
        rocketMq.makeTopics("sink-order:3", "sink-reports:2");
        FeedTopics topics = new FeedTopics("sink-order", Map.of("sensors", "sink-reports"));
        try (RocketMqSink sink = sink(rocketMq.nameServer(), topics);
                RemotingReader feed = new RemotingReader(rocketMq.nameServer(), "sink-order", "sink-order");
                RemotingReader reports = new RemotingReader(rocketMq.nameServer(), "sink-reports", "sink-reports")) {
            List<Future<Void>> sent = new ArrayList<>();
            for (int partition = 0; partition < 5; partition++) {
                sent.add(send(sink, partition, nodeEvents("n" + partition, 1, 40)));
            }
            sent.add(send(sink, 5, List.of(report("sensors", 1), report("elsewhere", 2))));
            for (Future<Void> one : sent) {
                one.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(feed.received()).hasSize(201));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(reports.received()).hasSize(1));
            for (int partition = 0; partition < 5; partition++) {
                String key = "node:n" + partition;
                List<MessageExt> ofKey = feed.received().stream()
                        .filter(message -> message.getKeys().equals(key))
                        .toList();
                assertThat(ofKey).extracting(MessageExt::getQueueId).containsOnly(partition % 3);
                assertThat(ofKey).extracting(MessageExt::getTags).containsOnly("node_started");
                assertThat(ofKey)
                        .extracting(message -> Integer.parseInt(message.getUserProperty("key_seq")))
                        .containsExactlyElementsOf(numbers(1, 40));
                assertThat(ofKey).extracting(RocketMqSinkTest::body).startsWith(key + " 1", key + " 2");
            }
            assertThat(body(reports.received().get(0))).isEqualTo("user:alice 1");
            assertThat(reports.received().get(0).getUserProperty("form")).isEqualTo("text");
            assertThat(reports.received().get(0).getUserProperty("data_epoch")).isEqualTo("e1");
        }
    }

    @Test
    void aMissingTopicFailsWithItsNameAndHealsWhenItIsMade() throws Exception {
        RocketMq rocketMq = RocketMq.shared();
        try (RocketMqSink sink = sink(rocketMq.nameServer(), new FeedTopics("sink-later", Map.of()))) {
            assertThatThrownBy(() -> send(sink, 0, nodeEvents("a", 1, 2)).get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("topic sink-later does not exist");
            rocketMq.makeTopics("sink-later:1");
            await().atMost(PATIENCE)
                    .ignoreException(ExecutionException.class)
                    .until(() ->
                            send(sink, 0, nodeEvents("a", 1, 2)).get(PATIENCE.toSeconds(), TimeUnit.SECONDS) == null);
        }
    }

    @Test
    void whereNobodyListensTheFailureSaysSoAndClosingIsQuick() throws Exception {
        try (RocketMqSink sink = sink("127.0.0.1:1", new FeedTopics("nowhere", Map.of()))) {
            assertThatThrownBy(() -> send(sink, 0, nodeEvents("a", 1, 2)).get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("RocketMQ cannot be reached");
        }
    }

    /** A store that Java trusts is what {@code -Djavax.net.ssl.trustStore} of the server's JVM names. */
    @Test
    void overTlsOnlyCertificatesOfATrustedAuthorityAreTaken(@TempDir Path directory) throws Exception {
        DevelopmentCertificate certificate = DevelopmentCertificate.make(directory);
        RocketMq rocketMq = RocketMq.shared();
        rocketMq.makeTopics("sink-tls:1");
        rocketMq.kill();
        rocketMq.startWith(
                "--certificate", certificate.file("server.pem").toString(),
                "--key", certificate.file("server-key.pem").toString());
        FeedTopics topics = new FeedTopics("sink-tls", Map.of());
        try (RocketMqSink distrustful = sink(rocketMq.nameServer(), topics, true)) {
            assertThatThrownBy(() ->
                            send(distrustful, 0, nodeEvents("a", 1, 2)).get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class);
        }
        System.setProperty(TRUST, certificate.trustStore().toString());
        try (RocketMqSink trusting = sink(rocketMq.nameServer(), topics, true)) {
            await().atMost(PATIENCE)
                    .ignoreException(ExecutionException.class)
                    .until(() -> send(trusting, 0, nodeEvents("a", 1, 2)).get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                            == null);
        } finally {
            System.clearProperty(TRUST);
            rocketMq.kill();
            rocketMq.startWith();
        }
    }

    private static RocketMqSink sink(String nameServer, FeedTopics topics) {
        return sink(nameServer, topics, false);
    }

    private static RocketMqSink sink(String nameServer, FeedTopics topics, boolean tls) {
        ClientSettings client = new ClientSettings(nameServer, "sink-test", SEND_TIMEOUT_MILLIS, tls);
        return new RocketMqSink(client, topics, TEXT, "text", Clock.systemUTC());
    }

    private static Future<Void> send(RocketMqSink sink, int partition, List<FeedEvent> events) {
        return sink.send(partition, events, new DataEpoch("e1", 0)).toCompletableFuture();
    }

    private static List<FeedEvent> nodeEvents(String node, int from, int to) {
        return numbers(from, to).stream()
                .map(number -> new FeedEvent("node:" + node, number, 0, new NodeStarted(node)))
                .toList();
    }

    private static FeedEvent report(String destination, long number) {
        return new FeedEvent("user:alice", number, 0, new Reported("alice", "iot:a", destination, new byte[] {1}));
    }

    private static List<Integer> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).boxed().toList();
    }

    private static String body(MessageExt message) {
        return new String(message.getBody(), StandardCharsets.UTF_8);
    }
}
