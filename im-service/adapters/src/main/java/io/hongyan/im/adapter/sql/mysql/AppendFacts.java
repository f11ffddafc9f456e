package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.adapter.sql.mysql.MysqlGroupRows.Recipient;
import io.hongyan.im.core.group.GroupChange;
import io.hongyan.im.core.group.GroupInfo;
import io.hongyan.im.core.group.GroupMember;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.Conversation.Kind;
import io.hongyan.im.core.send.AppendRules;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.send.MessageRules.Content;
import io.hongyan.im.core.send.MessageRules.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What a transaction of appending knows under the locks of its conversations. It is read for all drafts first, then moves on
 * with what is stored, and answers for one draft after the other.
 */
final class AppendFacts implements AppendRules.Facts<Recipient> {
    private final LockedConversations conversations;
    private final Map<String, Long> users;
    private final ShardedBatch sharded;
    private final Map<DedupKey, Supplier<Appended>> known = new HashMap<>();
    private final Map<Long, LockedGroup> groups;

    /** Null where no draft changes a message or answers one. */
    private final LockedMessages changes;

    private Draft draft;
    private LockedConversation conversation;
    private LockedGroup group;
    private DedupKey key;

    /** Reads what the drafts are about. */
    AppendFacts(
            Connection connection,
            LockedConversations conversations,
            LockedGroups locked,
            List<Draft> drafts,
            ShardedBatch sharded)
            throws SQLException {
        this.conversations = conversations;
        this.users = sharded.users();
        this.sharded = sharded;
        Set<DedupKey> keys = new LinkedHashSet<>();
        Map<Long, String> names = new HashMap<>();
        Map<Long, Set<String>> concerned = new HashMap<>();
        for (Draft one : drafts) {
            LockedConversation its = conversations.get(one.conversation());
            DedupKey itsKey = keyOf(one, its);
            if (itsKey != null) {
                keys.add(itsKey);
            }
            if (its != null && one.conversation().kind() == Kind.GROUP) {
                names.put(its.id(), one.conversation().id());
                Set<String> uids = concerned.computeIfAbsent(its.id(), id -> new LinkedHashSet<>());
                uids.add(one.sender());
                uids.addAll(named(one.change()));
            }
        }
        List<Long> existing =
                conversations.all().stream().map(LockedConversation::id).toList();
        new MessageLookUp(connection)
                .find(keys, existing, sharded.waiting())
                .forEach((stored, first) -> known.put(stored, () -> first));
        changes =
                LockedMessages.areConcerned(drafts) ? LockedMessages.read(connection, drafts, this::idOf, users) : null;
        groups = locked.read(connection, names);
        for (LockedGroup one : groups.values()) {
            one.prepare(concerned.get(one.id()));
        }
    }

    /** Null where there is none. */
    private Long idOf(Conversation name) {
        LockedConversation its = conversations.get(name);
        return its == null ? null : its.id();
    }

    static Set<String> uidsOf(List<Draft> drafts) {
        Set<String> uids = new LinkedHashSet<>();
        for (Draft draft : drafts) {
            Conversation conversation = draft.conversation();
            uids.add(draft.sender());
            if (conversation.kind() == Kind.DIRECT) {
                uids.add(conversation.low());
                uids.add(conversation.high());
            } else if (conversation.kind() == Kind.SYSTEM) {
                uids.add(conversation.reader());
            } else {
                uids.addAll(named(draft.change()));
            }
        }
        return uids;
    }

    /** @param change null names nobody */
    private static List<String> named(GroupChange change) {
        if (change instanceof GroupChange.Created created) {
            List<String> all = new ArrayList<>(created.members());
            if (created.owner() != null) {
                all.add(created.owner());
            }
            return all;
        } else if (change instanceof GroupChange.MembersAdded added) {
            return added.uids();
        } else if (change instanceof GroupChange.MembersRemoved removed) {
            return removed.uids();
        } else if (change instanceof GroupChange.RoleSet set) {
            return List.of(set.uid());
        } else if (change instanceof GroupChange.OwnerSet set) {
            return List.of(set.uid());
        } else if (change instanceof GroupChange.MemberMuted muted) {
            return List.of(muted.uid());
        }
        return List.of();
    }

    /** The draft that is asked about from now on. */
    void about(Draft one) {
        draft = one;
        conversation = conversations.get(one.conversation());
        group = conversation == null ? null : groups.get(conversation.id());
        key = keyOf(one, conversation);
    }

    /** Null where there can be no such message yet. */
    private DedupKey keyOf(Draft one, LockedConversation its) {
        Long sender = users.get(one.sender());
        return its == null || sender == null ? null : new DedupKey(its.id(), sender, one.clientMessageId());
    }

    /** Null where there is none yet. */
    LockedConversation conversation() {
        return conversation;
    }

    /** Of the draft's conversation. */
    LockedGroup lockedGroup() {
        return group;
    }

    long senderId() {
        return key.senderId();
    }

    Supplier<Appended> firstAnswer() {
        return known.get(key);
    }

    /** Null where no draft changes a message or answers one. */
    LockedMessages changes() {
        return changes;
    }

    /** There is the draft's conversation now. */
    void made(LockedConversation made) {
        conversation = made;
        key = keyOf(draft, made);
    }

    void made(LockedGroup made) {
        group = made;
        groups.put(made.id(), made);
    }

    /** A marker was left for the draft: later ones of its conversation wait behind it. */
    void markerLeft() {
        sharded.waiting().add(conversation.id());
    }

    /** The draft is stored. */
    void stored(Supplier<Appended> answerToRepeats) {
        known.put(key, answerToRepeats);
    }

    @Override
    public boolean isRepeated() {
        return key != null && known.containsKey(key);
    }

    @Override
    public long head() {
        return conversation == null ? 0 : conversation.head();
    }

    @Override
    public long ordinal() {
        return conversation == null ? 0 : conversation.ordinal();
    }

    @Override
    public boolean fanningOut() {
        return conversation != null && sharded.waits(conversation.id());
    }

    @Override
    public GroupInfo group() {
        return group == null ? null : group.info();
    }

    @Override
    public List<Recipient> present() {
        try {
            return new ArrayList<>(group.present());
        } catch (SQLException e) {
            throw new IllegalStateException("members of a group", e);
        }
    }

    @Override
    public Recipient recipient(String uid) {
        return new Recipient(uid, users.get(uid));
    }

    @Override
    public Optional<GroupMember> member(String uid) {
        try {
            return group == null ? Optional.empty() : group.member(uid);
        } catch (SQLException e) {
            throw new IllegalStateException("members of a group", e);
        }
    }

    @Override
    public boolean userExists(String uid) {
        return users.containsKey(uid);
    }

    @Override
    public Target target(long seq) {
        return conversation == null ? null : changes.target(conversation.id(), seq);
    }

    @Override
    public byte[] content(long seq) {
        return changes.content(conversation.id(), seq);
    }

    @Override
    public boolean isRecalled(long seq) {
        return conversation != null && changes.isRecalled(conversation.id(), seq);
    }

    @Override
    public boolean hasReacted(long targetSeq, String emoji, String uid) {
        return conversation != null && changes.hasReacted(conversation.id(), targetSeq, users.get(uid), emoji);
    }

    @Override
    public int pins() {
        try {
            return conversation == null ? 0 : changes.pins(conversation.id());
        } catch (SQLException e) {
            throw new IllegalStateException("pinned messages", e);
        }
    }

    @Override
    public List<Content> copies(long ofSeq, int entriesMax, int bytesMax) {
        try {
            return conversation == null ? List.of() : changes.copies(conversation.id(), ofSeq, entriesMax, bytesMax);
        } catch (SQLException e) {
            throw new IllegalStateException("copies of a message", e);
        }
    }
}
