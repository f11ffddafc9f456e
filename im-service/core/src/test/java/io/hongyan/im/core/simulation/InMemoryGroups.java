package io.hongyan.im.core.simulation;

import io.hongyan.im.core.group.GroupDecision.Accepted;
import io.hongyan.im.core.group.GroupInfo;
import io.hongyan.im.core.group.GroupMember;
import io.hongyan.im.core.group.Groups;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.FanOutRules;
import io.hongyan.im.core.send.FanOutRules.Members;
import io.hongyan.im.core.send.FanOutRules.Page;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The groups of an {@link InMemoryStorage}: all memberships there ever were. */
final class InMemoryGroups implements Groups {
    private static final long LASTS = Long.MAX_VALUE;

    private final InMemoryStorage storage;
    private final TreeMap<String, Group> groups = new TreeMap<>();
    private int lateBy;

    private record Row(GroupMember member, long leftSeq) {
        boolean lasts() {
            return leftSeq == LASTS;
        }

        boolean covers(long seq) {
            return member.joinedSeq() <= seq && seq <= leftSeq;
        }
    }

    private static final class Group {
        private GroupInfo info;
        /** By uid, the newest last. */
        private final TreeMap<String, List<Row>> rows = new TreeMap<>();
        /** With which each newest membership began. */
        private final Map<String, Long> joinedOrdinals = new HashMap<>();
    }

    InMemoryGroups(InMemoryStorage storage) {
        this.storage = storage;
    }

    /** Breaks the storage: who comes or goes does so two entries later than the log says. */
    void membersComeLate() {
        lateBy = 2;
    }

    /** Carries out what an entry changes. The caller holds the lock. */
    void carryOut(Accepted accepted, StoredMessage entry) {
        Group group = groups.computeIfAbsent(entry.conversation().id(), name -> new Group());
        group.info = accepted.after();
        for (String uid : accepted.leaving()) {
            List<Row> rows = group.rows.get(uid);
            rows.set(rows.size() - 1, new Row(rows.get(rows.size() - 1).member, entry.seq()));
        }
        for (GroupMember edited : accepted.edited()) {
            List<Row> rows = group.rows.get(edited.uid());
            rows.set(rows.size() - 1, new Row(edited, LASTS));
        }
        for (GroupMember joining : accepted.joining()) {
            group.rows.computeIfAbsent(joining.uid(), name -> new ArrayList<>()).add(new Row(joining, LASTS));
            group.joinedOrdinals.put(joining.uid(), entry.ordinal());
        }
    }

    /** Who is in the group when entry {@code seq} comes, by rising uid. The caller holds the lock. */
    List<String> present(String id, long seq) {
        long when = seq - lateBy;
        return users(groups.get(id), row -> row.member.joinedSeq() < when && when <= row.leftSeq);
    }

    /** In whose inboxes entry {@code seq} comes next. The caller holds the lock. */
    Page<String> next(String id, long seq, String progress, int recipientsMax) {
        Group group = groups.get(id);
        long head = storage.log(Conversation.group(id)).size();
        return FanOutRules.next(group.info, seq, progress, recipientsMax, new Members<String, RuntimeException>() {
            @Override
            public String uid(String user) {
                return user;
            }

            @Override
            public List<String> present() {
                return InMemoryGroups.this.present(id, head + 1);
            }

            @Override
            public List<String> at(long entry, String aboveUid, int limit) {
                return above(aboveUid, limit, users(group, row -> row.covers(entry - lateBy)));
            }

            @Override
            public List<String> changed(long entry, String aboveUid, int limit) {
                return above(
                        aboveUid, limit, users(group, row -> row.member.joinedSeq() == entry || row.leftSeq == entry));
            }
        });
    }

    private static List<String> above(String uid, int limit, List<String> uids) {
        return uids.stream().filter(one -> one.compareTo(uid) > 0).limit(limit).toList();
    }

    /** Who may read entry {@code seq}, by rising uid. The caller holds the lock. */
    List<String> readers(String id, long seq) {
        Group group = groups.get(id);
        return group == null ? List.of() : users(group, row -> row.covers(seq));
    }

    private static List<String> users(Group group, Predicate<Row> which) {
        return group.rows.entrySet().stream()
                .filter(entry -> entry.getValue().stream().anyMatch(which))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The caller holds the lock. */
    boolean everMember(String id, String uid) {
        Group group = groups.get(id);
        return group != null && group.rows.containsKey(uid);
    }

    /** With which the newest membership of somebody who was ever a member began. The caller holds the lock. */
    long joinedOrdinal(String id, String uid) {
        return groups.get(id).joinedOrdinals.get(uid);
    }

    boolean isLarge(Conversation conversation) {
        Group group = groups.get(conversation.id());
        return group != null && group.info.large();
    }

    @Override
    public Optional<GroupInfo> find(String group) {
        synchronized (storage) {
            return Optional.ofNullable(groups.get(group)).map(found -> found.info);
        }
    }

    @Override
    public Optional<GroupMember> member(String group, String uid) {
        synchronized (storage) {
            return Optional.ofNullable(groups.get(group)).flatMap(found -> present(found, uid));
        }
    }

    @Override
    public List<GroupMember> members(String group, String afterUid, int limit) {
        synchronized (storage) {
            Group found = groups.get(group);
            return found == null
                    ? List.of()
                    : found.rows.tailMap(afterUid, false).keySet().stream()
                            .flatMap(uid -> present(found, uid).stream())
                            .limit(limit)
                            .toList();
        }
    }

    @Override
    public List<Membership> groupsOf(String uid, String afterGroup, boolean largeOnly, int limit) {
        synchronized (storage) {
            return groups.tailMap(afterGroup, false).values().stream()
                    .filter(group -> !largeOnly || group.info.large())
                    .flatMap(group -> present(group, uid).stream().map(member -> new Membership(group.info, member)))
                    .limit(limit)
                    .toList();
        }
    }

    @Override
    public List<MembershipInterval> membershipIntervals(String group, String uid, int limit) {
        synchronized (storage) {
            List<Row> rows = everMember(group, uid) ? groups.get(group).rows.get(uid) : List.of();
            return rows.subList(Math.max(0, rows.size() - limit), rows.size()).stream()
                    .map(row -> new MembershipInterval(row.member.joinedSeq(), row.leftSeq))
                    .toList();
        }
    }

    @Override
    public boolean mayRead(String group, String uid, long seq) {
        synchronized (storage) {
            return everMember(group, uid)
                    && groups.get(group).rows.get(uid).stream().anyMatch(row -> row.covers(seq))
                    && seq <= storage.log(Conversation.group(group)).size();
        }
    }

    private static Optional<GroupMember> present(Group group, String uid) {
        List<Row> rows = group.rows.get(uid);
        return rows == null || !rows.get(rows.size() - 1).lasts()
                ? Optional.empty()
                : Optional.of(rows.get(rows.size() - 1).member);
    }
}
