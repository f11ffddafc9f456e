package io.hongyan.im.core.receipt;

import io.hongyan.im.core.group.Groups;
import io.hongyan.im.core.group.Groups.MembershipInterval;
import io.hongyan.im.core.group.ReadRights;
import io.hongyan.im.core.message.Answer;
import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.receipt.Marks.EntryReceipts;
import io.hongyan.im.core.send.History;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Says who has received and read an own message. Counted when it is asked, from the marks that are written: what has
 * moved within the last second may be missing.
 */
public final class ReadReceipts {
    private final History history;
    private final Marks marks;
    private final Groups groups;
    private final ReadRights rights;
    private final BlockingWork blocking;
    private final ReceiptLimits limits;

    public ReadReceipts(
            History history,
            Marks marks,
            Groups groups,
            ReadRights rights,
            BlockingWork blocking,
            ReceiptLimits limits) {
        this.history = history;
        this.marks = marks;
        this.groups = groups;
        this.rights = rights;
        this.blocking = blocking;
        this.limits = limits;
    }

    /**
     * @param uid who asks, the sender of the message
     * @param conversation a group, or a conversation that the user is in
     * @return names the readers where they are not more than {@code readersMax}, else none; refused in a group with more
     *     than {@code recipientsMax} members
     */
    public CompletionStage<Answer<EntryReceipts>> read(String uid, Conversation conversation, long seq) {
        if (seq <= 0 || conversation.kind() == Conversation.Kind.SYSTEM) {
            Refusal refusal = seq <= 0 ? Refusal.MALFORMED : Refusal.NOT_ALLOWED;
            return CompletableFuture.completedFuture(new Answer.Refused<>(refusal));
        }
        return blocking.submit(uid, () -> readNow(uid, conversation, seq));
    }

    private Answer<EntryReceipts> readNow(String uid, Conversation conversation, long seq) {
        Answer<List<MembershipInterval>> readable = rights.of(uid, conversation);
        if (readable instanceof Answer.Refused<List<MembershipInterval>> refused) {
            return new Answer.Refused<>(refused.refusal());
        }
        List<StoredMessage> found = history.read(conversation, seq - 1, Long.MAX_VALUE, false, 1, 1);
        if (found.isEmpty() || found.get(0).seq() != seq) {
            return new Answer.Refused<>(Refusal.UNKNOWN_CONVERSATION);
        }
        if (!found.get(0).sender().equals(uid)) {
            return new Answer.Refused<>(Refusal.NOT_ALLOWED);
        }
        if (hasTooMany(conversation)) {
            return new Answer.Refused<>(Refusal.TOO_LARGE);
        }
        EntryReceipts receipts = marks.receiptsOf(conversation, seq, uid, limits.readersMax());
        return new Answer.Given<>(
                receipts.read() <= limits.readersMax()
                        ? receipts
                        : new EntryReceipts(receipts.recipients(), receipts.delivered(), receipts.read(), List.of()));
    }

    private boolean hasTooMany(Conversation conversation) {
        return conversation.kind() == Conversation.Kind.GROUP
                && groups.find(conversation.id())
                        .filter(group -> group.memberCount() > limits.recipientsMax())
                        .isPresent();
    }
}
