package io.hongyan.client.data;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What is to be written at once. A store first carries out {@link #forgetsNumbers()}, then the rest in any order: no key is
 * in it twice.
 */
public final class Transaction {
    private boolean forgetsNumbers;
    private Meta meta;
    private final Map<ConversationId, ConversationRow> conversations = new LinkedHashMap<>();
    private final Map<ConversationId, LogSpans> spans = new LinkedHashMap<>();
    private final Map<ConversationId, Map<Long, MessageRow>> messages = new LinkedHashMap<>();
    private final Map<Long, OutboxRow> outbox = new LinkedHashMap<>();
    private final Set<Long> doneOutbox = new LinkedHashSet<>();

    Transaction() {}

    void forgetNumbers() {
        forgetsNumbers = true;
        conversations.clear();
        spans.clear();
        messages.clear();
    }

    void put(Meta newMeta) {
        meta = newMeta;
    }

    void put(ConversationRow row) {
        conversations.put(row.id(), row);
    }

    void put(ConversationId conversation, LogSpans newSpans) {
        spans.put(conversation, newSpans);
    }

    void put(MessageRow row) {
        Map<Long, MessageRow> rows = messages.get(row.conversation());
        if (rows == null) {
            rows = new LinkedHashMap<>();
            messages.put(row.conversation(), rows);
        }
        rows.put(row.seq(), row.inPlaceOf(rows.get(row.seq())));
    }

    void put(OutboxRow row) {
        outbox.put(row.localId(), row);
    }

    void done(OutboxRow row) {
        outbox.remove(row.localId());
        doneOutbox.add(row.localId());
    }

    /** Whether nothing is to be written. */
    public boolean isEmpty() {
        return !forgetsNumbers
                && meta == null
                && conversations.isEmpty()
                && spans.isEmpty()
                && messages.isEmpty()
                && outbox.isEmpty()
                && doneOutbox.isEmpty();
    }

    /** Whether all conversations, spans and messages go first: the data have another epoch. The outbox stays. */
    public boolean forgetsNumbers() {
        return forgetsNumbers;
    }

    /** Null if it has not changed. */
    public Meta meta() {
        return meta;
    }

    /** To be inserted or replaced by their id. */
    public Collection<ConversationRow> conversations() {
        return Collections.unmodifiableCollection(conversations.values());
    }

    /** All spans of each of these conversations. */
    public Map<ConversationId, LogSpans> spans() {
        return Collections.unmodifiableMap(spans);
    }

    /**
     * To be inserted or replaced by conversation and {@code seq}. A row without a local id keeps that of the row that it
     * replaces.
     */
    public Map<ConversationId, Map<Long, MessageRow>> messages() {
        return Collections.unmodifiableMap(messages);
    }

    /** To be inserted or replaced by their local id. */
    public Collection<OutboxRow> outbox() {
        return Collections.unmodifiableCollection(outbox.values());
    }

    /** Local ids of the rows that leave the outbox: they were sent or taken back. */
    public Set<Long> doneOutbox() {
        return Collections.unmodifiableSet(doneOutbox);
    }
}
