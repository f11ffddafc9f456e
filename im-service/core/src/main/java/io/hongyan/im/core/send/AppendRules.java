package io.hongyan.im.core.send;

import io.hongyan.im.core.group.GroupDecision;
import io.hongyan.im.core.group.GroupDecision.Accepted;
import io.hongyan.im.core.group.GroupInfo;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.group.GroupRules;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.message.SystemUser;
import io.hongyan.im.core.send.AppendPlan.Entry;
import io.hongyan.im.core.send.AppendPlan.Recipient;
import io.hongyan.im.core.send.AppendPlan.Refused;
import io.hongyan.im.core.send.AppendPlan.Repeated;
import io.hongyan.im.core.send.Appended.FanOut;
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

    public AppendRules(GroupLimits limits) {
        this.limits = limits;
        this.groupRules = new GroupRules(limits);
    }

    /** What a storage knows of a draft, asked only what matters. Of members, those before the draft. */
    public interface Facts<R extends Recipient> extends GroupRules.Facts {
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
        return switch (draft.conversation().kind()) {
            case DIRECT -> direct(draft, facts, nowMillis);
            case SYSTEM -> system(draft, facts, nowMillis);
            case GROUP -> group(draft, facts, nowMillis);
            case ROOM -> new Refused<>(Refusal.UNKNOWN_CONVERSATION);
        };
    }

    private static <R extends Recipient> AppendPlan<R> direct(Draft draft, Facts<R> facts, long nowMillis) {
        Conversation conversation = draft.conversation();
        boolean isNew = facts.head() == 0;
        if (isNew && !(facts.userExists(conversation.low()) && facts.userExists(conversation.high()))) {
            return new Refused<>(Refusal.UNKNOWN_CONVERSATION);
        }
        String peer = conversation.otherUser(draft.sender());
        if (peer == null) {
            return new Refused<>(Refusal.NOT_A_MEMBER);
        }
        R sender = facts.recipient(draft.sender());
        List<R> both = peer.equals(draft.sender()) ? List.of(sender) : List.of(sender, facts.recipient(peer));
        return personal(draft, facts, both, true, nowMillis);
    }

    /** What the system tells one user: stands in that user's inbox only. */
    private static <R extends Recipient> AppendPlan<R> system(Draft draft, Facts<R> facts, long nowMillis) {
        if (!draft.sender().equals(SystemUser.UID)) {
            return new Refused<>(Refusal.NOT_ALLOWED);
        }
        String reader = draft.conversation().reader();
        return facts.head() == 0 && !facts.userExists(reader)
                ? new Refused<>(Refusal.UNKNOWN_USER)
                : personal(draft, facts, List.of(facts.recipient(reader)), false, nowMillis);
    }

    private static <R extends Recipient> AppendPlan<R> personal(
            Draft draft, Facts<R> facts, List<R> recipients, boolean toSender, long nowMillis) {
        StoredMessage message = message(draft, facts, nowMillis);
        return facts.fanningOut()
                ? new Entry<>(message, null, List.of(), false, true, FanOut.BY_MARKER, false)
                : new Entry<>(message, null, recipients, toSender, false, FanOut.INLINE, false);
    }

    private <R extends Recipient> AppendPlan<R> group(Draft draft, Facts<R> facts, long nowMillis) {
        GroupInfo before = facts.group();
        if (draft.change() == null) {
            Refusal refusal = before == null
                    ? Refusal.UNKNOWN_CONVERSATION
                    : GroupRules.maySend(
                                    before,
                                    draft.sender(),
                                    facts.member(draft.sender()).orElse(null),
                                    nowMillis)
                            .orElse(null);
            return refusal == null ? entry(draft, facts, before, null, nowMillis) : new Refused<>(refusal);
        }
        GroupDecision decision = groupRules.decide(
                before,
                new GroupRules.Proposal(
                        draft.conversation().id(), draft.sender(), draft.change(), facts.head() + 1, nowMillis),
                facts);
        if (decision instanceof GroupDecision.Refused refused) {
            return new Refused<>(refused.refusal());
        }
        Accepted accepted = (Accepted) decision;
        return entry(draft, facts, accepted.after(), accepted, nowMillis);
    }

    /**
     * Nothing here is proportional to the members of a large group.
     *
     * @param group with the change, where there is one
     */
    private <R extends Recipient> Entry<R> entry(
            Draft draft, Facts<R> facts, GroupInfo group, Accepted change, long nowMillis) {
        StoredMessage message = message(draft, facts, nowMillis);
        boolean everyInbox = GroupRules.forEveryInbox(group, message.seq());
        int leaving = change == null ? 0 : change.leaving().size();
        int joining = change == null ? 0 : change.joining().size();
        int inboxes = everyInbox ? group.memberCount() + leaving : joining + leaving;
        boolean inline = inboxes <= limits.fanOutInlineMax() && !facts.fanningOut();
        List<R> recipients = inline && inboxes > 0 ? recipients(facts, change, everyInbox) : List.of();
        boolean toSender = putFirst(draft.sender(), recipients);
        FanOut fanOut = !everyInbox ? FanOut.BY_STREAM : inline ? FanOut.INLINE : FanOut.BY_MARKER;
        boolean outgrown = group.memberCount() > limits.largeAbove() && !group.large() && !group.dissolved();
        return new Entry<>(message, change, recipients, toSender, !inline && inboxes > 0, fanOut, outgrown);
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

    private static StoredMessage message(Draft draft, Facts<?> facts, long nowMillis) {
        return new StoredMessage(
                draft.conversation(),
                facts.head() + 1,
                draft.ordinalAfter(facts.ordinal()),
                draft.sender(),
                draft.senderDevice(),
                draft.clientMessageId(),
                nowMillis,
                draft.content());
    }
}
