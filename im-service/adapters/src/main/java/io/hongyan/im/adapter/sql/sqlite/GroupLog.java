package io.hongyan.im.adapter.sql.sqlite;

import io.hongyan.im.adapter.sql.InboxHead;
import io.hongyan.im.core.group.GroupDecision;
import io.hongyan.im.core.group.GroupDecision.Accepted;
import io.hongyan.im.core.group.GroupInfo;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.group.GroupMember;
import io.hongyan.im.core.group.GroupRules;
import io.hongyan.im.core.group.GroupRules.Proposal;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Appended.FanOut;
import io.hongyan.im.core.send.Appended.InboxPosition;
import io.hongyan.im.core.send.Draft;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Appends the entries of groups: asks the rules with what the writer knows, numbers, carries the decision out and fans
 * out. Nothing here is proportional to the members of a large group. Writer's thread only, within a transaction.
 */
final class GroupLog {
    private final Heads heads;
    private final GroupHeads groups;
    private final MessageKeys keys;
    private final SqliteWriter writer;
    private final GroupLimits limits;
    private final GroupRules rules;

    GroupLog(Heads heads, GroupHeads groups, MessageKeys keys, SqliteWriter writer, GroupLimits limits) {
        this.heads = heads;
        this.groups = groups;
        this.keys = keys;
        this.writer = writer;
        this.limits = limits;
        this.rules = new GroupRules(limits);
    }

    /** A repeat gets the first answer before anything else is asked: the sender may have left since. */
    Appended append(Draft draft, long nowMillis) throws SQLException {
        GroupHead group = groups.find(draft.conversation());
        InboxHead sender = heads.inbox(draft.sender());
        long slot = 0;
        if (group != null && sender != null) {
            MessageKeys.Found found = keys.find(group.id(), sender.userId(), draft.clientMessageId());
            if (found.answer() != null) {
                return found.answer();
            }
            slot = found.slot();
        }
        return draft.change() == null
                ? appendMessage(draft, nowMillis, group, sender, slot)
                : appendChange(draft, nowMillis, group, sender, slot);
    }

    private Appended appendMessage(Draft draft, long nowMillis, GroupHead group, InboxHead sender, long slot)
            throws SQLException {
        if (group == null) {
            return new Appended.Refused(Refusal.UNKNOWN_CONVERSATION);
        }
        if (sender == null) {
            return new Appended.Refused(Refusal.NOT_A_MEMBER);
        }
        Optional<Refusal> refusal =
                GroupRules.maySend(group.info(), draft.sender(), groups.member(group, draft.sender()), nowMillis);
        return refusal.isPresent()
                ? new Appended.Refused(refusal.get())
                : store(message(draft, group, nowMillis), group, sender, slot, null);
    }

    private Appended appendChange(Draft draft, long nowMillis, GroupHead group, InboxHead sender, long slot)
            throws SQLException {
        String id = draft.conversation().id();
        long seq = group == null ? 1 : group.head() + 1;
        GroupDecision decision = rules.decide(
                group == null ? null : group.info(),
                new Proposal(id, draft.sender(), draft.change(), seq, nowMillis),
                new Facts(group));
        if (decision instanceof GroupDecision.Refused refused) {
            return new Appended.Refused(refused.refusal());
        }
        Accepted accepted = (Accepted) decision;
        GroupHead changing = group;
        long slotOfChange = slot;
        if (changing == null) {
            changing = groups.make(draft.conversation(), accepted);
            slotOfChange = keys.find(changing.id(), sender.userId(), draft.clientMessageId())
                    .slot();
        }
        return store(message(draft, changing, nowMillis), changing, sender, slotOfChange, accepted);
    }

    private static StoredMessage message(Draft draft, GroupHead group, long nowMillis) {
        return new StoredMessage(
                group.conversation(),
                group.head() + 1,
                draft.ordinalAfter(group.ordinal()),
                draft.sender(),
                draft.senderDevice(),
                draft.clientMessageId(),
                nowMillis,
                draft.content());
    }

    /** @param change null for a message */
    private Appended store(StoredMessage message, GroupHead group, InboxHead sender, long slot, Accepted change)
            throws SQLException {
        if (change != null) {
            groups.carryOut(group, change);
        }
        boolean everyInbox = GroupRules.forEveryInbox(group.info(), message.seq());
        int count = inboxes(group, change, everyInbox);
        boolean inline = count <= limits.fanOutInlineMax() && !group.fanningOut();
        List<String> recipients = inline && count > 0 ? recipients(message, group, change, everyInbox) : List.of();
        boolean toSender = !recipients.isEmpty() && recipients.get(0).equals(message.sender());
        long id = heads.nextMessageId();
        writer.rows().insert(message, id, group.id(), sender.userId(), toSender ? sender.head() + 1 : 0);
        keys.add(slot, id);
        groups.took(group, message);
        if (!inline && count > 0) {
            writer.fanOutRows().insert(group.id(), message.seq());
            groups.fanningOut(group, true);
        }
        List<InboxPosition> positions = heads.fanOut(recipients, group.id(), message.seq());
        FanOut fanOut = inline ? FanOut.INLINE : FanOut.BY_MARKER;
        GroupInfo info = group.info();
        boolean outgrown = info.memberCount() > limits.largeAbove() && !info.large() && !info.dissolved();
        return new Appended.Stored(message, positions, everyInbox ? fanOut : FanOut.BY_STREAM, outgrown);
    }

    /** How many inboxes the entry goes to. */
    private static int inboxes(GroupHead group, Accepted change, boolean everyInbox) {
        int leaving = change == null ? 0 : change.leaving().size();
        int joining = change == null ? 0 : change.joining().size();
        return everyInbox ? group.info().memberCount() + leaving : joining + leaving;
    }

    /** Whom the entry goes to, its sender first. */
    private List<String> recipients(StoredMessage message, GroupHead group, Accepted change, boolean everyInbox)
            throws SQLException {
        List<String> recipients = new ArrayList<>();
        if (everyInbox) {
            recipients.addAll(groups.present(group));
        } else {
            change.joining().forEach(member -> recipients.add(member.uid()));
        }
        if (change != null) {
            recipients.addAll(change.leaving());
        }
        if (recipients.remove(message.sender())) {
            recipients.add(0, message.sender());
        }
        return recipients;
    }

    /** What the rules ask of the storage. */
    private final class Facts implements GroupRules.Facts {
        private final GroupHead group;

        /** @param group null where it is being made */
        Facts(GroupHead group) {
            this.group = group;
        }

        @Override
        public Optional<GroupMember> member(String uid) {
            return group == null ? Optional.empty() : Optional.ofNullable(groups.member(group, uid));
        }

        @Override
        public boolean userExists(String uid) {
            return heads.inbox(uid) != null;
        }
    }
}
