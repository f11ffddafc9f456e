package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.message.MessageId;
import io.hongyan.im.core.send.ChangedMessages;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Of a storage that does not store changes of messages yet. To be replaced. */
public final class NoChanges implements ChangedMessages {
    @Override
    public List<Due> due(int messagesMax) {
        return List.of();
    }

    @Override
    public Map<MessageId, Set<String>> reactionsOf(String uid, Collection<MessageId> messages) {
        return Map.of();
    }
}
