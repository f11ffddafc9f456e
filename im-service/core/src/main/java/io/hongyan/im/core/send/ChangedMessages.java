package io.hongyan.im.core.send;

import io.hongyan.im.core.message.MessageId;
import io.hongyan.im.core.message.MessageState;
import io.hongyan.im.core.message.StorageException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads what is stored about changed messages. Safe for many threads; blocks. Throws {@link StorageException}. */
public interface ChangedMessages {
    /**
     * Some messages whose state is {@link MessageState#due}; all of them, and others too, once these are not any more.
     *
     * @param countsMax of those whose reactions are to be told, at most
     * @param recalledMax of those that are recalled, at most
     */
    List<Due> due(int countsMax, int recalledMax);

    record Due(MessageId message, MessageState state) {}

    /** With which emoji the user reacts to these messages; those to which it does not may be left out. */
    Map<MessageId, Set<String>> reactionsOf(String uid, Collection<MessageId> messages);
}
