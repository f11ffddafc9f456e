package io.hongyan.im.core.feed;

import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.send.Pause;
import io.hongyan.im.core.work.FairBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what happened into the {@link EventLog}; what waits shares a transaction. Events of one key are stored in the order
 * they were handed in, and keys take turns: who hands in much waits for the own turn. The two ways of handing in are for any
 * thread and do not block, {@link #runOnce} is for one.
 */
public final class EventWriter implements FeedEvents {
    private static final Logger LOG = LoggerFactory.getLogger(EventWriter.class);

    private final EventLog log;
    private final EventWriterLimits limits;
    private final Pause pause;
    private final FeedCounters counters;
    private final boolean enabled;

    private final EventTurns<Waiting> waiting = new EventTurns<>();
    /** By key: what one user causes, or one push, leaves room for that of the others. */
    private final FairBudget waitingEvents;

    private final FairBudget waitingBytes;
    private final List<Waiting> batch = new ArrayList<>();

    /** @param sure whether it stays until it is stored, whatever fails */
    private record Waiting(EventDraft eventDraft, boolean sure, CompletableFuture<Void> stored) {
        String key() {
            return eventDraft.key();
        }

        int bytes() {
            return eventDraft.body().bytes();
        }
    }

    /** @param enabled whether there is a feed; if not, what is handed in is forgotten at once */
    public EventWriter(EventLog log, EventWriterLimits limits, Pause pause, FeedCounters counters, boolean enabled) {
        this.log = log;
        this.limits = limits;
        this.waitingEvents = new FairBudget(limits.waitingMax());
        this.waitingBytes = new FairBudget(limits.waitingBytesMax());
        this.pause = pause;
        this.counters = counters;
        this.enabled = enabled;
    }

    public boolean enabled() {
        return enabled;
    }

    @Override
    public CompletionStage<Void> hand(EventDraft eventDraft) {
        return hand(new Waiting(eventDraft, false, new CompletableFuture<>()));
    }

    @Override
    public void handSurely(EventDraft eventDraft) {
        hand(new Waiting(eventDraft, true, new CompletableFuture<>()));
    }

    @Override
    public void requireRoom(String uid) {
        if (enabled && !waitingEvents.allows(FeedKeys.user(uid), 1)) {
            counters.increment(FeedCounter.EVENTS_REFUSED);
            throw tooMany();
        }
    }

    private static StorageException tooMany() {
        return new StorageException("too many events wait to be stored", null);
    }

    private CompletionStage<Void> hand(Waiting entry) {
        if (!enabled) {
            entry.stored.complete(null);
            return entry.stored;
        }
        if (entersBudgets(entry)) {
            waiting.add(entry.key(), entry);
        } else {
            counters.increment(FeedCounter.EVENTS_REFUSED);
            entry.stored.completeExceptionally(tooMany());
        }
        return entry.stored;
    }

    private boolean entersBudgets(Waiting entry) {
        if (entry.sure) {
            waitingEvents.takeSurely(entry.key(), 1);
            waitingBytes.takeSurely(entry.key(), entry.bytes());
            return true;
        }
        if (!waitingEvents.take(entry.key(), 1)) {
            return false;
        }
        if (waitingBytes.take(entry.key(), entry.bytes())) {
            return true;
        }
        waitingEvents.giveBack(entry.key(), 1);
        return false;
    }

    /** Events that wait now. */
    public int waiting() {
        return (int) waitingEvents.held();
    }

    /**
     * Waits for an event, at most so long, and stores what waits.
     *
     * @return whether there was anything
     */
    public boolean runOnce(long waitMillis) throws InterruptedException {
        collect(waitMillis);
        if (batch.isEmpty()) {
            return false;
        }
        appendWithRetries();
        return true;
    }

    /** Behind what an earlier turn could not store. */
    private void collect(long waitMillis) throws InterruptedException {
        if (batch.isEmpty()) {
            if (!waiting.await(waitMillis)) {
                return;
            }
            batch.add(waiting.remove());
        }
        long bytes = batch.stream().mapToLong(Waiting::bytes).sum();
        Waiting next = waiting.peek();
        while (next != null
                && batch.size() < limits.batchEventsMax()
                && bytes + next.bytes() <= limits.batchBytesMax()) {
            bytes += next.bytes();
            batch.add(waiting.remove());
            next = waiting.peek();
        }
    }

    private void appendWithRetries() throws InterruptedException {
        List<EventDraft> eventDrafts = batch.stream().map(Waiting::eventDraft).toList();
        long pauseMillis = limits.retryPauseMillis();
        for (int attempt = 1; ; attempt++) {
            try {
                log.append(eventDrafts);
                settle();
                return;
            } catch (RuntimeException trouble) {
                if (attempt >= limits.attemptsMax()) {
                    giveUp(trouble);
                    return;
                }
                LOG.warn("attempt {} to store {} events failed: {}", attempt, batch.size(), trouble.toString());
                counters.increment(FeedCounter.APPEND_RETRIES);
                pause.forMillis(pauseMillis);
                pauseMillis *= 2;
            }
        }
    }

    private void settle() {
        counters.increment(FeedCounter.APPEND_BATCHES);
        counters.add(FeedCounter.EVENTS_STORED, batch.size());
        List<Waiting> settled = List.copyOf(batch);
        batch.clear();
        for (Waiting entry : settled) {
            leave(entry);
            entry.stored.complete(null);
        }
    }

    private void giveUp(RuntimeException trouble) {
        List<Waiting> given = batch.stream().filter(entry -> !entry.sure).toList();
        LOG.error("giving up {} of {} events that could not be stored", given.size(), batch.size(), trouble);
        batch.removeIf(entry -> !entry.sure);
        counters.add(FeedCounter.EVENTS_FAILED, given.size());
        StorageException cause = new StorageException("the event could not be stored", trouble);
        for (Waiting entry : given) {
            leave(entry);
            entry.stored.completeExceptionally(cause);
        }
    }

    private void leave(Waiting entry) {
        waitingEvents.giveBack(entry.key(), 1);
        waitingBytes.giveBack(entry.key(), entry.bytes());
    }
}
