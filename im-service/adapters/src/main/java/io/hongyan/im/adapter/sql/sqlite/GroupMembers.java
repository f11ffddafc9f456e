package io.hongyan.im.adapter.sql.sqlite;

import io.hongyan.im.adapter.sql.GroupMapper;
import io.hongyan.im.adapter.sql.GroupMapper.MemberRow;
import io.hongyan.im.core.group.GroupDecision.Accepted;
import io.hongyan.im.core.group.GroupMember;
import io.hongyan.im.core.message.StoredMessage;
import java.sql.SQLException;
import java.util.List;

/**
 * Members who write in their groups, and of groups that are not large all members: in memory while they are in use, so that
 * a message reads no row of them. Writer's thread only, within a transaction.
 */
final class GroupMembers {
    /** Of the lists of members, so many names for each key that may be kept; that is much for one group only. */
    private static final int NAMES_PER_KEY = 10;

    private final SqliteWriter writer;
    private final Heads heads;
    private final KeyCache<MemberKey, GroupMember> members;
    private final KeyCache<Long, List<String>> present;

    GroupMembers(SqliteWriter writer, Heads heads, int cachedKeysMax) {
        this.writer = writer;
        this.heads = heads;
        this.members = new KeyCache<>(cachedKeysMax);
        this.present = new KeyCache<>((long) NAMES_PER_KEY * cachedKeysMax, List::size);
        writer.tell(members);
        writer.tell(present);
    }

    /** The user's present membership, or null. */
    GroupMember member(GroupHead group, String uid) {
        MemberKey key = new MemberKey(group.id(), uid);
        GroupMember known = members.get(key);
        if (known == null) {
            MemberRow row = mapper().findMember(group.conversation().id(), uid);
            if (row != null) {
                known = row.toMember();
                members.put(key, known);
            }
        }
        return known;
    }

    /** All who are in the group now, by rising uid; of groups that are not large only. */
    List<String> present(GroupHead group) throws SQLException {
        List<String> known = present.get(group.id());
        if (known == null) {
            known = writer.groupRows().present(group.id());
            present.put(group.id(), known);
        }
        return known;
    }

    /**
     * Writes what an entry changes.
     *
     * @param made whether it makes the group
     */
    void carryOut(GroupHead group, boolean made, Accepted decision, StoredMessage entry) throws SQLException {
        GroupRows rows = writer.groupRows();
        if (made) {
            rows.insert(group.id(), decision.after());
        } else {
            heads.changing(group);
            group.becomes(decision.after());
            rows.update(group.id(), decision.after());
        }
        for (String uid : decision.leaving()) {
            members.forget(new MemberKey(group.id(), uid));
            rows.endMember(group.id(), uid, entry.seq());
        }
        for (GroupMember joining : decision.joining()) {
            // A change does not count: its ordinal is the one before it.
            rows.insertMember(group.id(), heads.inbox(joining.uid()).userId(), joining, entry.ordinal());
        }
        for (GroupMember edited : decision.edited()) {
            members.forget(new MemberKey(group.id(), edited.uid()));
            rows.updateMember(group.id(), edited);
        }
        if (!decision.leaving().isEmpty() || !decision.joining().isEmpty()) {
            present.forget(group.id());
        }
    }

    /** A marker of the group has been left, or the last one is done. */
    void fanningOut(GroupHead group, boolean now) {
        heads.changing(group);
        group.fanningOut(now);
    }

    private GroupMapper mapper() {
        return writer.mapper(GroupMapper.class);
    }

    private record MemberKey(long conversationId, String uid) {}
}
