package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.adapter.sql.MessageRows;
import io.hongyan.im.adapter.sql.mysql.MysqlGroupRows.Recipient;
import io.hongyan.im.core.group.GroupDecision;
import io.hongyan.im.core.group.GroupDecision.Accepted;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.Conversation.Kind;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.message.SystemUser;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Appended.FanOut;
import io.hongyan.im.core.send.Appended.InboxPosition;
import io.hongyan.im.core.send.Appended.Refused;
import io.hongyan.im.core.send.Draft;
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
    private final GroupLimits limits;
    private final long nowMillis;
    private final ShardedBatch sharded;

    private final InboxNumbers inbox = new InboxNumbers();
    private final List<Integer> draftOfRow = new ArrayList<>();
    private final Map<MessageKey, Planned> planned = new HashMap<>();
    private final List<Planned> messages = new ArrayList<>();
    private final List<long[]> markers = new ArrayList<>();
    private final Map<Arrivals.Mark, Long> marks = new HashMap<>();
    private Map<String, Long> users;
    private LockedConversations conversations;
    private AppendGroups groups;
    private Map<MessageKey, Appended> known;

    /** @param sharded what is known from other databases */
    AppendBatch(Connection connection, MysqlIds ids, GroupLimits limits, long nowMillis, ShardedBatch sharded) {
        this.connection = connection;
        this.ids = ids;
        this.limits = limits;
        this.nowMillis = nowMillis;
        this.sharded = sharded;
    }

    /**
     * A message that takes the next number.
     *
     * @param senderPlace its place among the inbox rows, -1 where the sender has none
     */
    private record Planned(
            StoredMessage message,
            long conversationId,
            long senderId,
            List<String> recipients,
            int firstPlace,
            int senderPlace,
            FanOut fanOut,
            boolean outgrown) {}

    /**
     * @param messagesInFeed whether the messages are noted for the feed
     * @return answers that are known when inboxes in other databases are
     */
    List<Supplier<Appended>> run(List<Draft> drafts, LockedGroups locked, boolean messagesInFeed) throws SQLException {
        users = sharded.users();
        Set<Conversation> names = new LinkedHashSet<>();
        drafts.forEach(draft -> names.add(draft.conversation()));
        conversations = LockedConversations.lock(connection, ids, names, sharded);
        List<Long> existing =
                conversations.all().stream().map(LockedConversation::id).toList();
        makeConversations(drafts);
        known = new MessageLookUp(connection).find(keysOf(drafts), existing, sharded.waiting());
        groups = new AppendGroups(connection, conversations, users, limits, nowMillis);
        groups.read(locked, drafts, sharded.waiting());
        List<Supplier<Appended>> results = new ArrayList<>(drafts.size());
        for (Draft draft : drafts) {
            sharded.begin(results.size());
            results.add(decide(draft));
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
                .filter(one -> senderInboxSeq(one) > 0 && inbox.arrival(one.senderPlace) != null)
                .map(one -> new long[] {one.conversationId, one.message.seq(), senderInboxSeq(one)})
                .toList();
    }

    static Set<String> uidsOf(List<Draft> drafts) {
        Set<String> uids = new LinkedHashSet<>();
        for (Draft draft : drafts) {
            Conversation conversation = draft.conversation();
            uids.add(draft.sender());
            if (conversation.kind() == Kind.DIRECT) {
                uids.add(conversation.low());
                uids.add(conversation.high());
            } else if (conversation.kind() == Kind.SYSTEM) {
                uids.add(conversation.reader());
            } else if (draft.change() != null) {
                uids.addAll(AppendGroups.named(draft.change()));
            }
        }
        return uids;
    }

    /** The first message makes a direct or system conversation, where its users exist. */
    private void makeConversations(List<Draft> drafts) throws SQLException {
        for (Kind kind : List.of(Kind.DIRECT, Kind.SYSTEM)) {
            Map<Conversation, long[]> members = new HashMap<>();
            for (Draft draft : drafts) {
                Conversation name = draft.conversation();
                if (name.kind() == kind && conversations.get(name) == null && mayWrite(draft)) {
                    Long low = users.get(kind == Kind.DIRECT ? name.low() : name.reader());
                    Long high = users.get(kind == Kind.DIRECT ? name.high() : name.reader());
                    if (low != null && high != null) {
                        members.put(name, new long[] {low, high});
                    }
                }
            }
            if (!members.isEmpty()) {
                conversations.make(kind, members);
            }
        }
    }

    /** Of a direct or system conversation. */
    private static boolean mayWrite(Draft draft) {
        Conversation conversation = draft.conversation();
        return conversation.kind() == Kind.SYSTEM
                ? draft.sender().equals(SystemUser.UID)
                : conversation.low().equals(draft.sender())
                        || conversation.high().equals(draft.sender());
    }

    private Set<MessageKey> keysOf(List<Draft> drafts) {
        Set<MessageKey> keys = new LinkedHashSet<>();
        for (Draft draft : drafts) {
            MessageKey key = keyOf(draft);
            if (key != null) {
                keys.add(key);
            }
        }
        return keys;
    }

    /** Null where there can be no such message yet. */
    private MessageKey keyOf(Draft draft) {
        LockedConversation conversation = conversations.get(draft.conversation());
        Long sender = users.get(draft.sender());
        return conversation == null || sender == null
                ? null
                : new MessageKey(conversation.id(), sender, draft.clientMessageId());
    }

    /** What the answer will be, known when the inboxes are numbered. */
    private Supplier<Appended> decide(Draft draft) throws SQLException {
        return switch (draft.conversation().kind()) {
            case DIRECT, SYSTEM -> decidePersonal(draft);
            case GROUP -> decideGroup(draft);
            case ROOM -> refused(Refusal.UNKNOWN_CONVERSATION);
        };
    }

    private static Supplier<Appended> refused(Refusal refusal) {
        return () -> new Refused(refusal);
    }

    /** The first answer, or null. */
    private Supplier<Appended> repeated(Draft draft) {
        MessageKey key = keyOf(draft);
        if (key == null) {
            return null;
        }
        Appended first = known.get(key);
        if (first != null) {
            return () -> first;
        }
        Planned earlier = planned.get(key);
        return earlier == null
                ? null
                : () -> new Appended.Repeated(
                        earlier.message.seq(),
                        earlier.message.ordinal(),
                        earlier.message.sentAtMillis(),
                        senderInboxSeq(earlier));
    }

    private Supplier<Appended> decidePersonal(Draft draft) {
        Conversation name = draft.conversation();
        boolean bySystem = name.kind() == Kind.SYSTEM;
        if (bySystem && !mayWrite(draft)) {
            return refused(Refusal.NOT_ALLOWED);
        }
        LockedConversation conversation = conversations.get(name);
        if (conversation == null) {
            boolean usersExist = !bySystem && users.containsKey(name.low()) && users.containsKey(name.high());
            return refused(
                    bySystem ? Refusal.UNKNOWN_USER : usersExist ? Refusal.NOT_A_MEMBER : Refusal.UNKNOWN_CONVERSATION);
        }
        if (!mayWrite(draft)) {
            return refused(Refusal.NOT_A_MEMBER);
        }
        Supplier<Appended> first = repeated(draft);
        if (first != null) {
            return first;
        }
        List<Recipient> recipients = new ArrayList<>();
        if (!bySystem) {
            recipients.add(new Recipient(draft.sender(), users.get(draft.sender())));
        }
        String peer = bySystem ? name.reader() : name.peerOf(draft.sender());
        if (!peer.equals(draft.sender())) {
            recipients.add(new Recipient(peer, users.get(peer)));
        }
        if (sharded.waits(conversation.id())) {
            markers.add(new long[] {conversation.id(), conversation.next()});
            return plan(draft, conversation, List.of(), FanOut.BY_MARKER, false);
        }
        noteArrivals(conversation, recipients, conversation.next() == 1);
        return plan(draft, conversation, recipients, FanOut.INLINE, false);
    }

    /** A repeat gets the first answer before anything else is asked: the sender may have left since. */
    private Supplier<Appended> decideGroup(Draft draft) throws SQLException {
        LockedGroup group = groups.get(draft.conversation());
        Supplier<Appended> first = group == null ? null : repeated(draft);
        if (first != null) {
            return first;
        }
        if (draft.change() == null) {
            Refusal refusal = groups.maySend(group, draft);
            return refusal == null ? storeInGroup(draft, null) : refused(refusal);
        }
        GroupDecision decision = groups.decide(group, draft);
        return decision instanceof GroupDecision.Refused no
                ? refused(no.refusal())
                : storeInGroup(draft, (Accepted) decision);
    }

    /** @param change null for a message */
    private Supplier<Appended> storeInGroup(Draft draft, Accepted change) throws SQLException {
        if (change != null) {
            groups.carryOut(draft.conversation(), change);
        }
        LockedConversation conversation = conversations.get(draft.conversation());
        AppendGroups.Reach reach = groups.reach(draft, change);
        if (reach.byMarker()) {
            markers.add(new long[] {conversation.id(), conversation.next()});
        }
        noteArrivals(conversation, reach.recipients(), change != null);
        return plan(draft, conversation, reach.recipients(), reach.fanOut(), reach.outgrown());
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
            markers.add(new long[] {conversation.id(), conversation.next()});
        }
        if (elsewhere || mayBeNew) {
            here.forEach(one -> marks.put(new Arrivals.Mark(one.userId(), conversation.id()), conversation.next()));
        }
    }

    private Supplier<Appended> plan(
            Draft draft, LockedConversation conversation, List<Recipient> recipients, FanOut fanOut, boolean outgrown) {
        StoredMessage message = new StoredMessage(
                draft.conversation(),
                conversation.next(),
                draft.ordinalAfter(conversation.ordinal()),
                draft.sender(),
                draft.senderDevice(),
                draft.clientMessageId(),
                nowMillis,
                draft.content());
        conversation.take(message.ordinal());
        int firstPlace = inbox.size();
        for (Recipient recipient : recipients) {
            if (sharded.isHere(recipient.userId())) {
                inbox.add(recipient.userId(), MessageRows.KIND_MESSAGE, conversation.id(), message.seq());
            } else {
                inbox.addElsewhere(recipient.userId(), conversation.id(), message.seq());
            }
        }
        boolean toSender = !recipients.isEmpty() && recipients.get(0).uid().equals(draft.sender());
        Planned one = new Planned(
                message,
                conversation.id(),
                users.get(draft.sender()),
                recipients.stream().map(Recipient::uid).toList(),
                firstPlace,
                toSender ? firstPlace : -1,
                fanOut,
                outgrown);
        messages.add(one);
        planned.put(keyOf(draft), one);
        return () -> stored(one);
    }

    private Appended stored(Planned one) {
        List<InboxPosition> positions = new ArrayList<>(one.recipients.size());
        for (int i = 0; i < one.recipients.size(); i++) {
            positions.add(new InboxPosition(one.recipients.get(i), inbox.seqOf(one.firstPlace + i)));
        }
        if (positions.removeIf(position -> position.seq() == 0)) {
            // One of the databases has failed, or a worker was faster.
            FanOut left = one.fanOut == FanOut.BY_STREAM ? FanOut.BY_STREAM : FanOut.BY_MARKER;
            return new Appended.Stored(one.message, positions, left, one.outgrown);
        }
        return new Appended.Stored(one.message, positions, one.fanOut, one.outgrown);
    }

    private long senderInboxSeq(Planned one) {
        return one.senderPlace < 0 ? 0 : inbox.seqOf(one.senderPlace);
    }

    private void write(boolean messagesInFeed) throws SQLException {
        if (messages.isEmpty()) {
            return;
        }
        Arrivals.note(connection, marks);
        inbox.number(connection, sharded.database());
        List<Object[]> rows = new ArrayList<>(messages.size());
        List<long[]> feed = new ArrayList<>();
        for (Planned one : messages) {
            StoredMessage message = one.message;
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
