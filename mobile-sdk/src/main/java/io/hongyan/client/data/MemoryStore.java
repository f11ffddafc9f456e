package io.hongyan.client.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** A store that lasts as long as the process, for tests and for devices that keep nothing. Its memory has no limit. */
public final class MemoryStore implements Store {
    private Meta meta = Meta.ofNewDevice();
    private final Map<ConversationId, ConversationRow> conversations = new TreeMap<>();
    private final Map<ConversationId, LogSpans> spans = new TreeMap<>();
    private final Map<ConversationId, NavigableMap<Long, MessageRow>> messages = new TreeMap<>();
    private final Map<Long, OutboxRow> outbox = new TreeMap<>();

    /** Empty. */
    public MemoryStore() {}

    @Override
    public Snapshot open() {
        return new Snapshot(meta, new ArrayList<>(conversations.values()), spans, new ArrayList<>(outbox.values()));
    }

    @Override
    public void commit(Transaction transaction) {
        if (transaction.forgetsNumbers()) {
            forgetNumbers();
        }
        if (transaction.meta() != null) {
            meta = transaction.meta();
        }
        for (ConversationRow row : transaction.conversations()) {
            conversations.put(row.id(), row);
        }
        spans.putAll(transaction.spans());
        for (Map.Entry<ConversationId, Map<Long, MessageRow>> rows :
                transaction.messages().entrySet()) {
            put(rows.getKey(), rows.getValue());
        }
        outbox.keySet().removeAll(transaction.doneOutbox());
        for (OutboxRow row : transaction.outbox()) {
            outbox.put(row.localId(), row);
        }
    }

    private void put(ConversationId conversation, Map<Long, MessageRow> rows) {
        NavigableMap<Long, MessageRow> log = messages.get(conversation);
        if (log == null) {
            log = new TreeMap<>();
            messages.put(conversation, log);
        }
        for (MessageRow row : rows.values()) {
            log.put(row.seq(), row.inPlaceOf(log.get(row.seq())));
        }
    }

    private void forgetNumbers() {
        conversations.clear();
        spans.clear();
        messages.clear();
    }

    @Override
    public List<MessageRow> read(ConversationId conversation, long belowSeq, int limit) {
        List<MessageRow> newest = new ArrayList<>();
        NavigableMap<Long, MessageRow> log = messages.get(conversation);
        if (log == null) {
            return newest;
        }
        for (MessageRow row : log.headMap(belowSeq, false).descendingMap().values()) {
            if (newest.size() == limit) {
                break;
            }
            newest.add(row);
        }
        Collections.reverse(newest);
        return newest;
    }

    @Override
    public long size() {
        long bytes = 0;
        for (Map<Long, MessageRow> log : messages.values()) {
            for (MessageRow row : log.values()) {
                bytes += row.message().getSerializedSize();
            }
        }
        for (OutboxRow row : outbox.values()) {
            bytes += row.content().getSerializedSize();
        }
        return bytes;
    }

    @Override
    public void wipe() {
        meta = Meta.ofNewDevice();
        forgetNumbers();
        outbox.clear();
    }

    @Override
    public void close() {}
}
