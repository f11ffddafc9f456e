package io.hongyan.bench.feed;

import com.fasterxml.jackson.databind.JsonNode;
import io.hongyan.bench.server.ApiClient;
import io.hongyan.bench.time.BenchTime;
import java.io.IOException;

/** Reads the feed over HTTP on its own thread, waiting for events if there are none. */
public final class HttpConsumer implements FeedConsumer {
    private static final int WAIT_SECONDS = 5;
    private static final int FAILURES_MAX = 20;
    private static final long PAUSE_MILLIS = 20;

    private final FeedPages pages;
    private final FeedListener listener;
    private final BenchTime time;
    private final Thread thread = new Thread(this::run, "bench-feed");
    private volatile boolean away;
    private volatile boolean isAway;
    private volatile boolean stopping;
    private volatile RuntimeException failure;

    public HttpConsumer(ApiClient api, FeedListener listener, BenchTime time) {
        this.pages = new FeedPages(api);
        this.listener = listener;
        this.time = time;
        thread.setDaemon(true);
    }

    @Override
    public void start() {
        pages.skipToEnd();
        thread.start();
    }

    /** Pauses reading until {@link #comeBack}; returns when the current page has been read. */
    public void goAway() {
        away = true;
        while (!isAway && thread.isAlive()) {
            time.pause(PAUSE_MILLIS);
        }
    }

    /** Continues after the pause. */
    public void comeBack() {
        away = false;
    }

    @Override
    public RuntimeException failure() {
        return failure;
    }

    private void run() {
        int failures = 0;
        while (!stopping) {
            isAway = away;
            if (isAway) {
                time.pause(PAUSE_MILLIS);
                continue;
            }
            try {
                JsonNode events = pages.next(WAIT_SECONDS);
                long now = time.nanos();
                events.forEach(event -> tell(event, now));
                failures = 0;
            } catch (IOException e) {
                if (++failures > FAILURES_MAX && !stopping) {
                    failure = new IllegalStateException("the feed cannot be read: " + e.getMessage(), e);
                    return;
                }
                time.pause(PAUSE_MILLIS);
            }
        }
    }

    private void tell(JsonNode event, long now) {
        JsonNode text = event.path("messageStored")
                .path("message")
                .path("content")
                .path("text")
                .path("text");
        if (text.isMissingNode()) {
            listener.other();
        } else {
            listener.message(event.path("key").asText(), event.path("keySeq").asLong(), text.asText(), now);
        }
    }

    @Override
    public void close() {
        stopping = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
