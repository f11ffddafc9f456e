package io.hongyan.bench.feed;

import com.fasterxml.jackson.databind.JsonNode;
import io.hongyan.bench.server.ApiClient;
import io.hongyan.bench.server.ApiClient.Answer;
import io.hongyan.bench.server.ApiClient.Request;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The feed over HTTP, page by page; keeps the position. Used by one thread. */
public final class FeedPages {
    private static final int PAGE = 1_000;

    private final ApiClient api;
    private String position = "";
    /** Of the first page; empty before it. */
    private String dataEpoch = "";

    public FeedPages(ApiClient api) {
        this.api = api;
    }

    /**
     * The next events; none if there are none within the time.
     *
     * @throws IOException the server did not answer correctly: a repetition may help
     * @throws IllegalStateException the data has another epoch than before: nobody restores a backup under a measurement
     */
    public JsonNode next(int waitSeconds) throws IOException {
        Answer answer = api.ask(Request.get("/v1/feed?limit=" + PAGE + "&wait_seconds=" + waitSeconds
                + (position.isEmpty() ? "" : "&after=" + position)));
        if (!answer.good()) {
            throw new IOException("the feed answered " + answer.status() + " " + answer.body());
        }
        String epoch = answer.body().path("dataEpoch").asText();
        if (!dataEpoch.isEmpty() && !epoch.equals(dataEpoch)) {
            throw new IllegalStateException("the data has epoch " + epoch + ", before " + dataEpoch);
        }
        dataEpoch = epoch;
        position = answer.body().path("next").asText();
        return answer.body().path("events");
    }

    /** Skips everything there is. */
    public void skipToEnd() {
        try {
            while (!next(0).isEmpty()) {
                // The last page is empty.
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
