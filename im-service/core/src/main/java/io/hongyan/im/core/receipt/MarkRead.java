package io.hongyan.im.core.receipt;

import io.hongyan.im.core.group.Groups.MembershipInterval;
import io.hongyan.im.core.group.ReadRights;
import io.hongyan.im.core.message.Answer;
import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.send.History;
import io.hongyan.im.core.send.History.Position;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Notes that a user has read a conversation up to a message; the own devices learn it, and of direct conversations the
 * other side.
 */
public final class MarkRead {
    private final History history;
    private final Marks marks;
    private final Receipts receipts;
    private final ReadRights rights;
    private final BlockingWork blocking;

    public MarkRead(History history, Marks marks, Receipts receipts, ReadRights rights, BlockingWork blocking) {
        this.history = history;
        this.rights = rights;
        this.marks = marks;
        this.receipts = receipts;
        this.blocking = blocking;
    }

    /**
     * Marks only rise: a number at or below the mark changes nothing, and one above the newest message that the user may
     * read counts as that.
     *
     * @param conversation a group, or a conversation that the user is in
     * @return gives the mark as it is now
     */
    public CompletionStage<Answer<Long>> mark(String uid, Conversation conversation, long seq) {
        if (seq <= 0) {
            return CompletableFuture.completedFuture(new Answer.Refused<>(Refusal.MALFORMED));
        }
        return blocking.submit(uid, () -> markNow(uid, conversation, seq));
    }

    private Answer<Long> markNow(String uid, Conversation conversation, long seq) {
        // First: what is not above it and ends a membership is known to the rights.
        Position wanted = history.position(conversation, seq);
        if (wanted.seq() == 0) {
            return new Answer.Refused<>(Refusal.UNKNOWN_CONVERSATION);
        }
        Answer<List<MembershipInterval>> readable = rights.of(uid, conversation);
        if (readable instanceof Answer.Refused<List<MembershipInterval>> refused) {
            return new Answer.Refused<>(refused.refusal());
        }
        long end = ReadRights.end(((Answer.Given<List<MembershipInterval>>) readable).value(), wanted.seq());
        if (end < wanted.seq()) {
            wanted = history.position(conversation, end);
        }
        long present = receipts.current(marks.find(uid, conversation)).readSeq();
        if (wanted.seq() <= present) {
            return new Answer.Given<>(present);
        }
        if (!receipts.read(uid, conversation, wanted.seq(), wanted.ordinal())) {
            return new Answer.Refused<>(Refusal.RATE_LIMITED);
        }
        return new Answer.Given<>(wanted.seq());
    }
}
