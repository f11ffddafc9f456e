package io.hongyan.im.core.send;

import io.hongyan.im.core.message.StorageException;
import java.util.List;

/** The log of all conversations and the inboxes it fans out to. */
public interface MessageLog {
    /**
     * Appends a batch in one transaction, durable on return (written and synced), as {@link AppendRules} say. Drafts of
     * one conversation are numbered in list order, gapless; each recipient's inbox likewise, but over several databases
     * messages of groups may come before or after the others of a batch. A draft whose (conversation, sender, client
     * message id) is known takes no number and gets the first answer. A direct draft to a user that does not exist is
     * refused with UNKNOWN_CONVERSATION; the conversation itself is made by its first message. One of a system
     * conversation has its reader as only recipient, UNKNOWN_USER where there is none.
     *
     * <p>Of a group: whether a draft is stored, and what it changes, is decided by {@link
     * io.hongyan.im.core.group.GroupRules} on the facts as they are right before it, after drafts earlier in the batch;
     * known keys are looked up first, so that a change that was stored is not refused when it is sent again, whoever
     * has left since. A draft to a group that does not exist is refused with UNKNOWN_CONVERSATION. The recipients of
     * entry s are the users with a membership that began at or before s and had not ended before s; of an entry after
     * the one with which the group became large, only those with a membership that begins or ends with s. Are they
     * more than {@code fanOutInlineMax}, or is a marker of the conversation open, a marker is left for them, see {@link
     * FanOutLog}; otherwise their inbox rows are written here. Where there is nobody (a message in a large group) no
     * marker is left. A membership that begins makes the user's mark (zeros) unless there is one.
     *
     * <p>{@link Appended.Repeated} of a group has 0 as the sender's inbox number, unless it is known.
     *
     * <p>Called by one thread at a time for a given conversation; blocks.
     *
     * @param batch not empty
     * @param nowMillis becomes the time of the messages
     * @return one result per draft, in order
     * @throws StorageException nothing was stored, or it is not known whether all was; calling again with the same
     *     drafts settles it
     * @throws RuntimeException another one: nothing was stored, since one of the drafts cannot be, by a mistake of the
     *     program; the others can without it
     */
    List<Appended> append(List<Draft> batch, long nowMillis);
}
