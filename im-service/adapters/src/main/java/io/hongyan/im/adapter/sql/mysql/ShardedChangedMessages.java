package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.adapter.sql.SqlChangedMessages;
import io.hongyan.im.core.message.MessageId;
import io.hongyan.im.core.send.ChangedMessages;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** States and reactions are where the conversation of their messages is. */
final class ShardedChangedMessages implements ChangedMessages {
    private final Shards shards;

    ShardedChangedMessages(Shards shards) {
        this.shards = shards;
    }

    /** Those that were told longest ago first. While a database is away, those in it wait. */
    @Override
    public List<Due> due(int countsMax, int recalledMax) {
        return shards.sweep(true, session -> SqlChangedMessages.due(session, countsMax, recalledMax)).stream()
                .flatMap(part -> part.rows().stream()
                        .filter(one -> part.slots().get(Slots.of(one.message().conversation()))))
                .sorted(Comparator.comparingLong(one -> one.state().countedAtMillis()))
                .limit((long) countsMax + recalledMax)
                .toList();
    }

    @Override
    public Map<MessageId, Set<String>> reactionsOf(String uid, Collection<MessageId> messages) {
        Map<MessageId, Set<String>> found = new HashMap<>();
        shards.each(
                messages,
                message -> Slots.of(message.conversation()),
                (slotSession, some) -> found.putAll(new SqlChangedMessages(slotSession).reactionsOf(uid, some)));
        return found;
    }
}
