package io.hongyan.im.adapter.sql.sqlite;

import io.hongyan.im.adapter.sql.InboxHead;
import io.hongyan.im.adapter.sql.StorageCounters;
import io.hongyan.im.core.group.GroupInfo;
import io.hongyan.im.core.group.GroupMember;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.Conversation.Kind;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.AppendPlan;
import io.hongyan.im.core.send.AppendRules;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Appended.InboxPosition;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.send.MessageLog;
import io.hongyan.im.core.send.MessageRules.Content;
import io.hongyan.im.core.send.MessageRules.Target;
import io.hongyan.im.core.send.MessageWrites;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sqlite.SQLiteErrorCode;

/** Appends batches, each in one transaction, as {@link AppendRules} say: facts from what the writer knows, in memory mostly. */
final class SqliteMessageLog implements MessageLog {
    private final GroupCommit writes;
    private final Heads heads;
    private final DedupIndex dedupIndex;
    private final SqliteWriter writer;
    private final GroupMembers groups;
    private final AppendRules rules;
    private final StorageCounters counters;

    /** Writer's thread only. */
    private final Facts facts = new Facts();

    SqliteMessageLog(
            GroupCommit writes,
            Heads heads,
            GroupMembers groups,
            DedupIndex dedupIndex,
            SqliteWriter writer,
            AppendRules rules,
            StorageCounters counters) {
        this.writes = writes;
        this.heads = heads;
        this.dedupIndex = dedupIndex;
        this.writer = writer;
        this.groups = groups;
        this.rules = rules;
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
        facts.read(draft);
        AppendPlan<InboxHead> plan = rules.plan(draft, facts, nowMillis);
        if (plan instanceof AppendPlan.Refused<InboxHead> refused) {
            return new Appended.Refused(refused.refusal());
        }
        if (plan instanceof AppendPlan.Noted<InboxHead> noted) {
            write(noted.writes());
            return new Appended.Noted();
        }
        return plan instanceof AppendPlan.Entry<InboxHead> entry ? store(entry) : facts.found.answer();
    }

    private Appended store(AppendPlan.Entry<InboxHead> entry) throws SQLException {
        StoredMessage message = entry.message();
        boolean made = facts.conversation == null;
        if (made) {
            facts.conversation = make(entry);
            facts.look(message.clientMessageId());
        }
        ConversationHead conversation = facts.conversation;
        if (entry.change() != null) {
            groups.carryOut((GroupHead) conversation, made, entry.change(), message);
        }
        long id = heads.nextMessageId();
        long senderInboxSeq = entry.toSender() ? entry.recipients().get(0).head() + 1 : 0;
        writer.rows().insert(message, id, conversation.id(), facts.sender.userId(), senderInboxSeq);
        dedupIndex.add(facts.found.slot(), id);
        heads.took(conversation, message);
        write(entry.writes());
        if (entry.marker()) {
            writer.fanOutRows().insert(conversation.id(), message.seq());
            groups.fanningOut((GroupHead) conversation, true);
        }
        List<InboxPosition> positions = heads.fanOut(entry.recipients(), conversation.id(), message.seq());
        return new Appended.Stored(message, positions, entry.fanOut(), entry.outgrown());
    }

    /** @param writes null for nothing */
    private void write(MessageWrites writes) throws SQLException {
        if (writes != null) {
            writer.changeRows().write(facts.conversation.id(), writes, facts.sender.userId());
        }
    }

    private ConversationHead make(AppendPlan.Entry<InboxHead> entry) {
        Conversation name = entry.message().conversation();
        if (entry.change() != null) {
            return heads.make(name, entry.change().after());
        }
        InboxHead high = facts.recipient(name.high());
        return heads.make(name, name.kind() == Kind.DIRECT ? facts.recipient(name.low()) : high, high);
    }

    /** About one draft after the other. */
    private final class Facts implements AppendRules.Facts<InboxHead> {
        private InboxHead sender;
        private ConversationHead conversation;
        private DedupIndex.Found found;

        void read(Draft draft) throws SQLException {
            sender = heads.inbox(draft.sender());
            conversation = heads.conversation(draft.conversation());
            look(draft.clientMessageId());
        }

        void look(String clientMessageId) throws SQLException {
            found = conversation == null || sender == null
                    ? DedupIndex.Found.NOTHING
                    : dedupIndex.find(conversation.id(), sender.userId(), clientMessageId);
        }

        @Override
        public boolean isRepeated() {
            return found.answer() != null;
        }

        @Override
        public long head() {
            return conversation == null ? 0 : conversation.head();
        }

        @Override
        public long ordinal() {
            return conversation == null ? 0 : conversation.ordinal();
        }

        @Override
        public boolean fanningOut() {
            return conversation instanceof GroupHead group && group.fanningOut();
        }

        @Override
        public GroupInfo group() {
            return conversation instanceof GroupHead group ? group.info() : null;
        }

        @Override
        public List<InboxHead> present() {
            try {
                return heads.inboxes(groups.present((GroupHead) conversation));
            } catch (SQLException e) {
                throw new IllegalStateException("members of a group", e);
            }
        }

        @Override
        public InboxHead recipient(String uid) {
            return uid.equals(sender.uid()) ? sender : heads.inbox(uid);
        }

        @Override
        public Optional<GroupMember> member(String uid) {
            return conversation == null
                    ? Optional.empty()
                    : Optional.ofNullable(groups.member((GroupHead) conversation, uid));
        }

        @Override
        public boolean userExists(String uid) {
            return heads.inbox(uid) != null;
        }

        @Override
        public Target target(long seq) {
            return ofChanges(null, rows -> rows.target(conversation.id(), seq));
        }

        @Override
        public byte[] content(long seq) {
            return ofChanges(null, rows -> rows.content(conversation.id(), seq));
        }

        @Override
        public boolean isRecalled(long seq) {
            return ofChanges(false, rows -> rows.isRecalled(conversation.id(), seq));
        }

        @Override
        public boolean hasReacted(long targetSeq, String emoji, String uid) {
            return ofChanges(
                    false,
                    rows -> rows.hasReacted(
                            conversation.id(), targetSeq, recipient(uid).userId(), emoji));
        }

        @Override
        public int pins() {
            return ofChanges(0, rows -> rows.pins(conversation.id()));
        }

        @Override
        public List<Content> copies(long ofSeq, int entriesMax, int bytesMax) {
            return ofChanges(List.of(), rows -> rows.copies(conversation.id(), ofSeq, entriesMax, bytesMax));
        }

        /** @param nothing where there is no such conversation */
        private <T> T ofChanges(T nothing, ChangeQuery<T> query) {
            try {
                return conversation == null ? nothing : query.ask(writer.changeRows());
            } catch (SQLException e) {
                throw new IllegalStateException("changes of messages", e);
            }
        }
    }

    @FunctionalInterface
    private interface ChangeQuery<T> {
        T ask(ChangeRows rows) throws SQLException;
    }
}
