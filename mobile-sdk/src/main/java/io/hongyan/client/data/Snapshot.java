package io.hongyan.client.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a {@link SyncEngine} begins with: everything that is stored, without the messages. */
public final class Snapshot {
    private final Meta meta;
    private final List<ConversationRow> conversations;
    private final Map<ConversationId, LogSpans> spans;
    private final List<OutboxRow> outbox;

    /** Copies the collections. */
    public Snapshot(
            Meta meta,
            List<ConversationRow> conversations,
            Map<ConversationId, LogSpans> spans,
            List<OutboxRow> outbox) {
        this.meta = meta;
        this.conversations = Collections.unmodifiableList(new ArrayList<>(conversations));
        this.spans = Collections.unmodifiableMap(new TreeMap<>(spans));
        this.outbox = Collections.unmodifiableList(new ArrayList<>(outbox));
    }

    /** Numbers of the device. */
    public Meta meta() {
        return meta;
    }

    /** In any order. */
    public List<ConversationRow> conversations() {
        return conversations;
    }

    /** Which messages are stored; a conversation without one may be missing. */
    public Map<ConversationId, LogSpans> spans() {
        return spans;
    }

    /** In any order. */
    public List<OutboxRow> outbox() {
        return outbox;
    }
}
