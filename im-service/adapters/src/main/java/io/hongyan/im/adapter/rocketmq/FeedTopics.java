package io.hongyan.im.adapter.rocketmq;

import io.hongyan.im.core.feed.FeedBody;
import io.hongyan.im.core.feed.FeedBody.Reported;
import io.hongyan.im.core.feed.FeedEvent;
import java.util.Map;

/**
 * Which topic an event goes to.
 *
 * @param feed for everything without a separate topic
 * @param reports by destination; a destination that is missing here has no separate topic
 */
public record FeedTopics(String feed, Map<String, String> reports) {
    static final Map<Class<? extends FeedBody>, String> TAGS = Map.ofEntries(
            Map.entry(FeedBody.MessageStored.class, "message_stored"),
            Map.entry(FeedBody.SessionOpened.class, "session_opened"),
            Map.entry(FeedBody.SessionClosed.class, "session_closed"),
            Map.entry(FeedBody.SessionKicked.class, "session_kicked"),
            Map.entry(FeedBody.Receipt.class, "receipt"),
            Map.entry(Reported.class, "report"),
            Map.entry(FeedBody.PushFinished.class, "push_finished"),
            Map.entry(FeedBody.PushUnreached.class, "push_unreached"),
            Map.entry(FeedBody.PushRefused.class, "push_refused"),
            Map.entry(FeedBody.PushAcknowledged.class, "push_acknowledged"),
            Map.entry(FeedBody.NodeStarted.class, "node_started"));

    public FeedTopics {
        reports = Map.copyOf(reports);
    }

    String of(FeedEvent event) {
        return event.body() instanceof Reported report ? reports.getOrDefault(report.destination(), feed) : feed;
    }

    /** The kind of an event as a tag, by which consumers may filter; named as in the contract. */
    static String tag(FeedBody body) {
        return TAGS.get(body.getClass());
    }
}
