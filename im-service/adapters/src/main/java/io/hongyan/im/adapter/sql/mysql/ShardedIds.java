package io.hongyan.im.adapter.sql.mysql;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.SystemUser;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Ids of users and conversations, whichever database they are in, and names beside ids where messages are. Safe for many
 * threads.
 */
final class ShardedIds {
    /** Of the system's own user, in every database. */
    static final long SYSTEM_ID = 0;

    private static final RowInserts NAMES =
            new RowInserts("im_user (id, uid)", 2, " ON DUPLICATE KEY UPDATE uid = im_user.uid");

    private final Shards shards;
    private final MysqlIds ids;
    /** Users whose names are known to be in a database. */
    private final Map<Shard, Cache<Long, Boolean>> named = new HashMap<>();

    ShardedIds(Shards shards, int cachedKeysMax) {
        this.shards = shards;
        this.ids = new MysqlIds(cachedKeysMax);
        shards.all()
                .forEach(shard -> named.put(
                        shard, Caffeine.newBuilder().maximumSize(cachedKeysMax).build()));
    }

    /** For transactions in the database of the conversations they ask about. */
    MysqlIds here() {
        return ids;
    }

    /** @param trouble why some could not be looked up, null where all were */
    record Found<K>(Map<K, Long> found, Set<K> unasked, RuntimeException trouble) {
        private Map<K, Long> all() {
            if (trouble != null) {
                throw trouble;
            }
            return found;
        }
    }

    /** Of users that exist; the others are missing. */
    Map<String, Long> users(Collection<String> uids) {
        return possibleUsers(uids).all();
    }

    /** The same, without those whose database does not answer. */
    Found<String> possibleUsers(Collection<String> uids) {
        return find(
                uids,
                uid -> uid.equals(SystemUser.UID) ? Long.valueOf(SYSTEM_ID) : ids.knownUser(uid),
                Slots::ofUser,
                ids::users);
    }

    /** Null where there is no such user. */
    Long user(String uid) {
        return users(List.of(uid)).get(uid);
    }

    /** Of conversations that exist; the others are missing. */
    Map<Conversation, Long> conversations(Collection<Conversation> wanted) {
        return possibleConversations(wanted).all();
    }

    /** The same, without those whose database does not answer. */
    Found<Conversation> possibleConversations(Collection<Conversation> wanted) {
        return find(wanted, ids::knownConversation, Slots::of, ids::conversations);
    }

    @FunctionalInterface
    private interface Query<K> {
        Map<K, Long> ask(Connection connection, List<K> names) throws SQLException;
    }

    private <K> Found<K> find(
            Collection<K> wanted, Function<K, Long> remembered, ToIntFunction<K> slotOf, Query<K> query) {
        Map<K, Long> found = new HashMap<>();
        Set<K> asked = new LinkedHashSet<>();
        for (K name : wanted) {
            Long known = remembered.apply(name);
            if (known == null) {
                asked.add(name);
            } else {
                found.put(name, known);
            }
        }
        Set<K> unasked = new HashSet<>(asked);
        RuntimeException trouble = shards.eachPossible(asked, slotOf, (slotSession, some) -> {
            found.putAll(slotSession.readOne(session -> query.ask(session.connection(), some)));
            some.forEach(unasked::remove);
        });
        return new Found<>(found, unasked, trouble);
    }

    /**
     * Ensures that the names of these users are in a database beside their ids: whoever reads messages there wants
     * them. In the transaction that writes the first of them; {@link #named} when it is committed.
     */
    void name(Connection connection, Shard shard, Map<String, Long> users) throws SQLException {
        Cache<Long, Boolean> known = named.get(shard);
        Map<Long, String> missing = new HashMap<>();
        users.forEach((uid, id) -> {
            if (known.getIfPresent(id) == null) {
                missing.put(id, uid);
            }
        });
        for (List<Long> some : MysqlIds.pages(List.copyOf(missing.keySet()))) {
            String sql = "SELECT id FROM im_user WHERE id IN (" + MysqlIds.marks(some.size()) + ")";
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                for (int i = 0; i < some.size(); i++) {
                    statement.setLong(i + 1, some.get(i));
                }
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        missing.remove(rows.getLong(1));
                    }
                }
            }
        }
        List<Object[]> rows = missing.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(user -> new Object[] {user.getKey(), MysqlIds.bytes(user.getValue())})
                .toList();
        NAMES.insert(connection, rows);
    }

    /** What {@link #name} has done is durable. */
    void named(Shard shard, Collection<Long> users) {
        Cache<Long, Boolean> known = named.get(shard);
        users.forEach(id -> known.put(id, true));
    }
}
