package io.hongyan.im.adapter.sql.sqlite;

import io.hongyan.im.adapter.sql.InboxHead;
import io.hongyan.im.adapter.sql.MessageRows;
import io.hongyan.im.adapter.sql.StorageCounters;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.Conversation.Kind;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.message.SystemUser;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Appended.InboxPosition;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.send.MessageLog;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.sqlite.SQLiteErrorCode;

/** Appends batches: numbers from the heads in memory, rows by {@link MessageRows}, all in one transaction. */
final class SqliteMessageLog implements MessageLog {
    private final GroupCommit writes;
    private final Heads heads;
    private final MessageKeys keys;
    private final SqliteWriter writer;
    private final GroupLog groups;
    private final StorageCounters counters;

    SqliteMessageLog(
            GroupCommit writes,
            Heads heads,
            MessageKeys keys,
            SqliteWriter writer,
            GroupLog groups,
            StorageCounters counters) {
        this.writes = writes;
        this.heads = heads;
        this.keys = keys;
        this.writer = writer;
        this.groups = groups;
        this.counters = counters;
    }

    @Override
    public List<Appended> append(List<Draft> batch, long nowMillis) {
        List<Appended> results = writes.write(() -> appendAll(batch, nowMillis));
        counters.appended(results);
        return results;
    }

    private List<Appended> appendAll(List<Draft> batch, long nowMillis) throws SQLException {
        List<Appended> results = new ArrayList<>(batch.size());
        for (Draft draft : batch) {
            try {
                results.add(append(draft, nowMillis));
            } catch (SQLException | RuntimeException failure) {
                if (isOfTheDraft(failure)) {
                    throw new IllegalArgumentException("not storable: a draft to " + draft.conversation(), failure);
                }
                throw failure;
            }
        }
        return results;
    }

    /** Whether another draft may do well where this one has failed: it breaks a rule of the tables, or met a mistake here. */
    private static boolean isOfTheDraft(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                int primary = sql.getErrorCode() & 0xff;
                return primary == SQLiteErrorCode.SQLITE_CONSTRAINT.code
                        || primary == SQLiteErrorCode.SQLITE_TOOBIG.code;
            }
        }
        return true;
    }

    private Appended append(Draft draft, long nowMillis) throws SQLException {
        return switch (draft.conversation().kind()) {
            case DIRECT -> appendDirect(draft, nowMillis);
            case GROUP -> groups.append(draft, nowMillis);
            case SYSTEM -> appendSystem(draft, nowMillis);
            case ROOM -> new Appended.Refused(Refusal.UNKNOWN_CONVERSATION);
        };
    }

    private Appended appendDirect(Draft draft, long nowMillis) throws SQLException {
        ConversationHead conversation = heads.conversation(draft.conversation());
        if (conversation == null) {
            conversation = make(draft.conversation());
            if (conversation == null) {
                return new Appended.Refused(Refusal.UNKNOWN_CONVERSATION);
            }
        }
        if (!conversation.hasMember(draft.sender())) {
            return new Appended.Refused(Refusal.NOT_A_MEMBER);
        }
        return append(draft, nowMillis, conversation, heads.inbox(draft.sender()));
    }

    /** What the system tells one user: stands in that user's inbox only. */
    private Appended appendSystem(Draft draft, long nowMillis) throws SQLException {
        if (!draft.sender().equals(SystemUser.UID)) {
            return new Appended.Refused(Refusal.NOT_ALLOWED);
        }
        ConversationHead conversation = heads.conversation(draft.conversation());
        if (conversation == null) {
            InboxHead reader = heads.inbox(draft.conversation().reader());
            if (reader == null) {
                return new Appended.Refused(Refusal.UNKNOWN_USER);
            }
            conversation = heads.make(draft.conversation(), reader, reader);
        }
        return append(draft, nowMillis, conversation, heads.inbox(draft.sender()));
    }

    private Appended append(Draft draft, long nowMillis, ConversationHead conversation, InboxHead sender)
            throws SQLException {
        MessageKeys.Found found = keys.find(conversation.id(), sender.userId(), draft.clientMessageId());
        if (found.answer() != null) {
            return found.answer();
        }
        StoredMessage message = new StoredMessage(
                conversation.conversation(),
                conversation.head() + 1,
                draft.ordinalAfter(conversation.ordinal()),
                draft.sender(),
                draft.senderDevice(),
                draft.clientMessageId(),
                nowMillis,
                draft.content());
        long id = heads.nextMessageId();
        boolean bySystem = draft.conversation().kind() == Kind.SYSTEM;
        writer.rows().insert(message, id, conversation.id(), sender.userId(), bySystem ? 0 : sender.head() + 1);
        keys.add(found.slot(), id);
        heads.took(conversation, message);
        return new Appended.Stored(
                message,
                bySystem
                        ? heads.fanOut(List.of(draft.conversation().reader()), conversation.id(), message.seq())
                        : fanOut(message, conversation, sender));
    }

    /** Null where one of the users does not exist. */
    private ConversationHead make(Conversation conversation) {
        InboxHead low = heads.inbox(conversation.low());
        InboxHead high = conversation.low().equals(conversation.high()) ? low : heads.inbox(conversation.high());
        return low == null || high == null ? null : heads.make(conversation, low, high);
    }

    private List<InboxPosition> fanOut(StoredMessage message, ConversationHead conversation, InboxHead sender)
            throws SQLException {
        String peerUid = conversation.peerOf(message.sender());
        if (peerUid.equals(message.sender())) {
            InboxPosition own = new InboxPosition(message.sender(), heads.next(sender));
            writer.rows().insertInboxRow(sender, MessageRows.KIND_MESSAGE, conversation.id(), message.seq());
            return List.of(own);
        }
        InboxHead peer = heads.inbox(peerUid);
        InboxPosition own = new InboxPosition(message.sender(), heads.next(sender));
        InboxPosition peers = new InboxPosition(peerUid, heads.next(peer));
        writer.rows().insertInboxRows(sender, peer, conversation.id(), message.seq());
        return List.of(own, peers);
    }
}
