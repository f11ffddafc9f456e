package io.hongyan.bench.chaos.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.hongyan.bench.chaos.history.HistoryEvent;
import io.hongyan.bench.time.BenchTime;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/** Reads the feed on its own thread, records the events, and sometimes dies and restarts. */
final class RecordingFeedConsumer implements AutoCloseable {
    private static final long NOTHING_MILLIS = 50;
    private static final long POLL_MILLIS = 50;
    /** The life of a reader starts with its first event, or after so long. */
    private static final long UNBORN_MILLIS_MAX = 60_000;
    /** In the end, a reader that gets nothing for so long is restarted. */
    private static final long RENEW_MILLIS = 25_000;

    private final FeedSource source;
    private final Journal journal;
    private final RandomGenerator random;
    private final BenchTime time;
    /** The highest number of each key. */
    private final Map<String, Long> heads = new ConcurrentHashMap<>();

    private final Thread thread;
    private volatile boolean undisturbed;
    private volatile boolean renewed;
    private volatile boolean stopping;
    private volatile long lastEventMillis;
    private volatile RuntimeException failure;

    RecordingFeedConsumer(FeedSource source, Journal journal, RandomGenerator random, BenchTime time) {
        this.source = source;
        this.journal = journal;
        this.random = random;
        this.time = time;
        thread = new Thread(this::run, "chaos-feed-" + source.name());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** From here on the reader does not die any more. */
    void calm() {
        undisturbed = true;
    }

    /**
     * Waits until everything has come, or until nothing comes any more, and ends the reading.
     *
     * @param wanted the highest number of each key that must come
     * @param silenceMillisMax after so long without an event the end counts as reached
     */
    void finish(Map<String, Long> wanted, long silenceMillisMax) {
        calm();
        lastEventMillis = journal.millis();
        long renewAt = journal.millis() + RENEW_MILLIS;
        while (!hasCome(wanted) && journal.millis() - lastEventMillis < silenceMillisMax && failure == null) {
            renewAt = Math.max(renewAt, lastEventMillis + RENEW_MILLIS);
            if (journal.millis() >= renewAt) {
                renewed = true;
                renewAt = journal.millis() + RENEW_MILLIS;
            }
            time.pause(POLL_MILLIS);
        }
        close();
        if (failure != null) {
            throw new IllegalStateException("reading the feed has failed: " + failure.getMessage(), failure);
        }
    }

    private boolean hasCome(Map<String, Long> wanted) {
        return wanted.entrySet().stream().allMatch(w -> heads.getOrDefault(w.getKey(), 0L) >= w.getValue());
    }

    private void run() {
        try {
            while (!stopping) {
                live();
            }
        } catch (RuntimeException e) {
            failure = e;
        } finally {
            source.close();
        }
    }

    /** One life of the reader. */
    private void live() {
        String position = source.open();
        journal.write(at -> new HistoryEvent.FeedOpen(at, source.name(), position));
        long life = source.drawLifeMillis(random);
        long end = journal.millis() + UNBORN_MILLIS_MAX;
        renewed = false;
        while (!stopping && !renewed && (undisturbed || journal.millis() < end)) {
            boolean something = false;
            try {
                for (JsonNode event : source.poll()) {
                    something = true;
                    end = Math.min(end, journal.millis() + life);
                    take(event);
                }
            } catch (IOException e) {
                // Its source is down: try again in a moment.
            }
            if (!something) {
                time.pause(NOTHING_MILLIS);
            }
        }
        source.die().forEach(this::take);
    }

    private void take(JsonNode event) {
        lastEventMillis = journal.millis();
        String key = event.path("key").asText();
        long keySeq = event.path("keySeq").asLong();
        JsonNode stored = event.path("messageStored").path("message");
        if (stored.isMissingNode()) {
            journal.write(at -> new HistoryEvent.FedOther(at, source.name(), key, keySeq, kind(event)));
            return;
        }
        heads.merge(key, keySeq, Math::max);
        journal.write(at -> new HistoryEvent.Fed(
                at,
                source.name(),
                key,
                keySeq,
                stored.path("from").asText(),
                HistoryNames.of(stored.path("to")),
                stored.path("clientMessageId").asText(),
                Contents.of(stored),
                HistoryNames.change(stored)));
    }

    private static String kind(JsonNode event) {
        for (var names = event.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (event.get(name).isObject()) {
                return name;
            }
        }
        return "";
    }

    /** Ends the reading. */
    @Override
    public void close() {
        stopping = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
