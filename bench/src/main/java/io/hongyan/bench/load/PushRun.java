package io.hongyan.bench.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hongyan.bench.feed.FeedPages;
import io.hongyan.bench.server.ApiClient;
import io.hongyan.bench.server.ApiClient.Answer;
import io.hongyan.bench.server.ApiClient.Request;
import io.hongyan.bench.server.Usage;
import io.hongyan.bench.time.BenchTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** One push to a crowd: what its users got, what the server says, and what the feed says. */
public final class PushRun {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final long QUIET_MILLIS_MAX = 10_000;
    private static final long MILLIS_MAX = 300_000;
    private static final long POLL_MILLIS = 10;
    private static final int FEED_WAIT_SECONDS = 10;
    private static final byte TEXT_FILLER = '~';

    private final ApiClient api;
    private final PushCrowd crowd;
    private final FeedPages feed;
    private final BenchTime time;
    private final String name;

    /** @param name part of the pushes' ids */
    public PushRun(ApiClient api, PushCrowd crowd, String name, BenchTime time) {
        this.api = api;
        this.crowd = crowd;
        this.feed = new FeedPages(api);
        this.time = time;
        this.name = name;
    }

    /** @param server reads what the server has used so far */
    public PushFigures run(PushPlan plan, Supplier<Usage> server) {
        String pushId = name + "-" + plan.number();
        ObjectNode body = body(plan, pushId);
        feed.skipToEnd();
        Usage before = server.get();
        long fromMillis = time.epochMillis();
        long from = time.nanos();
        ask(Request.post("/v1/push", body));
        long answered = time.nanos();
        crowd.await(plan, QUIET_MILLIS_MAX, MILLIS_MAX);
        JsonNode state = finished(pushId);
        // Includes polling and the last acknowledgements; not reading the feed, which comes next.
        Usage used = server.get().since(before);
        Told told = told(plan, pushId);
        List<Long> nanos = crowd.nanos(plan.number()).stream()
                .map(at -> at - from)
                .sorted()
                .toList();
        return new PushFigures(
                plan,
                answered - from,
                nanos,
                crowd.doubled(plan.number()),
                new PushFigures.State(
                        state.path("recipients").asLong(),
                        state.path("stored").asLong(),
                        state.path("online").asLong(),
                        state.path("offline").asLong(),
                        state.path("unknown").asLong(),
                        state.path("finishedAt").asLong() - fromMillis),
                told.finished,
                told.acknowledged,
                told.lastAcknowledgedMillis - fromMillis,
                used,
                crowd.ends());
    }

    /** Events of the feed about a push so far. */
    private static final class Told {
        private JsonNode finished;
        private long acknowledged;
        private long lastAcknowledgedMillis;
    }

    private Told told(PushPlan plan, String pushId) {
        Told told = new Told();
        try {
            while (told.finished == null || plan.stored() && told.acknowledged < plan.expected()) {
                JsonNode events = feed.next(FEED_WAIT_SECONDS);
                if (events.isEmpty()) {
                    break;
                }
                events.forEach(event -> take(event, pushId, told));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return told;
    }

    private static void take(JsonNode event, String pushId, Told told) {
        if (event.path("pushAcknowledged").path("pushId").asText().equals(pushId)) {
            told.acknowledged++;
            told.lastAcknowledgedMillis =
                    Math.max(told.lastAcknowledgedMillis, event.path("at").asLong());
        } else if (event.path("pushFinished").path("pushId").asText().equals(pushId)) {
            told.finished = event.path("pushFinished");
        }
    }

    private JsonNode finished(String pushId) {
        long giveUp = time.nanos() + MILLIS_MAX * 1_000_000L;
        while (true) {
            JsonNode state = ask(Request.get("/v1/push/" + pushId));
            if (state.path("state").asText().equals("FINISHED")) {
                return state;
            }
            if (time.nanos() > giveUp) {
                throw new LoadFailure("the push does not finish: " + state);
            }
            time.pause(POLL_MILLIS);
        }
    }

    private JsonNode ask(Request request) {
        try {
            Answer answer = api.ask(request);
            if (!answer.good()) {
                throw new LoadFailure("the server refused a push: " + answer);
            }
            return answer.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ObjectNode body(PushPlan plan, String pushId) {
        byte[] text = new byte[Math.max(plan.textBytes(), Stamp.BYTES)];
        Arrays.fill(text, TEXT_FILLER);
        Stamp.write(text, 0, plan.number(), 0, 0);
        ObjectNode body = JSON.objectNode()
                .put("pushId", pushId)
                .put("channel", "bench")
                .put("mode", plan.stored() ? "STORE" : "ONLINE_ONLY");
        body.putObject("content").putObject("text").put("text", new String(text, StandardCharsets.US_ASCII));
        if (plan.forEverybody()) {
            return body.put("everybody", true);
        }
        ArrayNode to = body.putArray("to");
        for (int user = 0; user < plan.listed(); user++) {
            to.add(crowd.uid(user));
        }
        return body;
    }
}
