package io.hongyan.im.core.push;

import io.hongyan.im.core.feed.EventJournal;
import io.hongyan.im.core.feed.FeedBody;
import io.hongyan.im.core.feed.Occurrence;
import io.hongyan.im.core.message.DeviceKey;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;

/** What becomes of pushes, as events of the feed. */
public final class PushFeed implements PushEvents {
    private final EventJournal journal;
    private final InstantSource clock;

    public PushFeed(EventJournal journal, InstantSource clock) {
        this.journal = journal;
        this.clock = clock;
    }

    @Override
    public CompletionStage<Void> finished(String pushId, PushCounts counts) {
        FeedBody.PushFinished body = new FeedBody.PushFinished(
                pushId, counts.recipients(), counts.stored(), counts.online(), counts.unknown());
        return journal.hand(new Occurrence(clock.millis(), body));
    }

    @Override
    public void acknowledged(DeviceKey device, String pushId) {
        FeedBody.PushAcknowledged body = new FeedBody.PushAcknowledged(pushId, device.uid(), device.device());
        journal.hand(new Occurrence(clock.millis(), body));
    }
}
