package io.hongyan.im.core.feed;

import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.Refusal;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Takes what clients report to the business line, and has it in the feed before it says so. */
public final class ReportToBusiness {
    private final EventWriter eventWriter;
    private final Map<String, ReportDestination> destinations;
    private final InstantSource clock;
    private final FeedCounters counters;
    private volatile Second current = new Second(0, new ConcurrentHashMap<>());

    /** How often whoever has reported in one second; forgotten with it, so bounded by what can be taken. */
    private record Second(long number, Map<Reporter, Integer> counts) {}

    private record Reporter(String uid, String destination) {}

    public ReportToBusiness(
            EventWriter eventWriter,
            Map<String, ReportDestination> destinations,
            InstantSource clock,
            FeedCounters counters) {
        this.eventWriter = eventWriter;
        this.destinations = Map.copyOf(destinations);
        this.clock = clock;
        this.counters = counters;
    }

    /**
     * Does not block.
     *
     * @param payload taken over by the callee
     * @return why it is refused, nothing once it is durable; exceptionally where that is not certain: then it must not
     *     be acknowledged
     */
    public CompletionStage<Optional<Refusal>> report(DeviceKey device, String destination, byte[] payload) {
        Optional<Refusal> refusal = refusal(device, destination, payload);
        if (refusal.isPresent()) {
            counters.increment(FeedCounter.REPORTS_REFUSED);
            return CompletableFuture.completedFuture(refusal);
        }
        FeedBody.Reported report = new FeedBody.Reported(device.uid(), device.device(), destination, payload);
        return eventWriter.hand(new EventDraft(clock.millis(), report)).thenApply(stored -> {
            counters.increment(FeedCounter.REPORTS_TAKEN);
            return Optional.empty();
        });
    }

    private Optional<Refusal> refusal(DeviceKey device, String name, byte[] payload) {
        ReportDestination destination = destinations.get(name);
        if (destination == null || !eventWriter.enabled()) {
            return Optional.of(Refusal.UNKNOWN_DESTINATION);
        }
        String platform = device.device().substring(0, device.device().indexOf(':'));
        if (!destination.platforms().isEmpty() && !destination.platforms().contains(platform)) {
            return Optional.of(Refusal.NOT_ALLOWED);
        }
        if (payload.length > destination.bytesMax()) {
            return Optional.of(Refusal.TOO_LARGE);
        }
        return destination.perSecondMax() > 0 && countThis(device.uid(), name) > destination.perSecondMax()
                ? Optional.of(Refusal.RATE_LIMITED)
                : Optional.empty();
    }

    private int countThis(String uid, String destination) {
        long number = clock.millis() / 1_000;
        Second second = current;
        if (second.number != number) {
            second = new Second(number, new ConcurrentHashMap<>());
            current = second;
        }
        return second.counts.merge(new Reporter(uid, destination), 1, Integer::sum);
    }
}
