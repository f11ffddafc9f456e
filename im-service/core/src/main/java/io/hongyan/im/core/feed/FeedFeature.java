package io.hongyan.im.core.feed;

import io.hongyan.im.core.data.DataEpoch;
import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.send.Pause;
import io.hongyan.im.core.work.Feature;
import io.hongyan.im.core.work.PeriodicTask;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Has business systems learn what happens. */
public final class FeedFeature implements Feature {
    private static final long SERVE_MILLIS = 20;
    private static final long TRIM_MILLIS = 1_000;
    /** Of events, each of them short, so that messages come in between. */
    private static final int TRIM_SLICES_MAX = 20;

    private final FeedStorage storage;
    private final FeedOptions options;
    private final InstantSource clock;
    private final FeedCounters counters = new FeedCounters();
    private final EventWriter eventWriter;
    private final ReportToBusiness reportToBusiness;
    private final ReadFeed readFeed;
    private volatile boolean relayed;

    /** @param pause how the event writer waits between two attempts to store a batch */
    public FeedFeature(
            FeedStorage storage, BlockingWork blocking, InstantSource clock, Pause pause, FeedOptions options) {
        this.storage = storage;
        this.options = options;
        this.clock = clock;
        this.eventWriter = new EventWriter(storage.events(), options.eventWriter(), pause, counters, options.enabled());
        this.reportToBusiness = new ReportToBusiness(eventWriter, options.destinations(), clock, counters);
        this.readFeed = new ReadFeed(storage.feed(), blocking, clock);
    }

    public FeedCounters counters() {
        return counters;
    }

    /** To be driven from one thread; without it no login is answered where there is a feed. */
    public EventWriter eventWriter() {
        return eventWriter;
    }

    public ReportToBusiness reportToBusiness() {
        return reportToBusiness;
    }

    public ReadFeed readFeed() {
        return readFeed;
    }

    /** There will be a relay: what it has not sent is not trimmed from now on. */
    public void expectRelay() {
        relayed = true;
    }

    /**
     * Makes the relay to a sink, to be driven from one thread. From then on what it has not sent is not trimmed.
     *
     * @param holder names this server, and stays the same over its restarts
     * @param epoch of the data, as it is known now
     */
    public FeedRelay relayTo(FeedSink sink, String holder, Supplier<DataEpoch> epoch) {
        relayed = true;
        return new FeedRelay(
                storage.feed(), storage.partitions(), sink, holder, epoch, options.relay(), clock, counters);
    }

    /** Notes that all earlier sessions of this node are over: before the first client comes. Blocks. */
    public void noteStart(String node) {
        if (eventWriter.enabled()) {
            storage.events().append(List.of(new EventDraft(clock.millis(), new FeedBody.NodeStarted(node))));
        }
    }

    /**
     * Notes that a gate has come to this node: all earlier sessions there are over, but for those that are opened again
     * after this. Does not block.
     *
     * @return exceptionally where too much waits to be noted
     */
    public CompletionStage<Void> noteGate(String gate) {
        return eventWriter.hand(new EventDraft(clock.millis(), new FeedBody.NodeStarted(gate)));
    }

    /** Stores receipts, where they are wanted. Blocks. */
    public void noteReceipts(List<FeedBody.Receipt> receipts) {
        if (eventWriter.enabled() && options.receipts()) {
            long now = clock.millis();
            storage.events()
                    .append(receipts.stream()
                            .map(receipt -> new EventDraft(now, receipt))
                            .toList());
            counters.add(FeedCounter.EVENTS_STORED, receipts.size());
        }
    }

    @Override
    public List<PeriodicTask> tasks() {
        List<PeriodicTask> tasks = new ArrayList<>();
        if (eventWriter.enabled()) {
            tasks.add(new PeriodicTask("trim events", TRIM_MILLIS, this::trimSomeEvents));
        }
        if (options.messageAgeMaxMillis() > 0) {
            tasks.add(new PeriodicTask("trim messages of the feed", TRIM_MILLIS, this::trimSomeMessages));
        }
        tasks.add(new PeriodicTask("serve waiting readers of the feed", SERVE_MILLIS, readFeed::serveWaiting));
        return tasks;
    }

    private void trimSomeEvents() {
        long olderThan = clock.millis() - options.eventAgeMaxMillis();
        for (int slice = 0; slice < TRIM_SLICES_MAX; slice++) {
            long trimmed = storage.events().trim(olderThan, options.eventsMax(), relayed);
            if (trimmed == 0) {
                return;
            }
            counters.add(FeedCounter.EVENTS_TRIMMED, trimmed);
        }
    }

    private void trimSomeMessages() {
        long olderThan = clock.millis() - options.messageAgeMaxMillis();
        long trimmed = 1;
        for (int slice = 0; slice < TRIM_SLICES_MAX && trimmed > 0; slice++) {
            trimmed = storage.events().trimMessages(olderThan, relayed);
            counters.add(FeedCounter.MESSAGES_TRIMMED, trimmed);
        }
    }
}
