package io.hongyan.im.core.send;

import io.hongyan.im.core.group.GroupDecision;
import io.hongyan.im.core.group.GroupDecision.Accepted;
import io.hongyan.im.core.group.GroupInfo;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.group.GroupMember;
import io.hongyan.im.core.group.GroupRole;
import io.hongyan.im.core.group.GroupRules;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.message.SystemUser;
import io.hongyan.im.core.send.AppendPlan.Entry;
import io.hongyan.im.core.send.AppendPlan.Noted;
import io.hongyan.im.core.send.AppendPlan.Recipient;
import io.hongyan.im.core.send.AppendPlan.Refused;
import io.hongyan.im.core.send.AppendPlan.Repeated;
import io.hongyan.im.core.send.Appended.FanOut;
import io.hongyan.im.core.send.MessageRules.Standing;
import java.util.ArrayList;
import java.util.List;

/**
 * What becomes of a draft: whether it is stored, under which number, and whom it goes to, and how. The one algorithm of
 * {@link MessageLog#append}. Pure, like {@link GroupRules}: a storage knows the facts as they stand just before the draft,
 * after all earlier ones, and writes the plan in the same transaction. No state; safe for many threads.
 */
public final class AppendRules {
    private final GroupLimits limits;
    private final GroupRules groupRules;
    private final MessageRules messageRules;

    public AppendRules(GroupLimits limits, MessageRules messageRules) {
        this.limits = limits;
        this.groupRules = new GroupRules(limits);
        this.messageRules = messageRules;
    }

    /** What a storage knows of a draft, asked only what matters. Of members, those before the draft. */
    public interface Facts<R extends Recipient> extends GroupRules.Facts, MessageRules.Facts {
        /** Whether its conversation has an entry of this sender and client message id. */
        boolean isRepeated();

        /** Number of the newest entry of its conversation, 0 where there is none. */
        long head();

        /** Of that entry, else 0. */
        long ordinal();

        /** Whether its conversation has an open marker. */
        boolean fanningOut();

        /** Its group, null where there is none. */
        GroupInfo group();

        /** All who are in its group; asked only where they are few. The list is given away. */
        List<R> present();

        /** Somebody who exists: one of two users, or named by a change. */
        R recipient(String uid);
    }

    /** A repeat gets the first answer before anything else is asked: the sender may have left since. */
    public <R extends Recipient> AppendPlan<R> plan(Draft draft, Facts<R> facts, long nowMillis) {
        if (facts.isRepeated()) {
            return new Repeated<>();
        }
        if (draft.messageChange() instanceof MessageChange.CopiesErased) {
            return withoutEntry(messageRules.decide(draft, Standing.SERVER, facts.head() + 1, nowMillis, facts));
        }
        return switch (draft.conversation().kind()) {
            case DIRECT -> direct(draft, facts, nowMillis);
            case SYSTEM -> system(draft, facts, nowMillis);
            case GROUP -> group(draft, facts, nowMillis);
            case ROOM -> new Refused<>(Refusal.UNKNOWN_CONVERSATION);
        };
    }

    private <R extends Recipient> AppendPlan<R> direct(Draft draft, Facts<R> facts, long nowMillis) {
        Conversation conversation = draft.conversation();
        boolean isNew = facts.head() == 0;
        if (isNew && !(facts.userExists(conversation.low()) && facts.userExists(conversation.high()))) {
            return new Refused<>(Refusal.UNKNOWN_CONVERSATION);
        }
        boolean byServer = draft.messageChange() != null && conversation.isByServer(draft.sender());
        String user = byServer ? conversation.low() : draft.sender();
        String peer = conversation.otherUser(user);
        if (peer == null) {
            return new Refused<>(Refusal.NOT_A_MEMBER);
        }
        R first = facts.recipient(user);
        List<R> both = peer.equals(user) ? List.of(first) : List.of(first, facts.recipient(peer));
        return personal(draft, facts, both, byServer ? Standing.SERVER : Standing.ONE_OF_TWO, nowMillis);
    }

    /** What the system tells one user: stands in that user's inbox only. */
    private <R extends Recipient> AppendPlan<R> system(Draft draft, Facts<R> facts, long nowMillis) {
        if (!draft.sender().equals(SystemUser.UID)) {
            return new Refused<>(Refusal.NOT_ALLOWED);
        }
        String reader = draft.conversation().reader();
        return facts.head() == 0 && !facts.userExists(reader)
                ? new Refused<>(Refusal.UNKNOWN_USER)
                : personal(draft, facts, List.of(facts.recipient(reader)), Standing.SERVER, nowMillis);
    }

    private <R extends Recipient> AppendPlan<R> personal(
            Draft draft, Facts<R> facts, List<R> recipients, Standing standing, long nowMillis) {
        if (draft.isPlain()) {
            return personal(draft.content(), null, draft, facts, recipients, standing, nowMillis);
        }
        MessageDecision decision = messageRules.decide(draft, standing, facts.head() + 1, nowMillis, facts);
        return decision instanceof MessageDecision.Accepted accepted
                ? personal(accepted.content(), accepted.writes(), draft, facts, recipients, standing, nowMillis)
                : withoutEntry(decision);
    }

    private static <R extends Recipient> AppendPlan<R> personal(
            byte[] content,
            MessageWrites writes,
            Draft draft,
            Facts<R> facts,
            List<R> recipients,
            Standing standing,
            long nowMillis) {
        StoredMessage message = message(draft, content, facts, nowMillis);
        boolean toSender = standing != Standing.SERVER;
        return facts.fanningOut()
                ? new Entry<>(message, null, writes, List.of(), false, true, FanOut.BY_MARKER, false)
                : new Entry<>(message, null, writes, recipients, toSender, false, FanOut.INLINE, false);
    }

    private static <R extends Recipient> AppendPlan<R> withoutEntry(MessageDecision decision) {
        return decision instanceof MessageDecision.Refused refused
                ? new Refused<>(refused.refusal())
                : new Noted<>(((MessageDecision.Noted) decision).writes());
    }

    private <R extends Recipient> AppendPlan<R> group(Draft draft, Facts<R> facts, long nowMillis) {
        GroupInfo before = facts.group();
        if (draft.change() != null) {
            return groupChange(draft, facts, before, nowMillis);
        }
        if (before == null) {
            return new Refused<>(Refusal.UNKNOWN_CONVERSATION);
        }
        GroupMember member = facts.member(draft.sender()).orElse(null);
        Refusal refusal =
                GroupRules.maySend(before, draft.sender(), member, nowMillis).orElse(null);
        if (refusal != null && (draft.messageChange() == null || !maySendDespite(refusal, draft))) {
            return new Refused<>(refusal);
        }
        if (draft.isPlain()) {
            return entry(draft, draft.content(), facts, before, null, null, nowMillis);
        }
        Standing standing = standing(before, member, refusal);
        MessageDecision decision = messageRules.decide(draft, standing, facts.head() + 1, nowMillis, facts);
        return decision instanceof MessageDecision.Accepted accepted
                ? entry(draft, accepted.content(), facts, before, null, accepted.writes(), nowMillis)
                : withoutEntry(decision);
    }

    /** Who must not write may still recall what is written; what the server has begun it ends in every group. */
    private static boolean maySendDespite(Refusal refusal, Draft draft) {
        return refusal == Refusal.MUTED
                || refusal == Refusal.DISSOLVED && draft.messageChange() instanceof MessageChange.ByServer;
    }

    /** @param member null for the system */
    private static Standing standing(GroupInfo group, GroupMember member, Refusal refusal) {
        boolean organises = member == null || member.role() != GroupRole.MEMBER;
        return new Standing(
                member == null ? 1 : member.joinedSeq(), organises, organises, refusal == Refusal.MUTED, group.large());
    }

    private <R extends Recipient> AppendPlan<R> groupChange(
            Draft draft, Facts<R> facts, GroupInfo before, long nowMillis) {
        GroupDecision decision = groupRules.decide(
                before,
                new GroupRules.Proposal(
                        draft.conversation().id(), draft.sender(), draft.change(), facts.head() + 1, nowMillis),
                facts);
        if (decision instanceof GroupDecision.Refused refused) {
            return new Refused<>(refused.refusal());
        }
        Accepted accepted = (Accepted) decision;
        return entry(draft, draft.content(), facts, accepted.after(), accepted, null, nowMillis);
    }

    /**
     * Nothing here is proportional to the members of a large group.
     *
     * @param group with the change, where there is one
     */
    private <R extends Recipient> Entry<R> entry(
            Draft draft,
            byte[] content,
            Facts<R> facts,
            GroupInfo group,
            Accepted change,
            MessageWrites writes,
            long nowMillis) {
        StoredMessage message = message(draft, content, facts, nowMillis);
        boolean everyInbox = GroupRules.forEveryInbox(group, message.seq());
        int leaving = change == null ? 0 : change.leaving().size();
        int joining = change == null ? 0 : change.joining().size();
        int inboxes = everyInbox ? group.memberCount() + leaving : joining + leaving;
        boolean inline = inboxes <= limits.fanOutInlineMax() && !facts.fanningOut();
        List<R> recipients = inline && inboxes > 0 ? recipients(facts, change, everyInbox) : List.of();
        boolean toSender = putFirst(draft.sender(), recipients);
        FanOut fanOut = !everyInbox ? FanOut.BY_STREAM : inline ? FanOut.INLINE : FanOut.BY_MARKER;
        boolean outgrown = group.memberCount() > limits.largeAbove() && !group.large() && !group.dissolved();
        return new Entry<>(message, change, writes, recipients, toSender, !inline && inboxes > 0, fanOut, outgrown);
    }

    /** Those who leave with an entry get it, as those who join do. */
    private static <R extends Recipient> List<R> recipients(Facts<R> facts, Accepted change, boolean everyInbox) {
        List<R> recipients = everyInbox && facts.group() != null ? facts.present() : new ArrayList<>();
        if (change != null) {
            change.joining().forEach(member -> recipients.add(facts.recipient(member.uid())));
            if (!everyInbox) {
                change.leaving().forEach(uid -> recipients.add(facts.recipient(uid)));
            }
        }
        return recipients;
    }

    private static <R extends Recipient> boolean putFirst(String uid, List<R> recipients) {
        for (int i = 0; i < recipients.size(); i++) {
            if (recipients.get(i).uid().equals(uid)) {
                recipients.add(0, recipients.remove(i));
                return true;
            }
        }
        return false;
    }

    private static StoredMessage message(Draft draft, byte[] content, Facts<?> facts, long nowMillis) {
        return new StoredMessage(
                draft.conversation(),
                facts.head() + 1,
                draft.ordinalAfter(facts.ordinal()),
                draft.sender(),
                draft.senderDevice(),
                draft.clientMessageId(),
                nowMillis,
                content);
    }
}
