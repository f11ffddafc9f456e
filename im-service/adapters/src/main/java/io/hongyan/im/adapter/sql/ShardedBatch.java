package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.message.Conversation;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;

/** What one transaction of appending knows of other databases, and where its entries have to wait for earlier ones. */
final class ShardedBatch {
    private final Map<String, Long> users;
    private final ToLongFunction<Conversation> newIds;
    private final Set<Long> waiting = new HashSet<>();

    /** @param users all who are named by the drafts and exist */
    ShardedBatch(Map<String, Long> users, ToLongFunction<Conversation> newIds) {
        this.users = users;
        this.newIds = newIds;
    }

    Map<String, Long> users() {
        return users;
    }

    ToLongFunction<Conversation> newIds() {
        return newIds;
    }

    /** Looks which conversations have entries that have not come to all inboxes. */
    void readMarkers(Connection connection, Collection<LockedConversation> locked) throws SQLException {
        waiting.clear();
        List<Long> ids = locked.stream().map(LockedConversation::id).toList();
        try (Statement statement = connection.createStatement()) {
            for (List<Long> some : MysqlIds.pages(ids)) {
                try (ResultSet rows = statement.executeQuery("SELECT DISTINCT conversation_id FROM im_fanout"
                        + " WHERE conversation_id IN (" + NumberRows.list(some) + ")")) {
                    while (rows.next()) {
                        waiting.add(rows.getLong(1));
                    }
                }
            }
        }
    }

    boolean waits(long conversationId) {
        return waiting.contains(conversationId);
    }
}
