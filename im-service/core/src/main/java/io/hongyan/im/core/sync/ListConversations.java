package io.hongyan.im.core.sync;

import io.hongyan.im.core.message.Answer;
import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.message.PageLimits;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.receipt.NewestMarks;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The user's conversations with their heads, marks and unread counts. */
public final class ListConversations {
    /** More may be above 2^63. */
    private static final int PAGE_DIGITS_MAX = 18;

    private final ConversationList conversations;
    private final NewestMarks marks;
    private final BlockingWork blocking;
    private final PageLimits limits;

    public ListConversations(
            ConversationList conversations, NewestMarks marks, BlockingWork blocking, PageLimits limits) {
        this.conversations = conversations;
        this.marks = marks;
        this.blocking = blocking;
        this.limits = limits;
    }

    /**
     * @param afterVersion the version of an earlier answer: only what changed since; 0 = all
     * @param page where the page before ended, empty = from the start
     * @param limit conversations at most, 0 = the default
     */
    public CompletionStage<Answer<ConversationList.Page>> list(String uid, long afterVersion, String page, int limit) {
        if (afterVersion < 0 || limit < 0 || !isPage(page)) {
            return CompletableFuture.completedFuture(new Answer.Refused<>(Refusal.MALFORMED));
        }
        return blocking.submit(uid, () -> {
            String from = page.isEmpty() ? null : page;
            ConversationList.Page stored =
                    conversations.list(uid, afterVersion, from, limits.page(limit), limits.pageBytesMax());
            List<ConversationList.Item> items =
                    stored.items().stream().map(this::withUnwrittenMarks).toList();
            return new Answer.Given<>(new ConversationList.Page(items, stored.inboxHead(), stored.next()));
        });
    }

    /** Empty, or as a storage names pages: ASCII digits of a number that fits. */
    private static boolean isPage(String page) {
        return page.length() <= PAGE_DIGITS_MAX && page.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private ConversationList.Item withUnwrittenMarks(ConversationList.Item item) {
        return new ConversationList.Item(
                item.conversation(),
                item.headSeq(),
                item.last(),
                marks.current(item.mine()),
                item.peer() == null ? null : marks.current(item.peer()),
                item.joinedOrdinal());
    }
}
