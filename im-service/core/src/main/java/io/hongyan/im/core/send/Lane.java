package io.hongyan.im.core.send;

import io.hongyan.im.core.cluster.Fencing;
import io.hongyan.im.core.cluster.FencingEpoch;
import io.hongyan.im.core.cluster.OtherNodes;
import io.hongyan.im.core.inbox.Delivery;
import io.hongyan.im.core.inbox.Downlink.Gathering;
import io.hongyan.im.core.inbox.Downlink.OutgoingMessage;
import io.hongyan.im.core.inbox.SendStreams;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.Conversation.Kind;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.SendOutcome;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.Appended.InboxPosition;
import io.hongyan.im.core.work.FairBudget;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer of its conversations. Drafts wait in the order they came; each run takes what waits, up to the
 * limits, into one transaction: one message when idle, hundreds when busy. Of large content that waits, each sender has a
 * part in turn, in its own order. Answers and announcements follow the commit, in order. {@link #submit} is for any thread,
 * the rest for one.
 */
public final class Lane implements Drafts {
    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

    /** A direct message has two recipients. */
    private static final int ROWS_OF_DIRECT_DRAFT = 2;

    /** So many senders of large content share a transaction; one alone fills no more than its part. */
    private static final int SENDERS_OF_BATCH = 8;

    /** A draft that is alone is tried so often: what the storage had in memory may have been the reason. */
    private static final int MISTAKES_MAX = 2;

    private final MessageLog log;
    private final Delivery delivery;
    private final GroupSends groups;
    private final LaneLimits limits;
    private final InstantSource clock;
    private final Pause pause;
    private final SendCounters counters;
    private final NodeAnnouncements otherNodes;
    private final Fencing fencing;

    private final LinkedBlockingQueue<Waiting> waiting = new LinkedBlockingQueue<>();
    /** By sender, so that nobody fills the lane for the others; as is the next. */
    private final FairBudget waitingDrafts;

    private final FairBudget waitingBytes;
    private final List<Waiting> batch = new ArrayList<>();
    private long batchBytes;
    private long batchRows;
    private final SenderTurns turns = new SenderTurns();
    /** Drafts in turns, for any thread. */
    private volatile int inTurns;

    record Waiting(Draft draft, SendOrigin origin, CompletableFuture<SendOutcome> answer) {
        /** Whose turn it takes: what recalls have left does not hold up what the system sends. */
        String turn() {
            return draft.messageChange() instanceof MessageChange.CopiesErased ? "" : draft.sender();
        }

        /** Content that is written with it, at most about. */
        int bytes() {
            MessageChange change = draft.messageChange();
            boolean erases = change instanceof MessageChange.Recalled || change instanceof MessageChange.CopiesErased;
            return draft.content().length + (erases ? MessageRules.COPY_BYTES_AT_ONCE : 0);
        }
    }

    public Lane(
            MessageLog log,
            Delivery delivery,
            GroupSends groups,
            LaneLimits limits,
            InstantSource clock,
            Pause pause,
            SendCounters counters,
            OtherNodes otherNodes,
            Fencing fencing) {
        this.log = log;
        this.delivery = delivery;
        this.groups = groups;
        this.limits = limits;
        this.clock = clock;
        this.pause = pause;
        this.counters = counters;
        this.otherNodes = new NodeAnnouncements(otherNodes);
        this.fencing = fencing;
        this.waitingDrafts = new FairBudget(limits.waitingMax());
        this.waitingBytes = new FairBudget(limits.waitingBytesMax());
    }

    @Override
    public CompletionStage<SendOutcome> submit(Draft draft, SendOrigin origin) {
        Waiting entry = new Waiting(draft, origin, new CompletableFuture<>());
        SendStreams streams = origin.streams();
        if (streams != null) {
            streams.sendSubmitted();
            entry.answer.whenComplete((outcome, trouble) -> streams.sendAnswered());
        }
        if (!origin.full() && admits(draft)) {
            waiting.add(entry);
        } else {
            // What comes later must not be numbered before it; what waits already may be.
            origin.fill();
            counters.increment(SendCounter.SENDS_OVER_SHARE);
            fail(entry, new StorageException("too much of the sender's waits to be stored", null));
        }
        return entry.answer;
    }

    private boolean admits(Draft draft) {
        if (!waitingDrafts.take(draft.sender(), 1)) {
            return false;
        }
        if (!waitingBytes.take(draft.sender(), draft.content().length)) {
            waitingDrafts.giveBack(draft.sender(), 1);
            return false;
        }
        return true;
    }

    /** It does not wait any more. */
    private void release(Draft draft) {
        waitingDrafts.giveBack(draft.sender(), 1);
        waitingBytes.giveBack(draft.sender(), draft.content().length);
    }

    /** Drafts that wait now. */
    public int waiting() {
        return waiting.size() + inTurns;
    }

    /**
     * Waits for a draft, at most so long, and stores what waits.
     *
     * @return whether there was anything
     */
    public boolean runOnce(long waitMillis) throws InterruptedException {
        if (!collect(waitMillis)) {
            return false;
        }
        try {
            store(batch);
        } finally {
            batch.clear();
        }
        return true;
    }

    private boolean collect(long waitMillis) throws InterruptedException {
        batchBytes = 0;
        batchRows = 0;
        if (turns.drafts() == 0) {
            collectInOrder(waitMillis);
        }
        if (turns.drafts() > 0) {
            collectInTurns();
            inTurns = turns.drafts();
        }
        return !batch.isEmpty();
    }

    /** As long as it is no more than one sender's part: so whose it is makes no difference. */
    private void collectInOrder(long waitMillis) throws InterruptedException {
        Waiting entry = waiting.poll(waitMillis, TimeUnit.MILLISECONDS);
        while (entry != null) {
            if (!batch.isEmpty() && batchBytes + entry.bytes() > partOfSender()) {
                turns.add(entry);
                return;
            }
            take(entry);
            entry = batchRows < limits.batchRowsMax() ? waiting.poll() : null;
        }
    }

    private void collectInTurns() {
        for (Waiting entry = waiting.poll(); entry != null; entry = waiting.poll()) {
            turns.add(entry);
        }
        for (int senders = turns.senders(); senders > 0; senders--) {
            long before = batchBytes;
            if (!turns.turn(entry -> takeOfPart(entry, before))) {
                return;
            }
        }
    }

    private boolean takeOfPart(Waiting entry, long before) {
        long after = batchBytes + entry.bytes();
        boolean fits = batch.isEmpty()
                || batchRows < limits.batchRowsMax()
                        && after <= limits.batchBytesMax()
                        && (batchBytes == before || after - before <= partOfSender());
        if (fits) {
            take(entry);
        }
        return fits;
    }

    private long partOfSender() {
        return limits.batchBytesMax() / SENDERS_OF_BATCH;
    }

    private void take(Waiting entry) {
        release(entry.draft);
        if (entry.origin.broken()) {
            failBroken(entry);
        } else {
            batchBytes += entry.bytes();
            batchRows += rowsOf(entry.draft.conversation());
            batch.add(entry);
        }
    }

    private int rowsOf(Conversation conversation) {
        return conversation.kind() == Kind.GROUP ? groups.rowsOf(conversation) : ROWS_OF_DIRECT_DRAFT;
    }

    private void store(List<Waiting> collected) throws InterruptedException {
        List<Waiting> entries = collected;
        long pauseMillis = limits.retryPauseMillis();
        for (int attempt = 1; ; attempt++) {
            entries = stillAsked(entries);
            if (entries.isEmpty()) {
                return;
            }
            List<Draft> drafts = entries.stream().map(Waiting::draft).toList();
            List<Appended> results;
            try {
                results = log.append(drafts, clock.millis());
            } catch (StorageException trouble) {
                drafts.forEach(this::attemptFailed);
                if (attempt >= limits.attemptsMax()) {
                    giveUp(entries, trouble);
                    return;
                }
                LOG.warn("attempt {} to store {} messages failed: {}", attempt, drafts.size(), trouble.toString());
                counters.increment(SendCounter.APPEND_RETRIES);
                pause.forMillis(pauseMillis);
                pauseMillis *= 2;
                continue;
            } catch (RuntimeException mistake) {
                drafts.forEach(this::attemptFailed);
                if (drafts.size() > 1) {
                    storeHalves(entries, mistake);
                    return;
                } else if (attempt >= MISTAKES_MAX) {
                    refuse(entries.get(0), mistake);
                    return;
                }
                continue;
            }
            counters.increment(SendCounter.APPEND_BATCHES);
            settle(entries, results);
            return;
        }
    }

    /**
     * Without those that another node has been asked for since: this process stalled, or the gate has gone there. One
     * that was refused there, and would not be now, must not be stored after all.
     */
    private List<Waiting> stillAsked(List<Waiting> entries) {
        FencingEpoch now = fencing.epoch();
        if (entries.stream().noneMatch(entry -> entry.origin.isLeftToOthers(now))) {
            return entries;
        }
        Map<Boolean, List<Waiting>> parts =
                entries.stream().collect(Collectors.partitioningBy(entry -> entry.origin.isLeftToOthers(now)));
        List<Waiting> left = parts.get(true);
        LOG.warn("{} messages are left to other nodes: their gate has gone, or this process stalled", left.size());
        counters.add(SendCounter.SENDS_LEFT, left.size());
        breakOff(left, new StorageException("another node is asked for the message", null));
        return parts.get(false);
    }

    /** One of the drafts cannot be stored: the others are not to suffer from it. */
    private void storeHalves(List<Waiting> entries, RuntimeException mistake) throws InterruptedException {
        LOG.warn("storing {} messages failed by a mistake, halves are tried: {}", entries.size(), mistake.toString());
        counters.increment(SendCounter.APPENDS_HALVED);
        int middle = entries.size() / 2;
        store(entries.subList(0, middle));
        List<Waiting> rest = new ArrayList<>();
        for (Waiting entry : entries.subList(middle, entries.size())) {
            if (entry.origin.broken()) {
                failBroken(entry);
            } else {
                rest.add(entry);
            }
        }
        if (!rest.isEmpty()) {
            store(rest);
        }
    }

    private void refuse(Waiting entry, RuntimeException mistake) {
        LOG.error("a message to {} cannot be stored", entry.draft.conversation(), mistake);
        counters.increment(SendCounter.SENDS_UNSTORABLE);
        counters.increment(SendCounter.SENDS_REFUSED);
        entry.answer.complete(new SendOutcome.Refused(Refusal.INTERNAL_ERROR));
    }

    private void settle(List<Waiting> entries, List<Appended> results) {
        Gathering gathering = delivery.gather();
        try {
            for (int i = 0; i < results.size(); i++) {
                settle(entries.get(i), results.get(i), gathering);
            }
        } finally {
            gathering.flush();
        }
    }

    private void settle(Waiting entry, Appended result, Gathering gathering) {
        if (result instanceof Appended.Stored stored) {
            counters.increment(SendCounter.SENDS_STORED);
            announce(stored, entry, gathering);
        } else if (result instanceof Appended.Repeated repeated) {
            counters.increment(SendCounter.SENDS_REPEATED);
            sentAgain(entry, repeated);
            entry.answer.complete(new SendOutcome.Stored(
                    repeated.seq(), repeated.ordinal(), repeated.sentAtMillis(), repeated.senderInboxSeq()));
        } else if (result instanceof Appended.Noted) {
            counters.increment(SendCounter.SENDS_NOTED);
            entry.answer.complete(new SendOutcome.Noted());
        } else if (result instanceof Appended.Refused refused) {
            counters.increment(SendCounter.SENDS_REFUSED);
            entry.answer.complete(new SendOutcome.Refused(refused.refusal()));
        } else if (result instanceof Appended.NotStored failed) {
            attemptFailed(entry.draft);
            entry.origin.breakOff();
            groups.refresh(entry.draft.conversation());
            groups.wakeFanOut();
            fail(entry, failed.why());
        }
    }

    private void announce(Appended.Stored stored, Waiting entry, Gathering gathering) {
        OutgoingMessage outgoing = entry.draft.conversation().kind() == Kind.GROUP
                ? gathering.add(stored.message())
                : delivery.prepare(stored.message());
        long senderInboxSeq = 0;
        for (InboxPosition position : stored.positions()) {
            if (position.uid().equals(stored.message().sender())) {
                senderInboxSeq = position.seq();
            }
            delivery.announce(position.uid(), position.seq(), stored.message(), outgoing, entry.origin.connection());
        }
        otherNodes.stored(stored.message(), stored.positions(), entry.origin.connection());
        if (entry.draft.conversation().kind() == Kind.GROUP) {
            groups.stored(entry.draft, stored, outgoing, entry.origin);
        } else if (stored.fanOut() == Appended.FanOut.BY_MARKER) {
            groups.wakeFanOut();
        }
        StoredMessage message = stored.message();
        entry.answer.complete(
                new SendOutcome.Stored(message.seq(), message.ordinal(), message.sentAtMillis(), senderInboxSeq));
        if (stored.outgrown()) {
            submit(groups.becomeLarge(entry.draft.conversation()), SendOrigin.server());
        }
    }

    private void sentAgain(Waiting entry, Appended.Repeated repeated) {
        Conversation conversation = entry.draft.conversation();
        delivery.sentBefore(entry.draft.sender(), conversation, repeated.seq(), repeated.ordinal());
        SendStreams streams = entry.origin.streams();
        if (streams != null && repeated.senderInboxSeq() > 0) {
            streams.sentAgain(repeated.senderInboxSeq());
        } else if (streams != null && conversation.kind() == Kind.GROUP) {
            // The group may be large, and its stream may begin later.
            streams.sentByStream(conversation, repeated.seq());
        }
        // A failed attempt may have stored the message without anybody having been told.
        if (conversation.kind() != Kind.GROUP) {
            groups.refresh(conversation);
            if (repeated.senderInboxSeq() == 0) {
                groups.wakeFanOut();
            }
        } else if (groups.settle(conversation) || repeated.untold()) {
            groups.refresh(conversation);
            groups.wakeFanOut();
        }
    }

    private void attemptFailed(Draft draft) {
        if (draft.conversation().kind() == Kind.GROUP) {
            groups.attemptFailed(draft.conversation());
        }
    }

    private void giveUp(List<Waiting> entries, StorageException trouble) {
        LOG.error(
                "giving up {} messages that could not be stored; their connections are closed",
                entries.size(),
                trouble);
        breakOff(entries, new StorageException("the message could not be stored", trouble));
    }

    /** Some may have been stored by an attempt that failed: what is there is looked for. */
    private void breakOff(List<Waiting> entries, StorageException cause) {
        entries.forEach(entry -> entry.origin.breakOff());
        entries.stream().map(entry -> entry.draft.conversation()).distinct().forEach(groups::refresh);
        groups.wakeFanOut();
        entries.forEach(entry -> fail(entry, cause));
    }

    private void failBroken(Waiting entry) {
        fail(entry, new StorageException("an earlier message of this connection was not stored", null));
    }

    private void fail(Waiting entry, StorageException trouble) {
        counters.increment(SendCounter.SENDS_FAILED);
        entry.answer.completeExceptionally(trouble);
    }
}
