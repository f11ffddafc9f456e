package io.hongyan.im.core.send;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.SendOutcome;
import io.hongyan.im.core.work.FairBudget;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Entries that this process has left as markers and that have not come to all inboxes. Storing a marker takes one row and
 * its fan-out hundreds, so senders could be ahead of the workers without end: so many entries may be ahead, and of one
 * group or one sender no more than of these is still free. The sender of an entry above that has its answer when the entry
 * has come to its recipients, and as a client may have few sends unanswered, it slows down; the others do not. Far above,
 * with shares of the same kind, messages to groups with open markers are refused. Safe for many threads; never blocks, but
 * for {@link #lookAgain}.
 */
public final class FanOutBacklog {
    /** Times the limit: from there on messages are refused. */
    private static final int REFUSED_ABOVE = 5;

    private final FanOutLog log;
    private final Shares answeredAtOnce;
    private final Shares taken;
    private final SendCounters counters;

    private final Map<Conversation, ArrayDeque<Waiting>> waiting = new HashMap<>();
    private int count;
    private int held;

    /** An entry, and the answer that waits for it, null where none does. */
    private static final class Waiting {
        final long seq;
        final String sender;
        /** Within the share of its group and of its sender, so that its answer need not wait; the same for the other. */
        final boolean answeredAtOnce;

        final boolean taken;
        CompletableFuture<Void> done;
        /** Whether it was there at the last look: its fan-out may be another process's. */
        boolean seen;

        Waiting(long seq, String sender, boolean answeredAtOnce, boolean taken) {
            this.seq = seq;
            this.sender = sender;
            this.answeredAtOnce = answeredAtOnce;
            this.taken = taken;
        }
    }

    /** Entries that are counted, by group and by sender. */
    private static final class Shares {
        private final FairBudget byGroup;
        private final FairBudget bySender;

        Shares(long max) {
            byGroup = new FairBudget(max);
            bySender = new FairBudget(max);
        }

        boolean allow(Conversation group, String sender) {
            return byGroup.allows(group, 1) && bySender.allows(sender, 1);
        }

        boolean take(Conversation group, String sender) {
            return allow(group, sender) && byGroup.take(group, 1) && bySender.take(sender, 1);
        }

        void giveBack(Conversation group, String sender) {
            byGroup.giveBack(group, 1);
            bySender.giveBack(sender, 1);
        }
    }

    /** @param waitingMax entries that may wait before answers do; five times that before messages are refused */
    public FanOutBacklog(FanOutLog log, int waitingMax, SendCounters counters) {
        this.log = log;
        this.answeredAtOnce = new Shares(waitingMax);
        this.taken = new Shares((long) REFUSED_ABOVE * waitingMax);
        this.counters = counters;
    }

    /** A marker was left; those of one conversation come by rising number. */
    synchronized void left(Conversation conversation, long seq, String sender) {
        Waiting entry =
                new Waiting(seq, sender, answeredAtOnce.take(conversation, sender), taken.take(conversation, sender));
        waiting.computeIfAbsent(conversation, key -> new ArrayDeque<>()).add(entry);
        count++;
    }

    /** An entry has come to all its recipients who can be reached, and so have the earlier ones of its conversation. */
    void done(Conversation conversation, long seq) {
        List<CompletableFuture<Void>> answers = new ArrayList<>();
        synchronized (this) {
            ArrayDeque<Waiting> entries = waiting.get(conversation);
            if (entries == null) {
                return;
            }
            while (!entries.isEmpty() && entries.peek().seq <= seq) {
                Waiting entry = entries.poll();
                count--;
                giveBack(conversation, entry);
                if (entry.done != null) {
                    held--;
                    answers.add(entry.done);
                }
            }
            if (entries.isEmpty()) {
                waiting.remove(conversation);
            }
        }
        answers.forEach(answer -> answer.complete(null));
    }

    private void giveBack(Conversation conversation, Waiting entry) {
        if (entry.answeredAtOnce) {
            answeredAtOnce.giveBack(conversation, entry.sender);
        }
        if (entry.taken) {
            taken.giveBack(conversation, entry.sender);
        }
    }

    /** The answer to a send that was stored: at once within the shares, else when its entry has come to everybody. */
    CompletionStage<SendOutcome> held(Conversation conversation, SendOutcome.Stored answer) {
        CompletableFuture<Void> until;
        synchronized (this) {
            Waiting entry = find(conversation, answer.seq());
            if (entry == null || entry.answeredAtOnce) {
                return CompletableFuture.completedFuture(answer);
            }
            if (entry.done == null) {
                entry.done = new CompletableFuture<>();
                held++;
                counters.increment(SendCounter.ANSWERS_HELD);
            }
            until = entry.done;
        }
        return until.thenApply(ignored -> answer);
    }

    /** Whether a message of this sender to this conversation would only make things worse. */
    synchronized boolean refuses(Conversation conversation, String sender) {
        return waiting.containsKey(conversation) && !taken.allow(conversation, sender);
    }

    private Waiting find(Conversation conversation, long seq) {
        ArrayDeque<Waiting> entries = waiting.get(conversation);
        if (entries == null) {
            return null;
        }
        // An answer comes right after its entry was left: it is one of the last.
        for (Iterator<Waiting> newestFirst = entries.descendingIterator(); newestFirst.hasNext(); ) {
            Waiting entry = newestFirst.next();
            if (entry.seq <= seq) {
                return entry.seq == seq ? entry : null;
            }
        }
        return null;
    }

    /**
     * Finds out what workers of other processes have done. Blocks; asks the storage about conversations with entries that
     * were there at the last look too.
     */
    public void lookAgain() {
        Map<Conversation, Long> unchanged = new HashMap<>();
        synchronized (this) {
            waiting.forEach((conversation, entries) -> {
                for (Waiting entry : entries) {
                    if (!entry.seen) {
                        break;
                    }
                    unchanged.put(conversation, entry.seq);
                }
                entries.forEach(entry -> entry.seen = true);
            });
        }
        unchanged.forEach((conversation, seq) -> {
            if (!log.holdsUp(conversation, seq)) {
                done(conversation, seq);
            }
        });
    }

    /** Entries that wait. */
    public synchronized int waiting() {
        return count;
    }

    /** Answers that wait for them. */
    public synchronized int answersHeld() {
        return held;
    }
}
