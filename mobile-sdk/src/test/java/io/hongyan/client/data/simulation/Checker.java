package io.hongyan.client.data.simulation;

import io.hongyan.client.data.ConversationId;
import io.hongyan.client.data.ConversationRow;
import io.hongyan.client.data.DataListener;
import io.hongyan.client.data.LogSpans;
import io.hongyan.client.data.MessageRow;
import io.hongyan.client.data.OutboxRow;
import io.hongyan.client.data.Phase;
import io.hongyan.client.data.SendState;
import io.hongyan.client.data.Store;
import io.hongyan.protocol.v1.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What an app shows, by what it is told; and whether that keeps the promises. */
final class Checker implements DataListener {
    private final List<String> violations = new ArrayList<>();
    private final Map<ConversationId, TreeMap<Long, Message>> shown = new TreeMap<>();
    private final Map<ConversationId, ConversationRow> conversations = new TreeMap<>();
    private final Map<Long, SendState.Kind> outbox = new TreeMap<>();
    private final Map<Long, String> sentTo = new TreeMap<>();
    private final Set<Long> ended = new HashSet<>();
    private final Set<Long> failedOnce = new HashSet<>();
    private final Map<ConversationId, Long> highestDelivered = new HashMap<>();
    private final Set<String> cancelled = new HashSet<>();
    private Map<ConversationId, LogSpans> spansBefore = Map.of();
    private boolean inOrder;
    private long sentNow;
    private Phase phase = Phase.OFFLINE;
    private int lastHistory = -1;
    final Counts counts = new Counts();

    /** How much was looked at. */
    static final class Counts {
        int shown;
        int sent;
        int failed;
        int cancelled;
        int crashes;
        int epochs;
        int replaced;
        int ready;

        void add(Counts other) {
            shown += other.shown;
            sent += other.sent;
            failed += other.failed;
            cancelled += other.cancelled;
            crashes += other.crashes;
            epochs += other.epochs;
            replaced += other.replaced;
            ready += other.ready;
        }
    }

    void violated(String what) {
        violations.add(what);
    }

    List<String> violations() {
        return violations;
    }

    Map<Long, SendState.Kind> outbox() {
        return outbox;
    }

    boolean failedOnce(long localId) {
        return failedOnce.contains(localId);
    }

    Phase phase() {
        return phase;
    }

    ConversationRow conversation(ConversationId id) {
        return conversations.get(id);
    }

    /** How many messages the last history had; -1 before it has come. */
    int takeLastHistory() {
        int last = lastHistory;
        lastHistory = -1;
        return last;
    }

    /**
     * A step is carried out.
     *
     * @param inOrder whether the step has nothing but deliveries of which none was left out
     * @param spansBefore what was stored before the step; nothing where it may have become doubtful in the step
     */
    void begin(boolean inOrder, Map<ConversationId, LogSpans> spansBefore) {
        this.inOrder = inOrder;
        this.spansBefore = spansBefore;
        sentNow = 0;
    }

    void end() {
        if (sentNow != 0) {
            violated("local " + sentNow + " is SENT and was not shown in the log");
        }
    }

    // --- What the app is told ---------------------------------------------------------------------------------------

    @Override
    public void phaseChanged(Phase now) {
        if (now == phase) {
            violated("told twice to be " + now);
        }
        phase = now;
        counts.ready += now == Phase.READY ? 1 : 0;
    }

    @Override
    public void sendStateChanged(OutboxRow row, SendState state) {
        long id = row.localId();
        SendState.Kind before = outbox.get(id);
        if (ended.contains(id)) {
            violated("local " + id + " becomes " + state + " after its end");
        }
        if (before == null && state.kind() != SendState.Kind.QUEUED) {
            violated("local " + id + " becomes " + state + " and was never queued");
        }
        switch (state.kind()) {
            case SENT -> {
                outbox.remove(id);
                ended.add(id);
                sentTo.put(id, row.conversation() + "/" + state.seq());
                sentNow = id;
                counts.sent++;
            }
            case CANCELLED -> {
                outbox.remove(id);
                ended.add(id);
                cancelled.add(row.clientMessageId());
                counts.cancelled++;
            }
            case FAILED -> {
                outbox.put(id, state.kind());
                failedOnce.add(id);
                counts.failed++;
            }
            default -> outbox.put(id, state.kind());
        }
    }

    @Override
    public void messageStored(MessageRow row, boolean isNew) {
        ConversationId id = row.conversation();
        TreeMap<Long, Message> log = shown.computeIfAbsent(id, conversation -> new TreeMap<>());
        Message before = log.put(row.seq(), row.message());
        counts.shown++;
        counts.replaced += isNew ? 0 : 1;
        if (isNew != (before == null)) {
            violated(row + " is told as " + (isNew ? "new" : "known") + ", and " + before + " was shown");
        }
        if (!isNew && spansBefore.containsKey(id) && spansBefore.get(id).held().contains(row.seq())) {
            violated(row + " is told again");
        }
        boolean own = row.message().getFromDevice().equals(SimulatedClient.DEVICE);
        if (own && isNew) {
            long same = log.values().stream()
                    .filter(one -> one.getFromDevice().equals(SimulatedClient.DEVICE))
                    .filter(one -> one.getClientMessageId().equals(row.message().getClientMessageId()))
                    .count();
            if (same != 1) {
                violated(row + " is shown twice");
            }
        }
        if (row.localId() != 0 && row.localId() == sentNow) {
            sentNow = 0;
        }
        if (isNew && !own && inOrder) {
            long highest = highestDelivered.getOrDefault(id, 0L);
            if (row.seq() < highest) {
                violated(row + " is shown after " + highest);
            }
            highestDelivered.put(id, row.seq());
        }
    }

    @Override
    public void conversationChanged(ConversationRow row) {
        ConversationRow before = conversations.put(row.id(), row);
        if (before != null
                && (before.headSeq() > row.headSeq()
                        || before.headOrdinal() > row.headOrdinal()
                        || before.readOrdinal() > row.readOrdinal())) {
            violated("a number fell: " + before + ", now " + row);
        }
    }

    @Override
    public void historyRead(ConversationId conversation, long belowSeq, int messages) {
        lastHistory = messages;
    }

    @Override
    public void numbersForgotten() {
        shown.clear();
        conversations.clear();
        highestDelivered.clear();
        sentTo.clear();
        spansBefore = Map.of();
        counts.epochs++;
    }

    // --- What is compared -------------------------------------------------------------------------------------------

    /**
     * The client has started again.
     *
     * @param settled local ids that have left the outbox in a step that was committed and not told
     * @param forgotten whether that step has forgotten the numbers
     */
    void restarted(Store store, Set<Long> settled, boolean forgotten) {
        if (forgotten) {
            numbersForgotten();
        }
        Map<Long, SendState.Kind> stored = new TreeMap<>();
        for (OutboxRow row : store.open().outbox()) {
            stored.put(row.localId(), row.failure() == null ? SendState.Kind.QUEUED : SendState.Kind.FAILED);
            if (row.failure() != null) {
                failedOnce.add(row.localId());
            }
        }
        for (long id : outbox.keySet()) {
            if (!stored.containsKey(id)) {
                ended.add(id);
                if (!settled.contains(id)) {
                    violated("local " + id + " has vanished from the outbox");
                }
            }
        }
        outbox.clear();
        outbox.putAll(stored);
        shown.clear();
        conversations.clear();
        store.open().conversations().forEach(row -> conversations.put(row.id(), row));
        for (ConversationId id : ServerData.CONVERSATIONS) {
            TreeMap<Long, Message> log = new TreeMap<>();
            store.read(id, Long.MAX_VALUE, Integer.MAX_VALUE).forEach(row -> log.put(row.seq(), row.message()));
            shown.put(id, log);
        }
        highestDelivered.clear();
        phase = Phase.OFFLINE;
        counts.crashes++;
    }

    /** What is shown is what is stored, and what was sent is in it. */
    void compareWith(Store store) {
        for (ConversationId id : ServerData.CONVERSATIONS) {
            Map<Long, Message> stored = new TreeMap<>();
            store.read(id, Long.MAX_VALUE, Integer.MAX_VALUE).forEach(row -> stored.put(row.seq(), row.message()));
            if (!stored.equals(shown.getOrDefault(id, new TreeMap<>()))) {
                violated(id + " is shown as " + shown.get(id) + " and stored as " + stored);
            }
            Set<Long> spans = new HashSet<>();
            store.open().spans().forEach((conversation, log) -> {
                if (conversation.equals(id)) {
                    log.held().ranges().forEach((first, last) -> range(spans, first, last));
                    log.stale().ranges().forEach((first, last) -> range(spans, first, last));
                }
            });
            if (!stored.keySet().equals(spans)) {
                violated(id + " has the messages " + stored.keySet() + " and the spans " + spans);
            }
        }
        Set<Long> rows = new HashSet<>();
        store.open().outbox().forEach(row -> rows.add(row.localId()));
        if (!rows.equals(outbox.keySet())) {
            violated("the outbox is shown as " + outbox + " and stored as " + rows);
        }
    }

    private static void range(Set<Long> numbers, long first, long last) {
        for (long number = first; number <= last; number++) {
            numbers.add(number);
        }
    }

    /** Client message ids of what was taken back. */
    Set<String> cancelled() {
        return cancelled;
    }

    /** Each message that was told as sent in this epoch, by its local id: where. */
    Map<Long, String> sentTo() {
        return sentTo;
    }
}
