package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.adapter.sql.mysql.MysqlGroupRows.Recipient;
import io.hongyan.im.core.group.GroupDecision.Accepted;
import io.hongyan.im.core.group.GroupInfo;
import io.hongyan.im.core.group.GroupMember;
import io.hongyan.im.core.message.StoredMessage;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A group in one transaction that holds the lock of its conversation, so nobody else changes it. What the transaction
 * itself has changed is seen here and kept from the cache, since it may be undone.
 */
final class LockedGroup {
    private final long id;
    private final MysqlGroupRows rows;
    private final MemberCache cache;
    private final Map<String, Optional<GroupMember>> members = new HashMap<>();
    private GroupInfo info;
    private boolean changed;
    private List<Recipient> present;

    LockedGroup(long id, GroupInfo info, MysqlGroupRows rows, MemberCache cache) {
        this.id = id;
        this.info = info;
        this.rows = rows;
        this.cache = cache;
    }

    long id() {
        return id;
    }

    GroupInfo info() {
        return info;
    }

    /** Reads what will be asked about these users, where it is not known. */
    void prepare(Collection<String> uids) throws SQLException {
        List<String> unknown = new ArrayList<>();
        for (String uid : uids) {
            Optional<GroupMember> known = members.get(uid);
            if (known == null && !changed) {
                known = cache.member(id, uid, info.membersVersion());
            }
            if (known == null) {
                unknown.add(uid);
            } else {
                members.put(uid, known);
            }
        }
        if (unknown.isEmpty()) {
            return;
        }
        Map<String, GroupMember> found = rows.members(id, unknown);
        for (String uid : unknown) {
            Optional<GroupMember> member = Optional.ofNullable(found.get(uid));
            members.put(uid, member);
            if (!changed) {
                cache.member(id, uid, info.membersVersion(), member);
            }
        }
    }

    /** The user's present membership. */
    Optional<GroupMember> member(String uid) throws SQLException {
        if (!members.containsKey(uid)) {
            prepare(List.of(uid));
        }
        return members.get(uid);
    }

    /** All who are in the group now, by rising uid; of groups that are not large only. */
    List<Recipient> present() throws SQLException {
        if (present == null && !changed) {
            present = cache.present(id, info.membersVersion());
        }
        if (present == null) {
            present = rows.present(id);
            if (!changed) {
                cache.present(id, info.membersVersion(), present);
            }
        }
        return present;
    }

    /**
     * Writes what an entry changes.
     *
     * @param userIds of all who join
     */
    void carryOut(Accepted decision, StoredMessage entry, Map<String, Long> userIds) throws SQLException {
        changed = true;
        members.clear();
        present = null;
        if (!decision.leaving().isEmpty()) {
            rows.endMembers(id, decision.leaving(), entry.seq());
        }
        if (!decision.joining().isEmpty()) {
            // A change does not count: its ordinal is the one before it.
            rows.insertMembers(id, decision.joining(), entry.ordinal(), userIds);
        }
        for (GroupMember edited : decision.edited()) {
            rows.updateMember(id, edited);
        }
        info = decision.after();
        rows.update(id, info);
    }
}
