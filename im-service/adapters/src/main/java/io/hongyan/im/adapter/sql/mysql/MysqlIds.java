package io.hongyan.im.adapter.sql.mysql;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.hongyan.im.core.message.Conversation;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The row numbers of users and conversations, in memory once they were read: they never change and rows are never
 * deleted. Only what is committed is kept here, so a transaction asks before it makes anything. Safe for many threads.
 */
final class MysqlIds {
    /** Names asked for by one statement. */
    private static final int NAMES_PER_QUERY_MAX = 500;

    private final Cache<String, Long> users;
    private final Cache<Conversation, Long> conversations;

    MysqlIds(int cachedKeysMax) {
        users = Caffeine.newBuilder().maximumSize(cachedKeysMax).build();
        conversations = Caffeine.newBuilder().maximumSize(cachedKeysMax).build();
    }

    /** Of users that exist; the others are missing. */
    Map<String, Long> users(Connection connection, Collection<String> uids) throws SQLException {
        Map<String, Long> found = new HashMap<>();
        List<String> asked = new ArrayList<>();
        for (String uid : uids) {
            Long known = users.getIfPresent(uid);
            if (known == null) {
                asked.add(uid);
            } else {
                found.put(uid, known);
            }
        }
        for (List<String> some : pages(asked)) {
            String sql = "SELECT uid, id FROM im_user WHERE uid IN (" + marks(some.size()) + ")";
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                for (int i = 0; i < some.size(); i++) {
                    statement.setBytes(i + 1, bytes(some.get(i)));
                }
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        String uid = text(rows.getBytes(1));
                        found.put(uid, rows.getLong(2));
                        users.put(uid, rows.getLong(2));
                    }
                }
            }
        }
        return found;
    }

    /** What is in memory; null where it is not. */
    Long knownUser(String uid) {
        return users.getIfPresent(uid);
    }

    /** What is in memory; null where it is not. */
    Long knownConversation(Conversation name) {
        return conversations.getIfPresent(name);
    }

    /** Null where there is no such user. */
    Long user(Connection connection, String uid) throws SQLException {
        return users(connection, List.of(uid)).get(uid);
    }

    /** Of conversations that exist; the others are missing. */
    Map<Conversation, Long> conversations(Connection connection, Collection<Conversation> names) throws SQLException {
        Map<Conversation, Long> found = new HashMap<>();
        Map<Conversation.Kind, List<Conversation>> asked = new HashMap<>();
        for (Conversation name : names) {
            Long known = conversations.getIfPresent(name);
            if (known == null) {
                asked.computeIfAbsent(name.kind(), kind -> new ArrayList<>()).add(name);
            } else {
                found.put(name, known);
            }
        }
        for (Map.Entry<Conversation.Kind, List<Conversation>> kind : asked.entrySet()) {
            Map<Conversation, Long> read = made(connection, kind.getKey(), kind.getValue());
            conversations.putAll(read);
            found.putAll(read);
        }
        return found;
    }

    /** The same, kept nowhere: of conversations that this transaction has made, and perhaps will undo. */
    static Map<Conversation, Long> made(Connection connection, Conversation.Kind kind, List<Conversation> names)
            throws SQLException {
        Map<Conversation, Long> found = new HashMap<>();
        for (List<Conversation> some : pages(names)) {
            read(connection, kind, some, found);
        }
        return found;
    }

    private static void read(
            Connection connection, Conversation.Kind kind, List<Conversation> some, Map<Conversation, Long> found)
            throws SQLException {
        String sql = "SELECT name, id FROM im_conversation WHERE kind = ? AND name IN (" + marks(some.size()) + ")";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, kind.number());
            for (int i = 0; i < some.size(); i++) {
                statement.setBytes(i + 2, bytes(some.get(i).id()));
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.put(new Conversation(kind, text(rows.getBytes(1))), rows.getLong(2));
                }
            }
        }
    }

    /** Names are compared as bytes. */
    static byte[] bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] name) {
        return new String(name, StandardCharsets.UTF_8);
    }

    static String marks(int count) {
        return String.join(",", Collections.nCopies(count, "?"));
    }

    static <T> List<List<T>> pages(List<T> all) {
        List<List<T>> pages = new ArrayList<>();
        for (int from = 0; from < all.size(); from += NAMES_PER_QUERY_MAX) {
            pages.add(all.subList(from, Math.min(all.size(), from + NAMES_PER_QUERY_MAX)));
        }
        return pages;
    }
}
