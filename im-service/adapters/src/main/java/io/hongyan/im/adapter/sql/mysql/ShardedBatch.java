package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.core.message.Conversation;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * What one transaction of appending knows of other databases: whose inboxes are not in this one, and where its entries have
 * to wait for earlier ones that have not come to all inboxes.
 */
final class ShardedBatch {
    private final Shards shards;
    private final SlotSession slotSession;
    private final Map<String, Long> users;
    private final ToLongFunction<Conversation> newIds;
    private final InboxOrder order;
    private final List<Integer> places;
    private final Map<Long, Boolean> here = new HashMap<>();
    private final Set<Long> waiting = new HashSet<>();
    private int draft;

    /**
     * @param slotSession the slots of the conversations
     * @param users all who are named by the drafts and exist
     * @param order of the whole batch
     * @param places of the drafts in it
     */
    ShardedBatch(
            Shards shards,
            SlotSession slotSession,
            Map<String, Long> users,
            ToLongFunction<Conversation> newIds,
            InboxOrder order,
            List<Integer> places) {
        this.shards = shards;
        this.slotSession = slotSession;
        this.users = users;
        this.newIds = newIds;
        this.order = order;
        this.places = places;
    }

    /** The draft that questions are about from now on. */
    void begin(int index) {
        draft = index;
    }

    Map<String, Long> users() {
        return users;
    }

    ToLongFunction<Conversation> newIds() {
        return newIds;
    }

    /** Those of the conversations. */
    BitSet slots() {
        return slotSession.slots();
    }

    String database() {
        return slotSession.shard().name();
    }

    /**
     * Whether the inbox of a user is in this database, as far as is known, and may be written with the message. The answer is
     * the same for the whole transaction, until a message for this inbox is left to a later one. Numbering the inbox shows whether it is really here.
     */
    boolean isHere(long userId) {
        return here.computeIfAbsent(userId, id -> shards.of(Slots.ofId(id)) == slotSession.shard())
                && !order.waits(userId, places.get(draft));
    }

    /** Conversations with markers, filled in by who reads them under the locks of the conversations. */
    Set<Long> waiting() {
        return waiting;
    }

    boolean waits(long conversationId) {
        return waiting.contains(conversationId);
    }
}
