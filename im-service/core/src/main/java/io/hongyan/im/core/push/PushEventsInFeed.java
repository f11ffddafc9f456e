package io.hongyan.im.core.push;

import io.hongyan.im.core.feed.EventDraft;
import io.hongyan.im.core.feed.FeedBody;
import io.hongyan.im.core.feed.FeedEvents;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.Refusal;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** What becomes of pushes, as events of the feed. */
public final class PushEventsInFeed implements PushEvents {
    private final FeedEvents feed;
    private final InstantSource clock;

    public PushEventsInFeed(FeedEvents feed, InstantSource clock) {
        this.feed = feed;
        this.clock = clock;
    }

    @Override
    public CompletionStage<Void> finished(String pushId, PushCounts counts) {
        return hand(new FeedBody.PushFinished(
                pushId, counts.recipients(), counts.stored(), counts.online(), counts.offline(), counts.unknown()));
    }

    @Override
    public CompletionStage<Void> unreached(String pushId, List<String> offline, List<String> unknown) {
        return hand(new FeedBody.PushUnreached(pushId, offline, unknown));
    }

    @Override
    public CompletionStage<Void> refused(String pushId, Refusal refusal, String detail, String messageId) {
        return hand(new FeedBody.PushRefused(pushId, refusal, detail, messageId));
    }

    @Override
    public void acknowledged(DeviceKey device, String pushId) {
        // Refused where too much waits, and counted there.
        hand(new FeedBody.PushAcknowledged(pushId, device.uid(), device.device()));
    }

    private CompletionStage<Void> hand(FeedBody.Occurred body) {
        return feed.hand(new EventDraft(clock.millis(), body));
    }
}
