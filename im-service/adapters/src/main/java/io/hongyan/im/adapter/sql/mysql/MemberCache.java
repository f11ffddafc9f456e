package io.hongyan.im.adapter.sql.mysql;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.hongyan.im.adapter.sql.mysql.MysqlGroupRows.Recipient;
import io.hongyan.im.core.group.GroupMember;
import java.util.List;
import java.util.Optional;

/**
 * Memberships as they were at a version of their group, which is the number of the entry that changed them last: if
 * the group is at that version, under its lock, they need not be read. Only committed versions are kept. Safe for many
 * threads.
 */
final class MemberCache {
    /** Of the lists of members, so many names for each key that may be kept. */
    private static final int NAMES_PER_KEY = 10;

    private final Cache<Key, Versioned<Optional<GroupMember>>> members;
    private final Cache<Long, Versioned<List<Recipient>>> present;

    private record Key(long conversationId, String uid) {}

    private record Versioned<T>(long version, T value) {}

    MemberCache(int cachedKeysMax) {
        members = Caffeine.newBuilder().maximumSize(cachedKeysMax).build();
        present = Caffeine.newBuilder()
                .maximumWeight((long) NAMES_PER_KEY * cachedKeysMax)
                .weigher((Long group, Versioned<List<Recipient>> list) ->
                        list.value().size() + 1)
                .build();
    }

    /** Null where it is not known at this version. */
    Optional<GroupMember> member(long conversationId, String uid, long version) {
        return at(version, members.getIfPresent(new Key(conversationId, uid)));
    }

    void member(long conversationId, String uid, long version, Optional<GroupMember> member) {
        members.put(new Key(conversationId, uid), new Versioned<>(version, member));
    }

    /** Null where it is not known at this version. */
    List<Recipient> present(long conversationId, long version) {
        return at(version, present.getIfPresent(conversationId));
    }

    void present(long conversationId, long version, List<Recipient> all) {
        present.put(conversationId, new Versioned<>(version, all));
    }

    private static <T> T at(long version, Versioned<T> known) {
        return known != null && known.version() == version ? known.value() : null;
    }
}
