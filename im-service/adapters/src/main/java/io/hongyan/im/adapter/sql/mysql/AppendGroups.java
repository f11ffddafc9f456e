package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.adapter.sql.mysql.MysqlGroupRows.Recipient;
import io.hongyan.im.core.group.GroupChange;
import io.hongyan.im.core.group.GroupDecision;
import io.hongyan.im.core.group.GroupDecision.Accepted;
import io.hongyan.im.core.group.GroupInfo;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.group.GroupMember;
import io.hongyan.im.core.group.GroupRules;
import io.hongyan.im.core.group.GroupRules.Proposal;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.Conversation.Kind;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.send.Appended.FanOut;
import io.hongyan.im.core.send.Draft;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The groups of one transaction of appending: asks the rules with what is known under the locks, and carries them out. */
final class AppendGroups {
    private final Connection connection;
    private final LockedConversations conversations;
    private final Map<String, Long> users;
    private final GroupLimits limits;
    private final GroupRules rules;
    private final long nowMillis;
    private Map<Long, LockedGroup> groups = Map.of();
    private LockedGroups locked;

    /** @param users all who are named by the drafts and exist */
    AppendGroups(
            Connection connection,
            LockedConversations conversations,
            Map<String, Long> users,
            GroupLimits limits,
            long nowMillis) {
        this.connection = connection;
        this.conversations = conversations;
        this.users = users;
        this.limits = limits;
        this.rules = new GroupRules(limits);
        this.nowMillis = nowMillis;
    }

    /** Where an entry goes, and how. */
    record Reach(List<Recipient> recipients, FanOut fanOut, boolean byMarker, boolean outgrown) {}

    /** Whom a change names. */
    static List<String> named(GroupChange change) {
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

    /**
     * Reads the groups of the drafts, and of them the members that the drafts are about.
     *
     * @param marked conversations that have markers; null = they are looked for
     */
    void read(LockedGroups from, List<Draft> drafts, Set<Long> marked) throws SQLException {
        locked = from;
        Map<Long, String> names = new HashMap<>();
        Map<Long, Set<String>> concerned = new HashMap<>();
        for (Draft draft : drafts) {
            LockedConversation conversation = conversations.get(draft.conversation());
            if (draft.conversation().kind() != Kind.GROUP || conversation == null) {
                continue;
            }
            names.put(conversation.id(), draft.conversation().id());
            Set<String> uids = concerned.computeIfAbsent(conversation.id(), id -> new LinkedHashSet<>());
            uids.add(draft.sender());
            if (draft.change() != null) {
                uids.addAll(named(draft.change()));
            }
        }
        groups = from.read(connection, names, marked);
        for (LockedGroup group : groups.values()) {
            group.prepare(concerned.get(group.id()));
        }
    }

    /** Null where there is no such group. */
    LockedGroup get(Conversation conversation) {
        LockedConversation known = conversations.get(conversation);
        return known == null ? null : groups.get(known.id());
    }

    /** Why a message may not be written, null where it may. */
    Refusal maySend(LockedGroup group, Draft draft) throws SQLException {
        if (group == null) {
            return Refusal.UNKNOWN_CONVERSATION;
        }
        if (!users.containsKey(draft.sender())) {
            return Refusal.NOT_A_MEMBER;
        }
        GroupMember member = group.member(draft.sender()).orElse(null);
        return GroupRules.maySend(group.info(), draft.sender(), member, nowMillis)
                .orElse(null);
    }

    /** @param group null where there is none yet */
    GroupDecision decide(LockedGroup group, Draft draft) {
        LockedConversation conversation = conversations.get(draft.conversation());
        long seq = conversation == null ? 1 : conversation.next();
        return rules.decide(
                group == null ? null : group.info(),
                new Proposal(draft.conversation().id(), draft.sender(), draft.change(), seq, nowMillis),
                new Facts(group));
    }

    /** Writes what the next entry of the group changes, or makes the group. */
    void carryOut(Conversation name, Accepted change) throws SQLException {
        LockedGroup group = get(name);
        if (group == null) {
            LockedConversation made =
                    conversations.get(name) == null ? conversations.make(name) : conversations.get(name);
            group = locked.make(connection, made.id(), change.after());
            groups.put(made.id(), group);
        }
        group.carryOut(change, conversations.get(name), users);
    }

    /** Whom the next entry goes to, its sender first; notes that a marker is left for it. */
    Reach reach(Draft draft, Accepted change) throws SQLException {
        LockedGroup group = get(draft.conversation());
        GroupInfo info = group.info();
        boolean everyInbox = GroupRules.forEveryInbox(
                info, conversations.get(draft.conversation()).next());
        int count = inboxes(info, change, everyInbox);
        boolean inline = count <= limits.fanOutInlineMax() && !group.fanningOut();
        boolean byMarker = !inline && count > 0;
        if (byMarker) {
            group.fanningOut(true);
        }
        List<Recipient> recipients =
                inline && count > 0 ? recipients(draft.sender(), group, change, everyInbox) : List.of();
        boolean outgrown = info.memberCount() > limits.largeAbove() && !info.large() && !info.dissolved();
        FanOut fanOut = inline ? FanOut.INLINE : FanOut.BY_MARKER;
        return new Reach(recipients, everyInbox ? fanOut : FanOut.BY_STREAM, byMarker, outgrown);
    }

    private static int inboxes(GroupInfo info, Accepted change, boolean everyInbox) {
        int leaving = change == null ? 0 : change.leaving().size();
        int joining = change == null ? 0 : change.joining().size();
        return everyInbox ? info.memberCount() + leaving : joining + leaving;
    }

    private List<Recipient> recipients(String sender, LockedGroup group, Accepted change, boolean everyInbox)
            throws SQLException {
        List<Recipient> recipients = new ArrayList<>();
        if (everyInbox) {
            recipients.addAll(group.present());
        } else {
            change.joining().forEach(member -> recipients.add(recipient(member.uid())));
        }
        if (change != null) {
            change.leaving().forEach(uid -> recipients.add(recipient(uid)));
        }
        for (int i = 1; i < recipients.size(); i++) {
            if (recipients.get(i).uid().equals(sender)) {
                recipients.add(0, recipients.remove(i));
            }
        }
        return recipients;
    }

    private Recipient recipient(String uid) {
        return new Recipient(uid, users.get(uid));
    }

    /** What the rules ask of the storage. */
    private final class Facts implements GroupRules.Facts {
        private final LockedGroup group;

        /** @param group null where it is being made */
        Facts(LockedGroup group) {
            this.group = group;
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
    }
}
