package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.core.message.Conversation.Kind;
import io.hongyan.im.core.send.Draft;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Ensures that an inbox gets the messages of one batch in its order, of conversations in several databases too: once it
 * is to get one that cannot be written with its message, the later ones come behind it likewise. Of groups it is not known in
 * time who gets them.
 */
final class InboxOrder {
    private final Map<Long, Integer> firstElsewhere = new HashMap<>();

    /** @param users ids of all who are named by the batch and exist */
    InboxOrder(Shards shards, List<Draft> batch, Map<String, Long> users) {
        if (shards.all().size() == 1) {
            return;
        }
        for (int place = 0; place < batch.size(); place++) {
            Draft draft = batch.get(place);
            if (draft.conversation().kind() != Kind.GROUP) {
                Shard shard = shards.of(Slots.of(draft.conversation()));
                for (String uid : AppendFacts.uidsOf(List.of(draft))) {
                    Long id = users.get(uid);
                    if (id != null && shards.of(Slots.ofId(id)) != shard) {
                        firstElsewhere.putIfAbsent(id, place);
                    }
                }
            }
        }
    }

    /** Whether the user's inbox gets an earlier message of the batch after the transaction that stores this one. */
    boolean waits(long userId, int place) {
        return firstElsewhere.getOrDefault(userId, Integer.MAX_VALUE) < place;
    }
}
