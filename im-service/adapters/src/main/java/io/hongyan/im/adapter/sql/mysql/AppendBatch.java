package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.adapter.sql.MessageRows;
import io.hongyan.im.adapter.sql.mysql.MysqlGroupRows.Recipient;
import io.hongyan.im.core.group.GroupDecision.Accepted;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.AppendPlan;
import io.hongyan.im.core.send.AppendPlan.Entry;
import io.hongyan.im.core.send.AppendRules;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Appended.FanOut;
import io.hongyan.im.core.send.Appended.InboxPosition;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.send.MessageWrites;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * One transaction of appending. Locks first the conversations, in the order of keys, then the heads of the inboxes
 * likewise; what is decided in between is decided on facts that nobody else can change. Nothing is kept from one
 * transaction to the next.
 */
final class AppendBatch {
    private static final RowInserts MESSAGES = new RowInserts(
            "im_message (conversation_id, seq, sender_id, sender_device, client_message_id, sent_at, sender_inbox_seq,"
                    + " content, ordinal)",
            9,
            "");

    private final Connection connection;
    private final MysqlIds ids;
    private final AppendRules rules;
    private final long nowMillis;
    private final ShardedBatch sharded;

    private final InboxNumbers inbox = new InboxNumbers();
    private final List<Integer> draftOfRow = new ArrayList<>();
    private final List<Planned> messages = new ArrayList<>();
    private final List<long[]> markers = new ArrayList<>();
    private final Map<InboxWriter.Mark, Long> marks = new HashMap<>();
    private LockedConversations conversations;
    private LockedGroups locked;
    private AppendFacts facts;

    /** @param sharded what is known from other databases */
    AppendBatch(Connection connection, MysqlIds ids, AppendRules rules, long nowMillis, ShardedBatch sharded) {
        this.connection = connection;
        this.ids = ids;
        this.rules = rules;
        this.nowMillis = nowMillis;
        this.sharded = sharded;
    }

    /**
     * What is written as planned.
     *
     * @param firstPlace of its inbox rows among all of the transaction
     */
    private record Planned(Entry<Recipient> entry, long conversationId, long senderId, int firstPlace) {}

    /**
     * @param messagesInFeed whether the messages are noted for the feed
     * @return answers that are known when inboxes in other databases are
     */
    List<Supplier<Appended>> run(List<Draft> drafts, LockedGroups groups, boolean messagesInFeed) throws SQLException {
        Set<Conversation> names = new LinkedHashSet<>();
        drafts.forEach(draft -> names.add(draft.conversation()));
        locked = groups;
        conversations = LockedConversations.lock(connection, ids, names, sharded);
        facts = new AppendFacts(connection, conversations, groups, drafts, sharded);
        List<Supplier<Appended>> results = new ArrayList<>(drafts.size());
        for (Draft draft : drafts) {
            sharded.begin(results.size());
            facts.about(draft);
            results.add(append(rules.plan(draft, facts, nowMillis)));
            while (draftOfRow.size() < inbox.size()) {
                draftOfRow.add(results.size() - 1);
            }
        }
        write(messagesInFeed);
        return results;
    }

    /** The inbox rows, of which other transactions write those that are in other databases. */
    InboxNumbers inbox() {
        return inbox;
    }

    /** Which of the drafts each of these rows is of. */
    List<Integer> draftOfRow() {
        return draftOfRow;
    }

    /**
     * Conversation, number and sender's inbox number of the messages whose senders' inboxes are in other databases, and
     * are numbered by now.
     */
    List<long[]> senderNumbers() {
        return messages.stream()
                .filter(one -> senderInboxSeq(one) > 0 && inbox.inboxWrite(one.firstPlace) != null)
                .map(one -> new long[] {one.conversationId, one.entry.message().seq(), senderInboxSeq(one)})
                .toList();
    }

    /** What the answer will be, known when the inboxes are numbered. */
    private Supplier<Appended> append(AppendPlan<Recipient> plan) throws SQLException {
        if (plan instanceof AppendPlan.Refused<Recipient> refused) {
            return () -> new Appended.Refused(refused.refusal());
        }
        if (plan instanceof AppendPlan.Noted<Recipient> noted) {
            change(noted.writes());
            return Appended.Noted::new;
        }
        return plan instanceof Entry<Recipient> entry ? store(entry) : facts.firstAnswer();
    }

    private Supplier<Appended> store(Entry<Recipient> entry) throws SQLException {
        StoredMessage message = entry.message();
        if (facts.conversation() == null) {
            facts.made(make(message.conversation()));
        }
        LockedConversation conversation = facts.conversation();
        if (entry.change() != null) {
            carryOut(entry.change(), message);
        }
        if (facts.changes() != null) {
            facts.changes().stored(conversation.id(), message, message.ordinal() > conversation.ordinal());
        }
        conversation.moveTo(message);
        change(entry.writes());
        if (entry.marker()) {
            markers.add(new long[] {conversation.id(), message.seq()});
            facts.markerLeft();
        }
        noteArrivals(conversation, entry.recipients(), entry.change() != null || message.seq() == 1);
        Planned one = new Planned(entry, conversation.id(), facts.senderId(), inbox.size());
        for (Recipient recipient : entry.recipients()) {
            if (sharded.isHere(recipient.userId())) {
                inbox.add(recipient.userId(), MessageRows.KIND_MESSAGE, conversation.id(), message.seq());
            } else {
                inbox.addElsewhere(recipient.userId(), conversation.id(), message.seq());
            }
        }
        messages.add(one);
        facts.stored(() ->
                new Appended.Repeated(message.seq(), message.ordinal(), message.sentAtMillis(), senderInboxSeq(one)));
        return () -> stored(one);
    }

    /** @param writes null for nothing */
    private void change(MessageWrites writes) {
        if (writes != null) {
            facts.changes().change(facts.conversation().id(), writes, facts.senderId());
        }
    }

    private LockedConversation make(Conversation name) {
        Map<String, Long> users = sharded.users();
        return switch (name.kind()) {
            case DIRECT -> conversations.make(name, users.get(name.low()), users.get(name.high()));
            case SYSTEM -> conversations.make(name, users.get(name.reader()), users.get(name.reader()));
            default -> conversations.make(name, null, null);
        };
    }

    private void carryOut(Accepted change, StoredMessage message) throws SQLException {
        if (facts.lockedGroup() == null) {
            facts.made(locked.make(connection, facts.conversation().id(), change.after()));
        }
        facts.lockedGroup().carryOut(change, message, sharded.users());
    }

    /**
     * Leaves a marker for recipients whose inboxes are elsewhere. Whoever ends it goes through all recipients, so those whose
     * inboxes are here are noted as having it; and so they are where the conversation may be new to them, as their list of
     * conversations is made of these notes.
     */
    private void noteArrivals(LockedConversation conversation, List<Recipient> recipients, boolean mayBeNew) {
        List<Recipient> here =
                recipients.stream().filter(one -> sharded.isHere(one.userId())).toList();
        boolean elsewhere = here.size() < recipients.size();
        if (elsewhere) {
            markers.add(new long[] {conversation.id(), conversation.head()});
        }
        if (elsewhere || mayBeNew) {
            here.forEach(one -> marks.put(new InboxWriter.Mark(one.userId(), conversation.id()), conversation.head()));
        }
    }

    private Appended stored(Planned one) {
        Entry<Recipient> entry = one.entry;
        List<InboxPosition> positions = new ArrayList<>(entry.recipients().size());
        for (Recipient recipient : entry.recipients()) {
            positions.add(new InboxPosition(recipient.uid(), inbox.seqOf(one.firstPlace + positions.size())));
        }
        // One of the databases has failed, or a worker was faster.
        boolean left = positions.removeIf(position -> position.seq() == 0);
        FanOut fanOut = left && entry.fanOut() == FanOut.INLINE ? FanOut.BY_MARKER : entry.fanOut();
        return new Appended.Stored(entry.message(), positions, fanOut, entry.outgrown());
    }

    private long senderInboxSeq(Planned one) {
        return one.entry.toSender() ? inbox.seqOf(one.firstPlace) : 0;
    }

    private void write(boolean messagesInFeed) throws SQLException {
        if (!messages.isEmpty()) {
            writeMessages(messagesInFeed);
        }
        if (facts.changes() != null) {
            facts.changes().write();
        }
    }

    private void writeMessages(boolean messagesInFeed) throws SQLException {
        conversations.writeMade();
        InboxWriter.note(connection, marks);
        inbox.number(connection, sharded.database());
        List<Object[]> rows = new ArrayList<>(messages.size());
        List<long[]> feed = new ArrayList<>();
        for (Planned one : messages) {
            StoredMessage message = one.entry.message();
            rows.add(new Object[] {
                one.conversationId,
                message.seq(),
                one.senderId,
                MysqlIds.bytes(message.senderDevice()),
                MysqlIds.bytes(message.clientMessageId()),
                message.sentAtMillis(),
                senderInboxSeq(one),
                message.content(),
                message.ordinal()
            });
            feed.add(new long[] {one.conversationId, message.seq()});
        }
        MESSAGES.insert(connection, rows);
        inbox.write(connection);
        conversations.writeHeads();
        NumberRows.insert(connection, "im_fanout (conversation_id, seq)", markers, "");
        if (messagesInFeed) {
            NumberRows.insert(connection, "im_feed (conversation_id, seq)", feed, "");
        }
    }
}
