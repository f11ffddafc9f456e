package io.hongyan.im.app.rocketmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.InvalidProtocolBufferException;
import io.hongyan.im.app.RunningServer;
import io.hongyan.im.app.client.HiveMq5Client;
import io.hongyan.protocol.v1.FeedEvent;
import io.hongyan.protocol.v1.FeedEvent.BodyCase;
import io.hongyan.starters.RocketMq;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.rocketmq.common.message.MessageExt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Messages of real clients, as RocketMQ's own consumers get them, while RocketMQ is up and while it is not. */
@Tag("servers")
@Timeout(300)
final class FeedOverRocketMqTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path directory;

    @Test
    void remotingAndGrpcConsumersSeeEveryMessageInOrder() throws Exception {
        RocketMq rocketMq = RocketMq.shared();
        rocketMq.makeTopics("feed-both:4");
        rocketMq.makeGroups("feed-both-grpc:ordered");
        try (RunningServer server = server(rocketMq, "feed-both");
                HiveMq5Client alice = new HiveMq5Client(server, "alice:iot:a");
                RemotingReader remoting = new RemotingReader(rocketMq.nameServer(), "feed-both", "feed-both");
                GrpcReader grpc = new GrpcReader(rocketMq.proxy(), "feed-both-grpc", "feed-both")) {
            List<String> others = List.of("bob", "carol", "dave");
            others.forEach(server::token);
            for (int i = 1; i <= 20; i++) {
                for (String other : others) {
                    alice.send(other + i, other, "number " + i);
                }
            }
            for (String other : others) {
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertTextsInOrder(parsed(remoting), "direct:alice|" + other, 20));
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertTextsInOrder(parse(grpc.received()), "direct:alice|" + other, 20));
            }
            await().atMost(PATIENCE).until(() -> server.metric("feed_events_behind") == 0);
        }
    }

    @Test
    void whatIsSentWhileRocketMqIsKilledArrivesWhenItIsBack() throws Exception {
        RocketMq rocketMq = RocketMq.shared();
        rocketMq.makeTopics("feed-killed:2");
        try (RunningServer server = server(rocketMq, "feed-killed");
                HiveMq5Client alice = new HiveMq5Client(server, "alice:iot:a")) {
            server.token("bob");
            send(alice, 1, 50);
            rocketMq.kill();
            try {
                // Each waits for its PUBACK: nothing of this waits for RocketMQ.
                send(alice, 51, 300);
                await().atMost(PATIENCE).until(() -> server.metric("feed_events_behind") > 0);
                await().atMost(PATIENCE).until(() -> server.metric("feed_partitions_failing") > 0);
            } finally {
                rocketMq.start();
            }
            send(alice, 301, 320);
            try (RemotingReader reader = new RemotingReader(rocketMq.nameServer(), "feed-killed", "feed-killed")) {
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertTextsInOrder(parsed(reader), "direct:alice|bob", 320));
            }
            await().atMost(PATIENCE).until(() -> server.metric("feed_events_behind") == 0);
            assertThat(server.metric("feed_partitions_failing")).isZero();
        }
    }

    @Test
    void withoutTheTopicTheFeedWaitsAndGoesOnWhenItIsMade() throws Exception {
        RocketMq rocketMq = RocketMq.shared();
        try (WarningsOf log = new WarningsOf("io.hongyan");
                RunningServer server = server(rocketMq, "feed-late");
                HiveMq5Client alice = new HiveMq5Client(server, "alice:iot:a")) {
            server.token("bob");
            send(alice, 1, 30);
            await().atMost(PATIENCE).until(() -> server.metric("feed_partitions_failing") > 0);
            assertThat(log.messages())
                    .filteredOn(message -> message.contains("feed"))
                    .as("said once, by the sink, for all partitions")
                    .singleElement()
                    .asString()
                    .contains("the feed to RocketMQ is held up", "topic feed-late");
            rocketMq.makeTopics("feed-late:1");
            try (RemotingReader reader = new RemotingReader(rocketMq.nameServer(), "feed-late", "feed-late")) {
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertTextsInOrder(parsed(reader), "direct:alice|bob", 30));
            }
        }
    }

    private RunningServer server(RocketMq rocketMq, String topic) throws Exception {
        return RunningServer.start(
                directory,
                "HONGYAN_ROCKETMQ_NAME_SERVERS",
                rocketMq.nameServer(),
                "HONGYAN_ROCKETMQ_FEED_TOPIC",
                topic);
    }

    private static void send(HiveMq5Client alice, int from, int to) throws Exception {
        for (int i = from; i <= to; i++) {
            alice.send("m" + i, "bob", "number " + i);
        }
    }

    /** With repetitions dropped by the rule of the contract, the messages of the key are those sent, in order. */
    static void assertTextsInOrder(List<FeedEvent> events, String key, int count) {
        Map<String, Long> last = new HashMap<>();
        List<String> texts = new ArrayList<>();
        for (FeedEvent event : events) {
            if (event.getKeySeq() <= last.getOrDefault(event.getKey(), 0L)) {
                continue;
            }
            last.put(event.getKey(), event.getKeySeq());
            if (event.getKey().equals(key) && event.getBodyCase() == BodyCase.MESSAGE_STORED) {
                texts.add(event.getMessageStored()
                        .getMessage()
                        .getContent()
                        .getText()
                        .getText());
                assertThat(event.getKeySeq()).isEqualTo(texts.size());
            }
        }
        List<String> sent = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            sent.add("number " + i);
        }
        assertThat(texts).isEqualTo(sent);
    }

    static List<FeedEvent> parsed(RemotingReader reader) {
        return parse(reader.received().stream().map(MessageExt::getBody).toList());
    }

    static List<FeedEvent> parse(List<byte[]> bodies) {
        List<FeedEvent> events = new ArrayList<>();
        try {
            for (byte[] body : bodies) {
                events.add(FeedEvent.parseFrom(body));
            }
        } catch (InvalidProtocolBufferException malformed) {
            throw new AssertionError(malformed);
        }
        return events;
    }
}
