package io.hongyan.im.adapter.sql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hongyan.im.core.feed.FeedBody.NodeStarted;
import io.hongyan.im.core.feed.FeedBody.Occurred;
import io.hongyan.im.core.feed.FeedBody.PushAcknowledged;
import io.hongyan.im.core.feed.FeedBody.PushFinished;
import io.hongyan.im.core.feed.FeedBody.PushRefused;
import io.hongyan.im.core.feed.FeedBody.PushUnreached;
import io.hongyan.im.core.feed.FeedBody.Receipt;
import io.hongyan.im.core.feed.FeedBody.Reported;
import io.hongyan.im.core.feed.FeedBody.SessionClosed;
import io.hongyan.im.core.feed.FeedBody.SessionKicked;
import io.hongyan.im.core.feed.FeedBody.SessionOpened;
import java.io.IOException;
import java.util.List;

/** What events tell, as the rows hold it: the number of the kind, and its fields as JSON. */
public final class EventBodies {
    /** The kind of each is its place here, from 1; stored, so places are never reused. */
    private static final List<Class<? extends Occurred>> KINDS = List.of(
            SessionOpened.class,
            SessionClosed.class,
            SessionKicked.class,
            Receipt.class,
            Reported.class,
            PushFinished.class,
            PushAcknowledged.class,
            NodeStarted.class,
            PushUnreached.class,
            PushRefused.class);

    private final ObjectMapper json = new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    public static int kindOf(Occurred body) {
        int place = KINDS.indexOf(body.getClass());
        if (place < 0) {
            throw new IllegalArgumentException("no kind of event: " + body.getClass());
        }
        return place + 1;
    }

    public byte[] write(Occurred body) {
        try {
            return json.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("fields of an event", e);
        }
    }

    public Occurred read(int kind, byte[] payload) {
        if (kind < 1 || kind > KINDS.size()) {
            throw new IllegalStateException("event of kind " + kind);
        }
        try {
            return json.readValue(payload, KINDS.get(kind - 1));
        } catch (IOException e) {
            throw new IllegalStateException("fields of an event as stored", e);
        }
    }
}
