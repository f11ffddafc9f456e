package io.hongyan.im.adapter.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.util.RawValue;
import io.hongyan.im.core.data.DataEpoch;
import io.hongyan.im.core.feed.Feed.FeedPage;
import io.hongyan.im.core.feed.FeedEncoding;
import io.hongyan.im.core.feed.FeedPosition;
import io.hongyan.im.core.feed.ReadFeed;
import io.hongyan.protocol.v1.FeedEvent;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The feed, for business systems that keep a position of their own. */
public final class FeedRoutes implements Routes {
    static final int WAIT_SECONDS_MAX = 60;

    private static final String WAIT = "wait_seconds";

    private final Supplier<ReadFeed> readFeed;
    private final Supplier<DataEpoch> epoch;
    private final FeedEncoding json;
    private final long waitMillisMax;

    /**
     * A page of the feed.
     *
     * @param events in the JSON form of the contract
     */
    record FeedEvents(
            @Described(
                    value = "Events in the order in which they were stored; docs/feed.md describes them.",
                    holds = FeedEvent.class)
            List<JsonNode> events,

            @Described("Position after this page: the parameter after of the next request.")
            String next,

            @Described("Whether events after the requested position, other than messages, were already deleted; never"
                    + " true for a reader that reads in time.")
            boolean trimmed,

            @Described(
                    "The epoch of the data: with another one than before, drop the page, the position and all numbers"
                            + " that were kept of events, and read from the start.")
            String dataEpoch) {}

    /**
     * @param readFeed asked for once the API is open
     * @param epoch of the data
     * @param json events in their JSON form
     * @param waitMillisMax longest wait for an event, whatever is asked for
     */
    public FeedRoutes(Supplier<ReadFeed> readFeed, Supplier<DataEpoch> epoch, FeedEncoding json, long waitMillisMax) {
        this.readFeed = readFeed;
        this.epoch = epoch;
        this.json = json;
        this.waitMillisMax = waitMillisMax;
    }

    @Override
    public void addTo(RouteTable table) {
        table.add(
                Operation.get("readFeed", "/v1/feed", "Reads events: messages, sessions, receipts, reports, pushes.")
                        .by(Access.business(HttpScope.FEED))
                        .takesPage()
                        .takesQuery(WAIT, "integer", "How long to wait if there is no event yet; 0 = do not wait.")
                        .gives(HttpResponseStatus.OK, FeedEvents.class),
                this::read);
    }

    private CompletionStage<Reply> read(ApiRequest request) {
        String after = request.after();
        FeedPosition position = after.isEmpty()
                ? FeedPosition.START
                : FeedPosition.parse(after)
                        .orElseThrow(() ->
                                Problem.malformed("The parameter after must be the field next of an earlier answer."));
        int asked = request.limit();
        int limit = asked == 0 ? ReadFeed.EVENTS_DEFAULT : Math.min(asked, ReadFeed.EVENTS_MAX);
        long wait = Math.min(request.number(WAIT, 0, WAIT_SECONDS_MAX, 0) * 1_000, waitMillisMax);
        // Asked before anything is read: events of an earlier epoch are never told as those of this one.
        String dataEpoch = epoch.get().id();
        return readFeed.get().read(position, limit, wait).thenApply(page -> new Reply(page(page, dataEpoch)));
    }

    private FeedEvents page(FeedPage page, String dataEpoch) {
        List<JsonNode> events = page.events().stream()
                .map(event -> new String(json.encode(event), StandardCharsets.UTF_8))
                .<JsonNode>map(text -> JsonNodeFactory.instance.rawValueNode(new RawValue(text)))
                .toList();
        return new FeedEvents(events, page.next().toString(), page.trimmed(), dataEpoch);
    }
}
