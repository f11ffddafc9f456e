package io.hongyan.im.core.push;

import io.hongyan.im.core.feed.EventJournal;
import io.hongyan.im.core.feed.FeedBody;
import io.hongyan.im.core.feed.Occurrence;
import io.hongyan.im.core.message.DeviceKey;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;

/** What becomes of pushes, as events of the feed. */
public final class PushEventsInFeed implements PushEvents {
    private final EventJournal journal;
    private final InstantSource clock;

    public PushEventsInFeed(EventJournal journal, InstantSource clock) {
        this.journal = journal;
        this.clock = clock;
    }

    @Override
    public CompletionStage<Void> finished(String pushId, PushCounts counts) {
        return journal.hand(new Occurrence(
                clock.millis(),
                new FeedBody.PushFinished(
                        pushId, counts.recipients(), counts.stored(), counts.online(), counts.unknown())));
    }

    @Override
    public void acknowledged(DeviceKey device, String pushId) {
        // Refused where too much waits, and counted there.
        journal.hand(
                new Occurrence(clock.millis(), new FeedBody.PushAcknowledged(pushId, device.uid(), device.device())));
    }
}
