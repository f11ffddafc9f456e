package io.hongyan.client.data;

import io.hongyan.protocol.v1.Conversation;
import io.hongyan.protocol.v1.GroupChange;
import io.hongyan.protocol.v1.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What is known of conversations, and which entries of their logs are stored. */
final class Logs {
    private final String uid;
    private final Map<ConversationId, ConversationRow> rows = new TreeMap<>();
    private final Map<ConversationId, LogSpans> spans = new TreeMap<>();
    private final Set<ConversationId> unlisted = new TreeSet<>();
    private final Set<ConversationId> changedRows = new TreeSet<>();
    private final Set<ConversationId> changedSpans = new TreeSet<>();

    Logs(String uid, Snapshot stored) {
        this.uid = uid;
        for (ConversationRow row : stored.conversations()) {
            rows.put(row.id(), row);
            if (!row.listed()) {
                unlisted.add(row.id());
            }
        }
        for (Map.Entry<ConversationId, LogSpans> log : stored.spans().entrySet()) {
            spans.put(log.getKey(), log.getValue().copy());
        }
    }

    /**
     * Stores an entry, unless it is stored as it is now.
     *
     * @param localId of an own message that leaves the outbox with it, 0 of any other
     */
    void take(Message message, long localId, Step step) {
        ConversationId id = ConversationId.of(message, uid);
        long seq = message.getSeq();
        boolean read = message.getFrom().equals(uid) || addsThisUser(message);
        raise(id, seq, message.getOrdinal(), read ? message.getOrdinal() : 0);
        LogSpans log = spans.get(id);
        if (log == null) {
            log = new LogSpans();
            spans.put(id, log);
        }
        if (log.holds(seq) && localId == 0) {
            return;
        }
        boolean isNew = !log.stores(seq);
        log.hold(seq);
        changedSpans.add(id);
        MessageRow row = new MessageRow(id, message, localId);
        step.change().put(row);
        step.then((connection, listener) -> listener.messageStored(row, isNew));
    }

    private boolean addsThisUser(Message message) {
        GroupChange change = message.getContent().getGroupChange();
        return change.getAdded().getUidsList().contains(uid)
                || change.getCreated().getMembersList().contains(uid);
    }

    /** Raises what is known of a conversation; 0 says nothing. */
    void raise(ConversationId id, long seq, long headOrdinal, long readOrdinal) {
        ConversationRow row = rows.get(id);
        if (row == null) {
            unlisted.add(id);
            row = ConversationRow.unknown(id);
        }
        put(row.raised(seq, headOrdinal, readOrdinal));
    }

    private void put(ConversationRow row) {
        if (!row.equals(rows.put(row.id(), row))) {
            changedRows.add(row.id());
        }
    }

    /** The server's list says this of a conversation. */
    void list(Conversation conversation) {
        ConversationId id = ConversationId.of(conversation.getPeer());
        raise(id, conversation.getHeadSeq(), conversation.getHeadOrdinal(), conversation.getReadOrdinal());
        listed(id);
    }

    /** The server's list has nothing more to say of it. */
    void listed(ConversationId id) {
        ConversationRow row = rows.get(id);
        if (row != null && unlisted.remove(id)) {
            put(row.withListed(true));
        }
    }

    /** Those that the list has to be asked about. */
    List<ConversationId> unlisted(int limit) {
        List<ConversationId> some = new ArrayList<>();
        for (ConversationId id : unlisted) {
            if (some.size() == limit) {
                break;
            }
            some.add(id);
        }
        return some;
    }

    /** Entries of this conversation were missed. */
    void lose(ConversationId id) {
        loseSpans(id);
        raise(id, 0, 0, 0);
        unlisted.add(id);
        put(rows.get(id).withListed(false));
    }

    /** Entries of any conversation were missed; the whole list is read again. */
    void loseAll() {
        for (ConversationId id : spans.keySet()) {
            loseSpans(id);
        }
    }

    private void loseSpans(ConversationId id) {
        LogSpans log = spans.get(id);
        if (log != null && log.lose()) {
            changedSpans.add(id);
        }
    }

    /** The numbers have no meaning any more. */
    void forget(Step step) {
        rows.clear();
        spans.clear();
        unlisted.clear();
        changedRows.clear();
        changedSpans.clear();
        step.change().forgetNumbers();
        step.then((connection, listener) -> listener.numbersForgotten());
    }

    /** Writes and tells what has changed of conversations since the last time. */
    void flush(Step step) {
        for (ConversationId id : changedSpans) {
            step.change().put(id, spans.get(id).copy());
        }
        for (ConversationId id : changedRows) {
            ConversationRow row = rows.get(id);
            step.change().put(row);
            step.then((connection, listener) -> listener.conversationChanged(row));
        }
        changedSpans.clear();
        changedRows.clear();
    }
}
