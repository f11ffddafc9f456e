package io.hongyan.im.core.hint;

import io.hongyan.im.core.message.Conversation;

/**
 * A user has messages that no device has received. User and inbox number name a hint; it says that there is something to
 * fetch, not what.
 *
 * @param undelivered how many messages of others wait, as far as they are counted ({@link HintLimits#countMax})
 * @param inboxSeq number of the newest of them in the user's inbox
 * @param conversation where the newest was written
 * @param sender uid of who wrote it
 * @param sentAtMillis when it was stored
 */
public record Hint(
        String uid, int undelivered, long inboxSeq, Conversation conversation, String sender, long sentAtMillis) {}
