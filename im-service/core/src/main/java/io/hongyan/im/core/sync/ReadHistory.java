package io.hongyan.im.core.sync;

import io.hongyan.im.core.group.Groups.MembershipInterval;
import io.hongyan.im.core.group.ReadRights;
import io.hongyan.im.core.message.Answer;
import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.PageLimits;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.History;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Pages through the log of a conversation, for any device at any time, as far as the user may read it. */
public final class ReadHistory {
    private final History history;
    private final OwnReactions reactions;
    private final ReadRights rights;
    private final BlockingWork blocking;
    private final PageLimits limits;

    /**
     * @param messages as the user sees them, rising by seq, whichever way was asked; of a group without those from before, between and after
     *     the user's memberships
     * @param headSeq the newest one that the user may read
     */
    public record Page(List<StoredMessage> messages, long headSeq) {
        public Page {
            messages = List.copyOf(messages);
        }
    }

    /** What is asked for: the numbers between, which of them first, and how much at most. */
    private record Wanted(long above, long below, boolean newest, int messagesMax, int bytesMax) {
        Wanted upTo(long last) {
            return new Wanted(above, Math.min(below, last + 1), newest, messagesMax, bytesMax);
        }
    }

    ReadHistory(History history, OwnReactions reactions, ReadRights rights, BlockingWork blocking, PageLimits limits) {
        this.history = history;
        this.reactions = reactions;
        this.rights = rights;
        this.blocking = blocking;
        this.limits = limits;
    }

    /**
     * @param uid who asks
     * @param conversation a group, or a conversation that the asking user is in
     * @param beforeSeq the messages next below this number; 0 = not asked for
     * @param afterSeq the messages next above this number; 0 = not asked for. Neither: the newest ones.
     * @param limit messages at most, 0 = the default
     */
    public CompletionStage<Answer<Page>> read(
            String uid, Conversation conversation, long beforeSeq, long afterSeq, int limit) {
        if (beforeSeq < 0 || afterSeq < 0 || limit < 0 || (beforeSeq > 0 && afterSeq > 0)) {
            return CompletableFuture.completedFuture(new Answer.Refused<>(Refusal.MALFORMED));
        }
        long below = beforeSeq == 0 ? Long.MAX_VALUE : beforeSeq;
        Wanted wanted = new Wanted(afterSeq, below, afterSeq == 0, limits.page(limit), limits.pageBytesMax());
        return blocking.submit(uid, () -> {
            // First: what is not above it and ends a membership is known to the rights, and nothing above it is read.
            long head = history.head(conversation);
            Answer<List<MembershipInterval>> readable = rights.of(uid, conversation);
            return readable instanceof Answer.Given<List<MembershipInterval>> given
                    ? new Answer.Given<>(page(uid, conversation, given.value(), head, wanted.upTo(head)))
                    : new Answer.Refused<>(((Answer.Refused<List<MembershipInterval>>) readable).refusal());
        });
    }

    private Page page(
            String uid, Conversation conversation, List<MembershipInterval> readable, long head, Wanted wanted) {
        List<StoredMessage> messages = new ArrayList<>();
        long bytes = 0;
        for (int i = 0; i < readable.size(); i++) {
            MembershipInterval interval = readable.get(wanted.newest ? readable.size() - 1 - i : i);
            long above = Math.max(wanted.above, interval.fromSeq() - 1);
            long below = Math.min(wanted.below - 1, interval.toSeq()) + 1;
            int left = wanted.messagesMax - messages.size();
            if (left <= 0 || bytes >= wanted.bytesMax) {
                break;
            }
            if (below - 1 <= above) {
                continue;
            }
            int bytesLeft = (int) (wanted.bytesMax - bytes);
            List<StoredMessage> part = history.read(conversation, above, below, wanted.newest, left, bytesLeft);
            long partBytes = part.stream().mapToLong(StoredMessage::bytes).sum();
            if (!messages.isEmpty() && partBytes > bytesLeft) {
                // A storage always gives one.
                break;
            }
            messages.addAll(wanted.newest ? 0 : messages.size(), part);
            bytes += partBytes;
            if (part.size() < below - 1 - above) {
                // Numbers have no gaps: the rest of it did not fit, and nothing may be given beyond that.
                break;
            }
        }
        messages.replaceAll(reactions.seenBy(uid, messages));
        return new Page(messages, ReadRights.end(readable, head));
    }
}
