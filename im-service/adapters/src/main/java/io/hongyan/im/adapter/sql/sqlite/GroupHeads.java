package io.hongyan.im.adapter.sql.sqlite;

import io.hongyan.im.adapter.sql.GroupMapper;
import io.hongyan.im.adapter.sql.GroupMapper.MemberRow;
import io.hongyan.im.adapter.sql.GroupMapper.StoredGroup;
import io.hongyan.im.core.group.GroupDecision.Accepted;
import io.hongyan.im.core.group.GroupMember;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.Conversation.Kind;
import io.hongyan.im.core.message.StoredMessage;
import java.sql.SQLException;
import java.util.List;

/**
 * Groups, the members who write in them, and of groups that are not large all who are in them: in memory while they are
 * in use, so that a message reads no row of them. Writer's thread only, within a transaction.
 */
final class GroupHeads {
    /** Of the lists of members, so many names for each key that may be kept; that is much for one group only. */
    private static final int NAMES_PER_KEY = 10;

    private final SqliteWriter writer;
    private final Heads heads;
    private final KeyCache<Conversation, GroupHead> groups;
    private final KeyCache<MemberKey, GroupMember> members;
    private final KeyCache<Long, List<String>> present;

    GroupHeads(SqliteWriter writer, Heads heads, int cachedKeysMax) {
        this.writer = writer;
        this.heads = heads;
        this.groups = new KeyCache<>(cachedKeysMax);
        this.members = new KeyCache<>(cachedKeysMax);
        this.present = new KeyCache<>((long) NAMES_PER_KEY * cachedKeysMax, List::size);
        writer.tell(groups);
        writer.tell(members);
        writer.tell(present);
    }

    /** Null where there is no such group. */
    GroupHead find(Conversation conversation) {
        GroupHead known = groups.get(conversation);
        if (known == null && conversation.kind() == Kind.GROUP) {
            StoredGroup row = mapper().findStored(conversation.id());
            if (row != null) {
                known = new GroupHead(
                        conversation, row.conversationId(), row.head(), row.ordinal(), row.info(), row.fanningOut());
                groups.put(conversation, known);
            }
        }
        return known;
    }

    /** Makes the group without its members: {@link #carryOut} does the rest. */
    GroupHead make(Conversation conversation, Accepted decision) throws SQLException {
        long id = heads.makeConversation(conversation);
        writer.groupRows().insert(id, decision.after());
        GroupHead made = new GroupHead(conversation, id, 0, 0, decision.after(), false);
        groups.put(conversation, made);
        return made;
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

    /** Writes what the group's next entry changes. */
    void carryOut(GroupHead group, Accepted decision) throws SQLException {
        GroupRows rows = writer.groupRows();
        long seq = group.head() + 1;
        for (String uid : decision.leaving()) {
            members.forget(new MemberKey(group.id(), uid));
            rows.endMember(group.id(), uid, seq);
        }
        for (GroupMember joining : decision.joining()) {
            // A change does not count: the ordinal before it is its own.
            rows.insertMember(group.id(), heads.inbox(joining.uid()).userId(), joining, group.ordinal());
        }
        for (GroupMember edited : decision.edited()) {
            members.forget(new MemberKey(group.id(), edited.uid()));
            rows.updateMember(group.id(), edited);
        }
        if (!decision.leaving().isEmpty() || !decision.joining().isEmpty()) {
            present.forget(group.id());
        }
        groups.touched(group.conversation());
        group.becomes(decision.after());
        rows.update(group.id(), decision.after());
    }

    /** The number just given has been given to a row. */
    void took(GroupHead group, StoredMessage newest) {
        groups.touched(group.conversation());
        group.moveTo(newest);
    }

    /** A marker of the group has been left, or the last one is done. */
    void fanningOut(GroupHead group, boolean now) {
        groups.touched(group.conversation());
        group.fanningOut(now);
    }

    private GroupMapper mapper() {
        return writer.mapper(GroupMapper.class);
    }

    private record MemberKey(long conversationId, String uid) {}
}
