package io.hongyan.im.adapter.push;

import io.hongyan.im.core.hint.Hint;
import io.hongyan.im.core.hint.HintSender;
import io.hongyan.metrics.Counters;
import io.hongyan.runtime.FatalErrors;
import io.hongyan.runtime.ThreadWatch;
import io.hongyan.runtime.WatchedThreads;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts hints to a URL, signed, all waiting hints in one request. Everything is bounded: a receiver that is slow or
 * away for long costs a queue of hints, of which the oldest are dropped, and some attempts.
 */
public final class WebhookHints implements HintSender, AutoCloseable, WatchedThreads {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookHints.class);
    private static final long TURN_MILLIS_MAX = 15_000;
    private static final int MULTIPLE_CHOICES = 300;
    private static final int BAD_REQUEST = 400;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int INTERNAL_ERROR = 500;
    private static final int DOUBLINGS_MAX = 16;

    private final WebhookSettings settings;
    private final WebhookLimits limits;
    private final InstantSource clock;
    private final Counters<WebhookCounter> counters = new Counters<>(WebhookCounter.class);
    private final ScheduledExecutorService timer;
    private final HttpClient client;

    // Guarded by this object.
    private final Deque<Hint> waiting = new ArrayDeque<>();
    private int underway;
    private int failuresInARow;
    private boolean paused;
    private boolean closed;

    /** Hints of a request, and how often it was tried. */
    private record Parcel(List<Hint> hints, byte[] body, int attempt) {}

    /** The result of an attempt. */
    private enum Verdict {
        ACCEPTED,
        /** A further attempt would give the same result. */
        REFUSED,
        FAILED
    }

    public WebhookHints(WebhookSettings settings, InstantSource clock) {
        this.settings = settings;
        this.limits = settings.limits();
        this.clock = clock;
        ScheduledThreadPoolExecutor scheduled = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "webhook");
            thread.setDaemon(true);
            return thread;
        });
        scheduled.setRemoveOnCancelPolicy(true);
        timer = scheduled;
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofMillis(limits.connectMillisMax()))
                .followRedirects(Redirect.NEVER)
                .build();
    }

    private static Runnable contained(Runnable task) {
        return FatalErrors.contain(task, failure -> LOG.error("A hint could not be sent", failure));
    }

    @Override
    public void watch(ThreadWatch watch) {
        watch.mustRun("the timer of hints", timer, TURN_MILLIS_MAX);
    }

    public Counters<WebhookCounter> counters() {
        return counters;
    }

    /** Hints that wait to be sent. */
    public synchronized int waiting() {
        return waiting.size();
    }

    @Override
    public synchronized void send(Hint hint) {
        if (closed) {
            return;
        }
        if (waiting.size() >= limits.waitingMax()) {
            waiting.removeFirst();
            counters.increment(WebhookCounter.OVERFLOWED);
        }
        waiting.addLast(hint);
        sendMore();
    }

    /** Sends as long as the limits allow. The caller holds the monitor. */
    private void sendMore() {
        int requestsMax = failuresInARow < limits.failuresMax() ? limits.requestsMax() : 1;
        while (!closed && !paused && !waiting.isEmpty() && underway < requestsMax) {
            List<Hint> hints = new ArrayList<>();
            while (!waiting.isEmpty() && hints.size() < limits.hintsPerRequestMax()) {
                hints.add(waiting.removeFirst());
            }
            underway++;
            attempt(new Parcel(hints, HintJson.encode(hints), 1));
        }
    }

    private void attempt(Parcel parcel) {
        counters.increment(WebhookCounter.ATTEMPTS);
        long timestamp = clock.millis();
        HttpRequest request = HttpRequest.newBuilder(settings.url())
                .header("Content-Type", "application/json")
                .header(Signature.TIMESTAMP_HEADER, Long.toString(timestamp))
                .header(Signature.SIGNATURE_HEADER, Signature.of(settings.secret(), timestamp, parcel.body))
                .POST(BodyPublishers.ofByteArray(parcel.body))
                .build();
        CompletableFuture<HttpResponse<Void>> answer = client.sendAsync(request, BodyHandlers.discarding());
        // The client's own time-out ends with the headers; this one also covers a body that never ends.
        ScheduledFuture<?> deadline =
                timer.schedule(() -> answer.cancel(true), limits.answerMillisMax(), TimeUnit.MILLISECONDS);
        answer.whenComplete((response, trouble) -> {
            deadline.cancel(false);
            settle(parcel, trouble == null ? verdict(response.statusCode()) : Verdict.FAILED, response, trouble);
        });
    }

    private Verdict verdict(int status) {
        if (status >= MULTIPLE_CHOICES && status < BAD_REQUEST) {
            counters.increment(WebhookCounter.REDIRECTS);
            return Verdict.REFUSED;
        }
        if (status >= BAD_REQUEST && status < INTERNAL_ERROR) {
            return status == REQUEST_TIMEOUT || status == TOO_MANY_REQUESTS ? Verdict.FAILED : Verdict.REFUSED;
        }
        return status >= INTERNAL_ERROR ? Verdict.FAILED : Verdict.ACCEPTED;
    }

    private synchronized void settle(Parcel parcel, Verdict verdict, HttpResponse<Void> response, Throwable trouble) {
        if (verdict == Verdict.ACCEPTED) {
            counters.add(WebhookCounter.ACCEPTED, parcel.hints.size());
            if (failuresInARow >= limits.failuresMax()) {
                LOG.info("the webhook accepts hints again");
            }
            failuresInARow = 0;
            underway--;
            sendMore();
            return;
        }
        counters.increment(verdict == Verdict.REFUSED ? WebhookCounter.REFUSALS : WebhookCounter.FAILURES);
        failuresInARow++;
        boolean pause = failuresInARow % limits.failuresMax() == 0 || failuresInARow > limits.failuresMax();
        if (pause && !paused && !closed) {
            LOG.warn(
                    "the webhook has not accepted hints {} times in a row, the last time: {}; next attempt in {} ms",
                    failuresInARow,
                    trouble == null ? "status " + response.statusCode() : trouble.toString(),
                    limits.pauseMillis());
            pause();
        }
        if (verdict == Verdict.FAILED && parcel.attempt < limits.attemptsMax() && !paused && !closed) {
            tryAgain(parcel);
        } else {
            counters.add(WebhookCounter.GIVEN_UP, parcel.hints.size());
            underway--;
            sendMore();
        }
    }

    private void pause() {
        paused = true;
        counters.increment(WebhookCounter.PAUSES);
        timer.schedule(contained(this::goOn), limits.pauseMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized void goOn() {
        paused = false;
        sendMore();
    }

    private void tryAgain(Parcel parcel) {
        long pauseMillis = limits.retryPauseMillis() << Math.min(parcel.attempt - 1, DOUBLINGS_MAX);
        timer.schedule(
                contained(() -> attempt(new Parcel(parcel.hints, parcel.body, parcel.attempt + 1))),
                pauseMillis,
                TimeUnit.MILLISECONDS);
    }

    /** Drops waiting hints; does not wait for pending requests. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            waiting.clear();
        }
        timer.shutdownNow();
    }
}
