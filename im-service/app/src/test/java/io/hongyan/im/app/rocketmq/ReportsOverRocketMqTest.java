package io.hongyan.im.app.rocketmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.im.app.RunningServer;
import io.hongyan.im.app.client.PahoClient;
import io.hongyan.im.app.client.RawClient;
import io.hongyan.protocol.v1.Code;
import io.hongyan.protocol.v1.FeedEvent;
import io.hongyan.protocol.v1.FeedEvent.Report;
import io.hongyan.protocol.v1.Reply;
import io.hongyan.starters.RocketMq;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What clients report, to destinations of a configuration file, as business lines get it from a real RocketMQ. */
@Tag("servers")
@Timeout(240)
final class ReportsOverRocketMqTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MALFORMED_OR_TOO_MUCH = 0x97;

    @TempDir
    Path directory;

    @Test
    void reportsGoToTheTopicsOfTheirDestinationsAndWhatMustNotBeIsRefused() throws Exception {
        RocketMq rocketMq = RocketMq.shared();
        rocketMq.makeTopics("reports-feed:2", "reports-telemetry:2");
        String yaml = "rocketmq:\n  name_servers: " + rocketMq.nameServer() + "\n  feed_topic: reports-feed\n"
                + "reports:\n  destinations:\n"
                + "    telemetry:\n      topic: reports-telemetry\n      platforms: [iot]\n"
                + "      bytes_max: 20\n      per_second_max: 3\n"
                + "    orders:\n      bytes_max: 1000\n";
        try (RunningServer server = RunningServer.startWithFile(directory, yaml);
                RawClient meter = new RawClient(server.mqttPort(), true);
                RawClient phone = new RawClient(server.mqttPort(), true);
                PahoClient till = PahoClient.online(server, "till:iot:t");
                RemotingReader telemetry =
                        new RemotingReader(rocketMq.nameServer(), "reports-telemetry", "reports-telemetry");
                RemotingReader feed = new RemotingReader(rocketMq.nameServer(), "reports-feed", "reports-feed")) {
            meter.connect("meter:iot:m", "meter", server.token("meter"), null);
            phone.connect("phone:android:p", "phone", server.token("phone"), null);

            assertThat(report(meter, 1, "telemetry", "first")).isZero();
            assertThat(report(meter, 2, "nowhere", "x")).isEqualTo(0x90);
            assertThat(report(meter, 3, "telemetry", "x".repeat(21))).isEqualTo(MALFORMED_OR_TOO_MUCH);
            assertThat(report(phone, 1, "telemetry", "x")).isEqualTo(0x87);
            assertThat(report(phone, 2, "orders", "one coffee")).isZero();
            till.publish("im/report/nowhere", new byte[] {1});
            await().atMost(PATIENCE).until(() -> till.others("reply").size() == 1);
            assertThat(Reply.parseFrom(till.others("reply").get(0)).getCode()).isEqualTo(Code.UNKNOWN_DESTINATION);

            List<String> taken = new ArrayList<>(List.of("first"));
            int refused = 0;
            for (int i = 0; i < 40; i++) {
                int reason = report(meter, 10 + i, "telemetry", "burst " + i);
                if (reason == 0) {
                    taken.add("burst " + i);
                } else {
                    assertThat(reason).isEqualTo(MALFORMED_OR_TOO_MUCH);
                    refused++;
                }
            }
            assertThat(refused).as("of 40 in about a second, at 3 per second").isPositive();
            assertThat(taken.size()).isGreaterThan(1);

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(reports(telemetry))
                            .extracting(report -> report.getPayload().toStringUtf8())
                            .containsExactlyElementsOf(taken));
            assertThat(reports(telemetry))
                    .allMatch(report -> report.getUid().equals("meter")
                            && report.getDevice().equals("iot:m")
                            && report.getDestination().equals("telemetry"));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(reports(feed))
                            .extracting(report -> report.getPayload().toStringUtf8())
                            .containsExactly("one coffee"));
            assertThat(server.metric("feed_reports_refused_total")).isEqualTo(4L + refused);
            assertThat(server.metric("feed_reports_taken_total")).isEqualTo(1L + taken.size());
        }
    }

    /** @return the reason code of the PUBACK */
    private static int report(RawClient client, int packetId, String destination, String payload) throws Exception {
        RawClient.Packet answer =
                client.publish(packetId, 1, "im/report/" + destination, payload.getBytes(StandardCharsets.UTF_8));
        assertThat(answer.type()).isEqualTo(RawClient.PUBACK);
        return answer.reason();
    }

    private static List<Report> reports(RemotingReader reader) {
        return FeedOverRocketMqTest.parsed(reader).stream()
                .filter(FeedEvent::hasReport)
                .map(FeedEvent::getReport)
                .toList();
    }
}
