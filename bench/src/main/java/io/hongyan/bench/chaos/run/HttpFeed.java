package io.hongyan.bench.chaos.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.hongyan.bench.server.ApiClient;
import io.hongyan.bench.server.ApiClient.Answer;
import io.hongyan.bench.server.ApiClient.Request;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** The feed over HTTP, read page by page from positions that the reader keeps. */
final class HttpFeed implements FeedSource {
    private static final int PAGE = 500;
    private static final long LIFE_MILLIS_MIN = 1_000;
    private static final long LIFE_MILLIS_MAX = 10_000;
    /** A reader that died continues from one of so many earlier positions. */
    private static final int POSITIONS_MAX = 8;

    private final ApiClient api;
    private final RandomGenerator random;
    /** The newest last; empty = from the start. */
    private final List<String> positions = new ArrayList<>(List.of(""));
    /** Of the first page; empty before it. */
    private String dataEpoch = "";

    HttpFeed(ApiClient api, RandomGenerator random) {
        this.api = api;
        this.random = random;
    }

    @Override
    public String name() {
        return "http";
    }

    @Override
    public long drawLifeMillis(RandomGenerator lives) {
        return lives.nextLong(LIFE_MILLIS_MIN, LIFE_MILLIS_MAX);
    }

    @Override
    public String open() {
        int kept = 1 + random.nextInt(positions.size());
        positions.subList(kept, positions.size()).clear();
        return positions.get(kept - 1);
    }

    @Override
    public List<JsonNode> poll() throws IOException {
        String after = positions.get(positions.size() - 1);
        Answer answer = api.ask(Request.get("/v1/feed?limit=" + PAGE + (after.isEmpty() ? "" : "&after=" + after)));
        if (!answer.good()) {
            throw new IOException("the feed answered " + answer.status());
        }
        String epoch = answer.body().path("dataEpoch").asText();
        if (!dataEpoch.isEmpty() && !epoch.equals(dataEpoch)) {
            // No fault of a run may have the server believe that data was lost.
            throw new IllegalStateException("the data has epoch " + epoch + ", before " + dataEpoch);
        }
        dataEpoch = epoch;
        List<JsonNode> events = new ArrayList<>();
        answer.body().path("events").forEach(events::add);
        String next = answer.body().path("next").asText();
        if (!next.isEmpty() && !next.equals(after)) {
            positions.add(next);
            if (positions.size() > POSITIONS_MAX) {
                positions.remove(0);
            }
        }
        return events;
    }

    @Override
    public List<JsonNode> die() {
        return List.of();
    }

    @Override
    public void close() {
        // Nothing is open between two pages.
    }
}
