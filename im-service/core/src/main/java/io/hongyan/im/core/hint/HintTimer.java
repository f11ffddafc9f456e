package io.hongyan.im.core.hint;

import io.hongyan.im.core.hint.Hints.Claim;
import io.hongyan.im.core.hint.Hints.Facts;
import io.hongyan.im.core.hint.Hints.Question;
import io.hongyan.im.core.hint.Hints.Slice;
import io.hongyan.im.core.hint.Hints.Undelivered;
import io.hongyan.im.core.hint.Hints.Won;
import io.hongyan.im.core.hint.PendingHint.Look;
import io.hongyan.im.core.inbox.InboxListener;
import io.hongyan.im.core.message.PartialResult;
import io.hongyan.metrics.Counters;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Gives a hint for whoever has not received a message for a while. There is one timer per user at most; it is never
 * cancelled, but what has been received in the meantime is known without asking the storage. A look at the storage
 * decides the rest, and a claim there sees to it that each user and entry is told at most once. An entry that arrives
 * while the timer runs may be told with the others, or up to one delay later than its own.
 */
public final class HintTimer implements InboxListener {
    private static final int BATCH_MAX = 500;
    private static final int BATCHES_PER_RUN_MAX = 8;
    private static final int RECOVERED_USERS_MAX = 1_000;
    private static final long RECOVERED_MILLIS = 60_000;
    private static final long ALL_RECOVERED = -1;

    private final Hints hints;
    private final HintSender sender;
    private final InstantSource clock;
    private final HintLimits limits;
    private final Counters<HintCounter> counters;
    private final Map<String, PendingHint> pending = new ConcurrentHashMap<>();
    private final HintTimerWheel ring;
    private final long delayTicks;
    private final long recoverSinceMillis;

    /** The driver's. */
    private long recoverAfterUser;

    public HintTimer(
            Hints hints, HintSender sender, InstantSource clock, HintLimits limits, Counters<HintCounter> counters) {
        this.hints = hints;
        this.sender = sender;
        this.clock = clock;
        this.limits = limits;
        this.counters = counters;
        // The tick at hand may have begun long before: one more, so that nothing is due early.
        this.delayTicks = (limits.delayMillis() + HintTimerWheel.TICK_MILLIS - 1) / HintTimerWheel.TICK_MILLIS + 1;
        this.ring = new HintTimerWheel(delayTicks, clock.millis());
        this.recoverSinceMillis = clock.millis() - RECOVERED_MILLIS;
    }

    /** One look into a map where the user is timed already, one entry where not. */
    @Override
    public void announced(String uid, long inboxSeq) {
        long tick = ring.tick();
        PendingHint present = pending.get(uid);
        if (present != null && present.announced(inboxSeq, tick)) {
            return;
        }
        if (pending.size() >= limits.pendingMax()) {
            counters.increment(HintCounter.NOT_TIMED);
            return;
        }
        PendingHint fresh = new PendingHint(uid, inboxSeq, tick);
        for (present = pending.putIfAbsent(uid, fresh); present != null; present = pending.putIfAbsent(uid, fresh)) {
            if (present.announced(inboxSeq, tick)) {
                return;
            }
            pending.remove(uid, present);
        }
        counters.increment(HintCounter.TIMED);
        ring.add(fresh, tick + delayTicks);
    }

    @Override
    public void acknowledged(String uid, long inboxSeq) {
        PendingHint present = pending.get(uid);
        if (present != null) {
            present.acknowledged(inboxSeq);
        }
    }

    /** Users that are timed now. */
    public int pending() {
        return pending.size();
    }

    /** To be called again and again by one thread, the driver, some times a second; blocks. */
    public void run() {
        for (int i = 0; i < BATCHES_PER_RUN_MAX && runOnce() == BATCH_MAX; i++) {
            // There may be more.
        }
        if (recoverAfterUser != ALL_RECOVERED) {
            recoverSome();
        }
    }

    /** What was stored shortly before this process began is timed anew. */
    private void recoverSome() {
        Slice slice = hints.recent(recoverAfterUser, recoverSinceMillis, RECOVERED_USERS_MAX);
        slice.heads().forEach(head -> announced(head.uid(), head.inboxSeq()));
        recoverAfterUser = slice.nextUser() == 0 ? ALL_RECOVERED : slice.nextUser();
    }

    /** @return how many timers were due */
    int runOnce() {
        List<PendingHint> due = ring.due(clock.millis(), BATCH_MAX);
        Map<String, PendingHint> undelivered = new HashMap<>();
        for (PendingHint each : due) {
            if (handle(each, each.look(0))) {
                undelivered.put(each.uid, each);
            }
        }
        if (!undelivered.isEmpty()) {
            try {
                lookUp(undelivered);
            } catch (RuntimeException trouble) {
                counters.increment(HintCounter.FAILED);
                // What was claimed is known to be claimed when it is looked up again, so it is not told twice.
                undelivered.values().forEach(each -> ring.addAgain(each, ring.tick() + delayTicks));
                throw trouble;
            }
        }
        return due.size();
    }

    /** @return whether it is still to be decided */
    private boolean handle(PendingHint each, Look look) {
        switch (look) {
            case OVER -> {
                counters.increment(HintCounter.DELIVERED);
                pending.remove(each.uid, each);
            }
            case LATER -> ring.addAgain(each, each.lastTick() + delayTicks);
            case UNDELIVERED -> {
                return true;
            }
        }
        return false;
    }

    private void lookUp(Map<String, PendingHint> undelivered) {
        counters.add(HintCounter.LOOKUPS, undelivered.size());
        List<Question> questions = undelivered.values().stream()
                .map(each -> new Question(each.uid, each.acknowledged()))
                .toList();
        Map<String, Undelivered> facts = new HashMap<>();
        Facts found = hints.undelivered(questions, limits.countMax());
        found.undelivered().forEach(fact -> facts.put(fact.uid(), fact));
        again(undelivered, found.left());
        List<Claim> claims = new ArrayList<>();
        List<PendingHint> toldByClaim = new ArrayList<>();
        for (PendingHint each : List.copyOf(undelivered.values())) {
            Undelivered fact = facts.get(each.uid);
            if (fact != null && !handle(each, each.look(fact.cursor()))) {
                undelivered.remove(each.uid);
            } else if (fact != null && fact.newest() != null && fact.newest().inboxSeq() > fact.hintedSeq()) {
                claims.add(new Claim(each.uid, fact.newest().inboxSeq()));
                toldByClaim.add(each);
            } else {
                counters.increment(HintCounter.KNOWN);
                undelivered.remove(each.uid);
                settle(each, fact == null ? Long.MAX_VALUE : fact.headSeq());
            }
        }
        Won won = claims.isEmpty() ? new Won(Set.of()) : hints.claim(claims);
        again(undelivered, won.left());
        for (PendingHint each : toldByClaim) {
            if (undelivered.remove(each.uid) == null) {
                continue;
            }
            Undelivered fact = facts.get(each.uid);
            if (won.uids().contains(each.uid)) {
                counters.increment(HintCounter.GIVEN);
                sender.send(hint(fact));
            } else {
                counters.increment(HintCounter.KNOWN);
            }
            settle(each, fact.headSeq());
        }
    }

    /** Times those anew of whom the storage did not know, as part of it is away. */
    private void again(Map<String, PendingHint> undelivered, PartialResult<String> left) {
        if (left.why() != null) {
            counters.increment(HintCounter.FAILED);
        }
        for (String uid : left.items()) {
            PendingHint each = undelivered.remove(uid);
            if (each != null) {
                ring.addAgain(each, ring.tick() + delayTicks);
            }
        }
    }

    private void settle(PendingHint each, long headSeq) {
        if (each.settled(headSeq) == Look.OVER) {
            pending.remove(each.uid, each);
        } else {
            ring.addAgain(each, each.lastTick() + delayTicks);
        }
    }

    private static Hint hint(Undelivered fact) {
        Hints.Newest newest = fact.newest();
        return new Hint(
                fact.uid(),
                fact.count(),
                newest.inboxSeq(),
                newest.conversation(),
                newest.sender(),
                newest.sentAtMillis());
    }
}
