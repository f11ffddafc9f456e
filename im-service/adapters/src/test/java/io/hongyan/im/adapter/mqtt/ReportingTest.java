package io.hongyan.im.adapter.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.broker.hook.ConnectionId;
import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.broker.hook.PublishRequest;
import io.hongyan.broker.hook.PublishVerdict;
import io.hongyan.broker.hook.PublishVerdict.Acknowledge;
import io.hongyan.broker.hook.PublishVerdict.CloseUnanswered;
import io.hongyan.im.core.MessagingLimits;
import io.hongyan.im.core.feed.EventWriterLimits;
import io.hongyan.im.core.feed.FeedBody.Reported;
import io.hongyan.im.core.feed.FeedBody.SessionClosed;
import io.hongyan.im.core.feed.FeedEvent;
import io.hongyan.im.core.feed.FeedOptions;
import io.hongyan.im.core.feed.FeedPosition;
import io.hongyan.im.core.feed.Partitions;
import io.hongyan.im.core.feed.RelayLimits;
import io.hongyan.im.core.feed.ReportDestination;
import io.hongyan.im.core.feed.SessionEnd;
import io.hongyan.protocol.ErrorCode;
import io.hongyan.protocol.v1.Reply;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class ReportingTest {
    private static final byte[] PAYLOAD = {0, -1, 'x'};
    private static final FeedOptions OPTIONS = new FeedOptions(
            true,
            true,
            Map.of("telemetry", new ReportDestination(List.of("iot"), 10, 2)),
            new EventWriterLimits(3, 1_000, 10, 1_000, 2, 1),
            RelayLimits.DEFAULT,
            1_000,
            1_000,
            0);

    private final AdapterUnderTest adapter =
            new AdapterUnderTest(TopicAccess.OWN, MessagingLimits.DEFAULT.withFeed(OPTIONS));
    private final ConnectionId meter = adapter.listening("alice:iot:meter", "u/alice/reply");

    @Test
    void aReportIsInTheFeedWhenItIsAcknowledged() {
        assertThat(report(meter, "im/report/telemetry", PAYLOAD)).isSameAs(Acknowledge.plain());
        List<Reported> reports = reports();
        assertThat(reports).hasSize(1);
        assertThat(reports.get(0))
                .usingRecursiveComparison()
                .isEqualTo(new Reported("alice", "iot:meter", "telemetry", PAYLOAD));
    }

    @Test
    void aReportIsNotAcknowledgedBeforeItIsStored() {
        var stage = adapter.hook.publishing(new PublishRequest(meter, "im/report/telemetry", PAYLOAD, 1));
        assertThat(stage.toCompletableFuture()).isNotDone();
        assertThat(reports()).isEmpty();
        adapter.publish(meter, "im/report/telemetry", PAYLOAD, 1);
        assertThat(stage.toCompletableFuture()).isCompletedWithValue(Acknowledge.plain());
    }

    @Test
    void theJsonTwinTakesTheSameBytes() {
        ConnectionId other = adapter.listening("bob:iot:meter", "json/u/bob/reply");
        assertThat(report(other, "json/im/report/telemetry", PAYLOAD)).isSameAs(Acknowledge.plain());
        assertThat(reports().get(0).payload()).isEqualTo(PAYLOAD);
        assertRefused(report(other, "im/report/telemetry", PAYLOAD), ErrorCode.FORM_MIXED);
    }

    @Test
    void aReportThatMustNotBeIsRefusedWithItsReason() throws Exception {
        assertRefused(report(meter, "im/report/other", PAYLOAD), ErrorCode.UNKNOWN_DESTINATION);
        assertRefused(report(meter, "im/report/", PAYLOAD), ErrorCode.UNKNOWN_DESTINATION);
        assertRefused(report(meter, "im/report/telemetry/x", PAYLOAD), ErrorCode.UNKNOWN_DESTINATION);
        assertRefused(report(meter, "im/report/telemetry", new byte[11]), ErrorCode.TOO_LARGE);
        ConnectionId phone = adapter.listening("alice:android:a", "u/alice/reply");
        Acknowledge refused = assertRefused(report(phone, "im/report/telemetry", PAYLOAD), ErrorCode.NOT_ALLOWED);
        assertThat(Reply.parseFrom(refused.reply().payload()).getCode()).isEqualTo(ErrorCode.NOT_ALLOWED.code());
        report(meter, "im/report/telemetry", new byte[0]);
        report(meter, "im/report/telemetry", new byte[10]);
        assertRefused(report(meter, "im/report/telemetry", PAYLOAD), ErrorCode.RATE_LIMITED);
        assertThat(reports()).hasSize(2);
    }

    @Test
    void whatTheStorageDoesNotTakeIsNotAcknowledged() {
        for (int i = 0; i < 3; i++) {
            ConnectionId other = adapter.online("user" + i + ":iot:meter");
            assertThat(other).isNotNull();
        }
        for (int i = 0; i < 3; i++) {
            ConnectionId one = new ConnectionId("gate", 2 + i);
            adapter.hook.publishing(new PublishRequest(one, "im/report/telemetry", PAYLOAD, 1));
        }
        var fourth = adapter.hook.publishing(new PublishRequest(meter, "im/report/telemetry", PAYLOAD, 1));
        assertThat(AdapterUnderTest.now(fourth)).isInstanceOf(CloseUnanswered.class);
    }

    @Test
    void theEndOfASessionIsToldWithItsReason() {
        adapter.hook.disconnected(meter, DisconnectCause.KEEP_ALIVE_TIMEOUT, AdapterUnderTest.NOW, 0);
        adapter.online("bob:iot:b");
        assertThat(events().stream()
                        .filter(event -> event.body() instanceof SessionClosed)
                        .map(event -> ((SessionClosed) event.body()).why()))
                .containsExactly(SessionEnd.LOST);
    }

    private PublishVerdict report(ConnectionId connection, String topic, byte[] payload) {
        return adapter.publish(connection, topic, payload, 1);
    }

    private static Acknowledge assertRefused(PublishVerdict verdict, ErrorCode code) {
        Acknowledge refused = (Acknowledge) verdict;
        assertThat(refused.reasonCode()).isEqualTo(code.mqttReason());
        assertThat(refused.reason()).isEqualTo(code.sentence());
        return refused;
    }

    private List<Reported> reports() {
        return events().stream()
                .filter(event -> event.body() instanceof Reported)
                .map(event -> (Reported) event.body())
                .toList();
    }

    private List<FeedEvent> events() {
        return adapter.storage
                .ports()
                .feed()
                .feed()
                .read(FeedPosition.START, FeedPosition.END, Partitions.all(), 1_000, 1_000_000)
                .events();
    }
}
