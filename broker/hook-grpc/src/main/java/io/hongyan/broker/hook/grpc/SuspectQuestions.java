package io.hongyan.broker.hook.grpc;

import io.hongyan.broker.hook.grpc.v1.Item;
import io.hongyan.metrics.Counters;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Questions that were unanswered when a link broke: one of them may have broken it, and must not break further links
 * for ever. The broker repeats what it holds (publishes, subscriptions, clients to resume); a client repeats what it
 * gives up (logins, and all of these on another connection). After two breaks each of these questions is asked alone,
 * so that a third break shows which one it is. That question is not asked for ten minutes: it gets the answer for such
 * questions. For other questions a broken link has no consequence. Notices are not repeated.
 */
final class SuspectQuestions {
    static final int BREAKS_ALONE = 2;
    static final int BREAKS_MAX = 3;
    private static final int SUSPECTS_MAX = 1_000;
    private static final long FORGET_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final Counters<LinkCounter> counters;
    private final LongSupplier nanoTime;

    /** Guarded by this, as is everything below; the one that was suspected first comes first. */
    private final Map<Fingerprint, Suspect> suspects = new LinkedHashMap<>();

    private final Deque<Alone<?>> waiting = new ArrayDeque<>();
    private Alone<?> asked;
    private volatile boolean any;

    /** A client may repeat a question on another connection. */
    private record Fingerprint(Item.KindCase kind, int length, String digest) {}

    private record Suspect(int breaks, long sinceNanos) {}

    private record Alone<T>(
            Fingerprint key,
            LongFunction<Item> question,
            Function<LongFunction<Item>, CompletionStage<T>> ask,
            CompletableFuture<T> answer) {}

    SuspectQuestions(Counters<LinkCounter> counters, LongSupplier nanoTime) {
        this.counters = counters;
        this.nanoTime = nanoTime;
    }

    /**
     * @param question makes it with its number
     * @param condemned the answer to a question that is not asked any more
     */
    <T> CompletionStage<T> ask(
            LongFunction<Item> question,
            Function<LongFunction<Item>, CompletionStage<T>> ask,
            Supplier<CompletionStage<T>> condemned) {
        if (!any) {
            return ask.apply(question);
        }
        Fingerprint key = fingerprint(question);
        int breaks = breaks(key);
        if (breaks == 0) {
            return ask.apply(question);
        }
        if (breaks < BREAKS_ALONE) {
            return ask.apply(question).whenComplete((answer, failure) -> acquit(key));
        }
        if (breaks >= BREAKS_MAX) {
            counters.increment(LinkCounter.QUESTIONS_NOT_ASKED);
            return condemned.get();
        }
        Alone<T> alone = new Alone<>(key, question, ask, new CompletableFuture<>());
        synchronized (this) {
            waiting.add(alone);
        }
        askNext();
        return alone.answer;
    }

    private void askNext() {
        Alone<?> next;
        synchronized (this) {
            if (asked != null || waiting.isEmpty()) {
                return;
            }
            next = waiting.remove();
            asked = next;
        }
        ask(next);
    }

    private <T> void ask(Alone<T> alone) {
        alone.ask.apply(alone.question).whenComplete((answer, failure) -> answered(alone, answer, failure));
    }

    private <T> void answered(Alone<T> alone, T answer, Throwable failure) {
        synchronized (this) {
            if (asked == alone) {
                asked = null;
            }
        }
        acquit(alone.key);
        if (failure == null) {
            alone.answer.complete(answer);
        } else {
            alone.answer.completeExceptionally(failure);
        }
        askNext();
    }

    /** A link begins: questions that were put to the previous link as it ended get no answer any more. */
    synchronized void linkBegins() {
        waiting.clear();
        asked = null;
    }

    /**
     * A link has ended. The unanswered questions are asked again, including those that wait here.
     *
     * @param unanswered the questions that were asked; empty if the link was ended on purpose
     */
    synchronized void linkEnded(Collection<LongFunction<Item>> unanswered) {
        waiting.clear();
        asked = null;
        long now = nanoTime.getAsLong();
        forget(now);
        // Many clients may have asked the same question: it counts once for the broken link.
        Set<Fingerprint> keys = new LinkedHashSet<>();
        unanswered.forEach(question -> keys.add(fingerprint(question)));
        for (Fingerprint key : keys) {
            suspects.merge(key, new Suspect(1, now), (old, one) -> new Suspect(old.breaks + 1, old.sinceNanos));
        }
        while (suspects.size() > SUSPECTS_MAX) {
            suspects.remove(suspects.keySet().iterator().next());
        }
        any = !suspects.isEmpty();
    }

    private synchronized int breaks(Fingerprint key) {
        forget(nanoTime.getAsLong());
        Suspect suspect = suspects.get(key);
        return suspect == null ? 0 : suspect.breaks;
    }

    /** Also questions whose clients never came back: while there is one, each new question is compared. */
    private void forget(long now) {
        var oldest = suspects.values().iterator();
        while (oldest.hasNext() && now - oldest.next().sinceNanos > FORGET_NANOS) {
            oldest.remove();
        }
        any = !suspects.isEmpty();
    }

    private synchronized void acquit(Fingerprint key) {
        suspects.remove(key);
        any = !suspects.isEmpty();
    }

    private static Fingerprint fingerprint(LongFunction<Item> question) {
        Item item = GateCodec.withoutConnection(question.apply(0));
        byte[] bytes = item.toByteArray();
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return new Fingerprint(item.getKindCase(), bytes.length, new String(digest, StandardCharsets.ISO_8859_1));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JVM has SHA-256", impossible);
        }
    }
}
