package io.hongyan.im.core.hint;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.PartialResult;
import io.hongyan.im.core.message.StorageException;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** What a storage knows about undelivered messages. Safe for many threads; blocks. Throws {@link StorageException}. */
public interface Hints {
    /**
     * Looks at some inboxes; users that do not exist are passed over. Messages of the user's own and entries that are
     * no messages never count.
     *
     * @param countMax look at so many of an inbox's newest entries, and count no further
     */
    Facts undelivered(Collection<Question> questions, int countMax);

    /**
     * Claims that these users are given a hint about everything up to a number; all in one transaction, durable on
     * return.
     *
     * @return the uids of those for whom nobody has claimed that number or a higher one before
     */
    Won claim(Collection<Claim> claims);

    /**
     * Users whose inbox has grown since a moment beyond what any device has acknowledged and any hint has told, and
     * where it stands now. Goes through all users, some with each call.
     *
     * @param afterUser opaque place where the call before ended, 0 = from the first user
     */
    Slice recent(long afterUser, long sinceMillis, int usersMax);

    /** @param left uids of which nothing is known, as the parts of the storage did not answer that have to do with them */
    record Facts(List<Undelivered> undelivered, PartialResult<String> left) {
        public Facts(List<Undelivered> undelivered) {
            this(undelivered, PartialResult.complete());
        }
    }

    /** @param left uids whose claims could not be made, as the parts of the storage did not answer that have them */
    record Won(Set<String> uids, PartialResult<String> left) {
        public Won(Set<String> uids) {
            this(uids, PartialResult.complete());
        }
    }

    /** @param cursor what a device has acknowledged, as far as the asker knows */
    record Question(String uid, long cursor) {}

    /**
     * What waits in an inbox above the highest cursor, asked or stored.
     *
     * @param cursor that cursor
     * @param headSeq highest number in the inbox
     * @param count messages of others above the cursor
     * @param newest the last of them, null where there is none
     * @param hintedSeq highest number claimed so far
     */
    record Undelivered(String uid, long cursor, long headSeq, int count, Newest newest, long hintedSeq) {}

    /** @param sentAtMillis when it was stored */
    record Newest(long inboxSeq, Conversation conversation, String sender, long sentAtMillis) {}

    record Claim(String uid, long inboxSeq) {}

    /** @param nextUser give it next time; 0 = all users have been looked at */
    record Slice(long nextUser, List<Claim> heads) {
        public Slice {
            heads = List.copyOf(heads);
        }
    }
}
