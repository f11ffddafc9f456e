package io.hongyan.im.core.sync;

import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.StoredMessage;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Pages through the log of a conversation, for any device at any time. */
public final class ReadHistory {
    private final History history;
    private final BlockingWork blocking;
    private final SyncLimits limits;

    /** @param messages rising by seq, whichever way was asked */
    public record Page(List<StoredMessage> messages, long headSeq) {
        public Page {
            messages = List.copyOf(messages);
        }
    }

    public ReadHistory(History history, BlockingWork blocking, SyncLimits limits) {
        this.history = history;
        this.blocking = blocking;
        this.limits = limits;
    }

    /**
     * @param conversation one that the asking user is a member of
     * @param beforeSeq the messages next below this number; 0 = not asked for
     * @param afterSeq the messages next above this number; 0 = not asked for. Neither: the newest ones.
     * @param limit messages at most, 0 = the default
     */
    public CompletionStage<Answer<Page>> read(Conversation conversation, long beforeSeq, long afterSeq, int limit) {
        if (beforeSeq < 0 || afterSeq < 0 || limit < 0 || (beforeSeq > 0 && afterSeq > 0)) {
            return refused(Refusal.MALFORMED);
        }
        if (conversation.kind() != Conversation.Kind.DIRECT) {
            return refused(Refusal.UNKNOWN_CONVERSATION);
        }
        boolean newest = afterSeq == 0;
        long below = beforeSeq == 0 ? Long.MAX_VALUE : beforeSeq;
        return blocking.submit(() -> new Answer.Given<>(new Page(
                history.read(conversation, afterSeq, below, newest, limits.page(limit), limits.pageBytesMax()),
                history.head(conversation))));
    }

    private static CompletionStage<Answer<Page>> refused(Refusal refusal) {
        return CompletableFuture.completedFuture(new Answer.Refused<>(refusal));
    }
}
