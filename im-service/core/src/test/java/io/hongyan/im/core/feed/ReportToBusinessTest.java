package io.hongyan.im.core.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.feed.FeedBody.Reported;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.simulation.InMemoryFeed;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ReportToBusinessTest {
    private static final DeviceKey PHONE = new DeviceKey("alice", "android:phone");
    private static final DeviceKey METER = new DeviceKey("alice", "iot:meter");

    private final InMemoryFeed storage = new InMemoryFeed();
    private final FeedCounters counters = new FeedCounters();
    private final EventWriter eventWriter =
            new EventWriter(storage, EventWriterLimits.DEFAULT, millis -> {}, counters, true);
    private long now = 5_000;
    private final ReportToBusiness reports = new ReportToBusiness(
            eventWriter,
            Map.of(
                    "any", new ReportDestination(List.of(), 10, 0),
                    "meters", new ReportDestination(List.of("iot"), 10, 2)),
            () -> Instant.ofEpochMilli(now),
            counters);

    @Test
    void aReportIsTakenOnceItIsStored() throws InterruptedException {
        CompletableFuture<Optional<Refusal>> answer = report(PHONE, "any", 3);
        assertThat(answer).isNotDone();
        eventWriter.runOnce(0);
        assertThat(answer).isCompletedWithValue(Optional.empty());
        List<FeedEvent> events = storage.read(FeedPosition.START, FeedPosition.END, Partitions.all(), 10, 100)
                .events();
        assertThat(events).hasSize(1);
        assertThat(events.get(0).key()).isEqualTo("user:alice");
        assertThat(((Reported) events.get(0).body()).payload()).hasSize(3);
    }

    @Test
    void anUnknownDestinationIsRefused() {
        assertThat(report(PHONE, "other", 3)).isCompletedWithValue(Optional.of(Refusal.UNKNOWN_DESTINATION));
        assertThat(report(PHONE, "", 3)).isCompletedWithValue(Optional.of(Refusal.UNKNOWN_DESTINATION));
    }

    @Test
    void aPlatformThatMayNotIsRefused() {
        assertThat(report(PHONE, "meters", 3)).isCompletedWithValue(Optional.of(Refusal.NOT_ALLOWED));
        assertThat(report(METER, "meters", 3)).isNotDone();
    }

    @Test
    void whatIsTooLargeIsRefused() {
        assertThat(report(PHONE, "any", 11)).isCompletedWithValue(Optional.of(Refusal.TOO_LARGE));
        assertThat(report(PHONE, "any", 10)).isNotDone();
    }

    @Test
    void whoIsTooFastIsRefusedUntilTheNextSecond() {
        assertThat(report(METER, "meters", 1)).isNotDone();
        assertThat(report(METER, "meters", 1)).isNotDone();
        assertThat(report(METER, "meters", 1)).isCompletedWithValue(Optional.of(Refusal.RATE_LIMITED));
        assertThat(report(new DeviceKey("bob", "iot:meter"), "meters", 1)).isNotDone();
        now += 1_000;
        assertThat(report(METER, "meters", 1)).isNotDone();
        assertThat(counters.value(FeedCounter.REPORTS_REFUSED)).isEqualTo(1);
    }

    private CompletableFuture<Optional<Refusal>> report(DeviceKey device, String destination, int bytes) {
        return reports.report(device, destination, new byte[bytes]).toCompletableFuture();
    }
}
