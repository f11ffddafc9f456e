package io.hongyan.broker.hook.grpc;

import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.broker.hook.PublishRequest;
import io.hongyan.broker.hook.PublishVerdict;
import io.hongyan.broker.hook.PublishVerdict.CloseUnanswered;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Publishes that were unanswered when a link broke: one of them may have broken it, and must not break the next ones without
 * end. After two breaks each is asked alone, so that a third break tells which one it is. That one is not asked any more:
 * whoever sends it is closed, for ten minutes. Of others a link that breaks costs nothing.
 */
final class SuspectPublishes {
    static final int BREAKS_ALONE = 2;
    static final int BREAKS_MAX = 3;
    private static final int SUSPECTS_MAX = 1_000;
    private static final long FORGET_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final PublishVerdict CLOSED = new CloseUnanswered(DisconnectCause.IMPLEMENTATION_SPECIFIC_ERROR);

    private final LinkCounters counters;
    private final LongSupplier nanoTime;

    /** Guarded by this, as is all below; the one that was suspected first stands first. */
    private final Map<Fingerprint, Suspect> suspects = new LinkedHashMap<>();

    private final Deque<Alone> waiting = new ArrayDeque<>();
    private Alone asked;
    private volatile boolean any;

    /** A client that sends the same again sends it on another connection. */
    private record Fingerprint(String topic, int length, String digest) {}

    private record Suspect(int breaks, long sinceNanos) {}

    private record Alone(
            PublishRequest request,
            Fingerprint key,
            Function<PublishRequest, CompletionStage<PublishVerdict>> ask,
            CompletableFuture<PublishVerdict> verdict) {}

    SuspectPublishes(LinkCounters counters, LongSupplier nanoTime) {
        this.counters = counters;
        this.nanoTime = nanoTime;
    }

    CompletionStage<PublishVerdict> ask(
            PublishRequest request, Function<PublishRequest, CompletionStage<PublishVerdict>> ask) {
        if (!any) {
            return ask.apply(request);
        }
        Fingerprint key = fingerprint(request);
        int breaks = breaks(key);
        if (breaks == 0) {
            return ask.apply(request);
        }
        if (breaks < BREAKS_ALONE) {
            return ask.apply(request).whenComplete((verdict, failure) -> acquit(key));
        }
        if (breaks >= BREAKS_MAX) {
            counters.increment(LinkCounter.PUBLISHES_NOT_ASKED);
            return CompletableFuture.completedFuture(CLOSED);
        }
        Alone alone = new Alone(request, key, ask, new CompletableFuture<>());
        synchronized (this) {
            waiting.add(alone);
        }
        askNext();
        return alone.verdict;
    }

    private void askNext() {
        Alone next;
        synchronized (this) {
            if (asked != null || waiting.isEmpty()) {
                return;
            }
            next = waiting.remove();
            asked = next;
        }
        next.ask.apply(next.request).whenComplete((verdict, failure) -> answered(next, verdict, failure));
    }

    private void answered(Alone alone, PublishVerdict verdict, Throwable failure) {
        synchronized (this) {
            if (asked == alone) {
                asked = null;
            }
        }
        acquit(alone.key);
        if (failure == null) {
            alone.verdict.complete(verdict);
        } else {
            alone.verdict.completeExceptionally(failure);
        }
        askNext();
    }

    /**
     * A link has ended. The broker asks again what is unanswered, what waits here among it.
     *
     * @param unanswered what had been asked; empty where the link was ended on purpose
     */
    synchronized void linkEnded(Collection<PublishRequest> unanswered) {
        waiting.clear();
        asked = null;
        long now = nanoTime.getAsLong();
        suspects.values().removeIf(suspect -> now - suspect.sinceNanos > FORGET_NANOS);
        for (PublishRequest request : unanswered) {
            suspects.merge(
                    fingerprint(request),
                    new Suspect(1, now),
                    (old, one) -> new Suspect(old.breaks + 1, old.sinceNanos));
        }
        while (suspects.size() > SUSPECTS_MAX) {
            suspects.remove(suspects.keySet().iterator().next());
        }
        any = !suspects.isEmpty();
    }

    private synchronized int breaks(Fingerprint key) {
        Suspect suspect = suspects.get(key);
        return suspect == null || nanoTime.getAsLong() - suspect.sinceNanos > FORGET_NANOS ? 0 : suspect.breaks;
    }

    private synchronized void acquit(Fingerprint key) {
        suspects.remove(key);
        any = !suspects.isEmpty();
    }

    private static Fingerprint fingerprint(PublishRequest request) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(request.payload());
            return new Fingerprint(
                    request.topic(), request.payload().length, new String(digest, StandardCharsets.ISO_8859_1));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JVM has SHA-256", impossible);
        }
    }
}
