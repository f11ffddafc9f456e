package io.hongyan.im.core.sync;

import io.hongyan.im.core.message.Answer;
import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.PageLimits;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.receipt.NewestMarks;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/** The user's conversations with their heads, marks and unread counts. */
public final class ListConversations {
    /** Conversations that may be asked for by name at once. */
    public static final int ONLY_MAX = 200;

    /** More may be above 2^63. */
    private static final int PAGE_DIGITS_MAX = 18;

    private final ConversationList conversations;
    private final OwnReactions reactions;
    private final NewestMarks marks;
    private final BlockingWork blocking;
    private final PageLimits limits;

    ListConversations(
            ConversationList conversations,
            OwnReactions reactions,
            NewestMarks marks,
            BlockingWork blocking,
            PageLimits limits) {
        this.conversations = conversations;
        this.reactions = reactions;
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
            List<ConversationList.Item> items = asSeen(uid, stored.items());
            return new Answer.Given<>(new ConversationList.Page(items, stored.inboxHead(), stored.next()));
        });
    }

    /**
     * These conversations, those that are none of the user's left out. The answer has no version: it says nothing of others.
     *
     * @param asked at most {@link #ONLY_MAX}
     * @param page where the page before ended, empty = from the start
     * @param limit conversations at most, 0 = all of them
     */
    public CompletionStage<Answer<ConversationList.Page>> only(
            String uid, List<Conversation> asked, String page, int limit) {
        int from = page.isEmpty() ? 0 : place(page, asked.size());
        if (asked.size() > ONLY_MAX || limit < 0 || from < 0) {
            return CompletableFuture.completedFuture(new Answer.Refused<>(Refusal.MALFORMED));
        }
        int most = Math.min(limit == 0 ? asked.size() : limit, limits.pageMax());
        List<Conversation> part = asked.subList(from, Math.min(asked.size(), from + most));
        return blocking.submit(uid, () -> {
            ConversationList.Some some = conversations.only(uid, part, limits.pageBytesMax());
            List<ConversationList.Item> items = asSeen(uid, some.items());
            int passed = from + some.passed();
            String next = passed < asked.size() ? Integer.toString(passed) : null;
            return new Answer.Given<>(new ConversationList.Page(items, 0, next));
        });
    }

    /** Of the item that a page begins with; -1 where the text names none of so many. */
    private static int place(String page, int asked) {
        return isPage(page) && Long.parseLong(page) < asked ? Integer.parseInt(page) : -1;
    }

    /** Empty, or as a storage names pages: ASCII digits of a number that fits. */
    private static boolean isPage(String page) {
        return page.length() <= PAGE_DIGITS_MAX && page.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private List<ConversationList.Item> asSeen(String uid, List<ConversationList.Item> items) {
        UnaryOperator<StoredMessage> seen = reactions.seenBy(
                uid, items.stream().map(ConversationList.Item::last).toList());
        return items.stream()
                .map(item -> withUnwrittenMarks(item, seen.apply(item.last())))
                .toList();
    }

    private ConversationList.Item withUnwrittenMarks(ConversationList.Item item, StoredMessage last) {
        return new ConversationList.Item(
                item.conversation(),
                item.headSeq(),
                last,
                marks.current(item.mine()),
                item.peer() == null ? null : marks.current(item.peer()),
                item.joinedOrdinal());
    }
}
