package io.hongyan.im.core.send;

import io.hongyan.im.core.message.StorageException;
import java.util.List;

/** The log of all conversations and the inboxes it fans out to. */
public interface MessageLog {
    /**
     * Appends a batch in one transaction, durable on return (written and synced). Drafts of one conversation are
     * numbered in list order, gapless; each recipient's inbox likewise. A draft whose (conversation, sender, client
     * message id) is known takes no number and gets the first answer. A direct draft to a user that does not exist is
     * refused with UNKNOWN_CONVERSATION; the conversation itself is made by its first message.
     *
     * <p>Called by one thread at a time for a given conversation; blocks.
     *
     * @param batch not empty
     * @param nowMillis becomes the time of the messages
     * @return one result per draft, in order
     * @throws StorageException nothing was stored, or it is not known whether all was; calling again with the same
     *     drafts settles it
     */
    List<Appended> append(List<Draft> batch, long nowMillis);
}
