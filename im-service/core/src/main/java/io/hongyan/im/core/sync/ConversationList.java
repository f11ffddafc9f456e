package io.hongyan.im.core.sync;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.receipt.Marks;
import java.util.List;

/** Reads a user's conversations. Safe for many threads; blocks. Throws {@link StorageException}. */
public interface ConversationList {
    /**
     * The user's conversations that an inbox entry above {@code afterInboxSeq} belongs to (0 = all of them), in a
     * stable order of the storage's own. Where those entries are trimmed or too many to look through, all of them. Large
     * groups that the user is in are always listed: no inbox tells whether they have changed.
     *
     * <p>A group is listed as far as the user may read it: of one that was left, head and newest message are those of
     * the entry with which the newest membership ended. One that was left and is dissolved is not listed.
     *
     * @param page where the page before ended, in digits; null = from the start
     * @param limit conversations at most
     * @param bytesMax stops before the content of a further newest message would pass this sum; one is always given
     */
    Page list(String uid, long afterInboxSeq, String page, int limit, int bytesMax);

    /**
     * Those of these conversations that {@link #list} would give with all others, in the order asked.
     *
     * @param bytesMax stops before the content of a further newest message would pass this sum; one is always given
     */
    Some only(String uid, List<Conversation> asked, int bytesMax);

    /** @param passed how many of those asked for were gone through; for the others one has to ask again */
    record Some(List<Item> items, int passed) {}

    /**
     * @param inboxHead the user's inbox head, read before the conversations
     * @param next null where the list ends
     */
    record Page(List<Item> items, long inboxHead, String next) {}

    /**
     * @param last the newest message
     * @param mine the user's own mark
     * @param peer the other user's mark of a direct conversation with somebody else, else null
     * @param joinedOrdinal of a group: the ordinal of the entry with which the user's newest membership began; else 0
     */
    record Item(
            Conversation conversation,
            long headSeq,
            StoredMessage last,
            Marks.Mark mine,
            Marks.Mark peer,
            long joinedOrdinal) {
        public long headOrdinal() {
            return last.ordinal();
        }

        /** Whoever writes has read what stands above; a crash may have kept that from the mark. */
        private boolean isAnsweredByUser() {
            return last.sender().equals(mine.uid());
        }

        public long readSeq() {
            return isAnsweredByUser() ? headSeq : mine.readSeq();
        }

        /** Up to where nothing is unread; what was there before joining is not. */
        public long readOrdinal() {
            return isAnsweredByUser()
                    ? headOrdinal()
                    : Math.min(headOrdinal(), Math.max(mine.readOrdinal(), joinedOrdinal));
        }

        /** Messages that the user may read and has not read. */
        public long unread() {
            return headOrdinal() - readOrdinal();
        }
    }
}
