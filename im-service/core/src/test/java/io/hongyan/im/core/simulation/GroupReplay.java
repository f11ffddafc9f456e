package io.hongyan.im.core.simulation;

import io.hongyan.im.core.group.GroupChange;
import io.hongyan.im.core.group.GroupRole;
import io.hongyan.im.core.group.Groups.MembershipInterval;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.message.SystemUser;
import io.hongyan.im.core.send.MessageChange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A group as its log alone tells it: who was in it at which number, and who might write. It has rules of its own, so that
 * it can judge those of the service.
 */
final class GroupReplay {
    private static final long LASTS = Long.MAX_VALUE;

    private final ChangeContents contents;
    private final List<StoredMessage> log = new ArrayList<>();
    /** By the number of entries so far. */
    private final List<State> states = new ArrayList<>(List.of(State.NOTHING));
    /** Rising, by uid. */
    private final Map<String, List<MembershipInterval>> membershipIntervals = new LinkedHashMap<>();

    private final List<String> disorders = new ArrayList<>();
    private long largeSeq;

    /** What holds after a number of entries. */
    private record State(
            Map<String, GroupRole> members,
            Map<String, Long> mutedUntil,
            boolean exists,
            boolean open,
            boolean allMuted,
            boolean dissolved) {
        static final State NOTHING = new State(Map.of(), Map.of(), false, false, false, false);

        /** Whoever leaves is not muted any more on coming back; with the last one the group is gone. */
        State with(Map<String, GroupRole> otherMembers) {
            Map<String, Long> muted = new LinkedHashMap<>(mutedUntil);
            muted.keySet().retainAll(otherMembers.keySet());
            return new State(otherMembers, muted, true, open, allMuted, dissolved || otherMembers.isEmpty());
        }

        State with(boolean nowOpen, boolean nowMuted, boolean nowDissolved) {
            return new State(members, mutedUntil, exists, nowOpen, nowMuted, nowDissolved);
        }

        State withMute(String uid, long untilMillis) {
            Map<String, Long> changed = new LinkedHashMap<>(mutedUntil);
            changed.put(uid, untilMillis);
            return new State(members, changed, exists, open, allMuted, dissolved);
        }

        Optional<Refusal> refusal(String sender, long nowMillis) {
            if (!exists) {
                return Optional.of(Refusal.UNKNOWN_CONVERSATION);
            }
            if (dissolved) {
                return Optional.of(Refusal.DISSOLVED);
            }
            if (!members.containsKey(sender)) {
                return Optional.of(Refusal.NOT_A_MEMBER);
            }
            boolean muted = mutedUntil.getOrDefault(sender, 0L) > nowMillis
                    || allMuted && members.get(sender) == GroupRole.MEMBER;
            return muted ? Optional.of(Refusal.MUTED) : Optional.empty();
        }
    }

    GroupReplay(ChangeContents contents) {
        this.contents = contents;
    }

    /** Goes on to the end of the log. */
    GroupReplay upTo(List<StoredMessage> whole) {
        for (StoredMessage entry : whole.subList(log.size(), whole.size())) {
            log.add(entry);
            GroupChange change = contents.changeIn(entry);
            if (change == null) {
                head().refusal(entry.sender(), entry.sentAtMillis())
                        .filter(refusal -> !mayAllTheSame(entry, refusal))
                        .ifPresent(refusal ->
                                disorders.add(RunHistory.inWords(entry) + " is stored in spite of " + refusal));
                states.add(head());
            } else {
                states.add(changed(entry, change));
            }
        }
        // What is recalled or edited has another content since.
        log.clear();
        log.addAll(whole);
        return this;
    }

    /** The muted recall and pin, and the server tells counts. */
    private static boolean mayAllTheSame(StoredMessage entry, Refusal refusal) {
        MessageChange change = new PlainContents().changeIn(entry.content());
        boolean says = change instanceof MessageChange.Edited || change instanceof MessageChange.Reacted;
        return change != null
                && (refusal == Refusal.MUTED && !says || change instanceof MessageChange.ReactionsCounted);
    }

    /** Whether the one who wrote this entry then might see an earlier one. */
    boolean seesAt(String uid, long earlier, long seq) {
        MembershipInterval interval = intervalAt(uid, seq);
        return interval != null
                && interval.fromSeq() <= earlier
                && states.get((int) seq - 1).members.containsKey(uid);
    }

    boolean organisesAt(String uid, long seq) {
        GroupRole role = states.get((int) seq - 1).members.get(uid);
        return role == GroupRole.ADMIN || role == GroupRole.OWNER;
    }

    private State head() {
        return states.get(states.size() - 1);
    }

    private State changed(StoredMessage entry, GroupChange change) {
        State before = head();
        String actor = entry.sender();
        boolean creates = change instanceof GroupChange.Created;
        boolean comesIn = change instanceof GroupChange.Joined && before.open;
        boolean inside = actor.equals(SystemUser.UID) || before.members.containsKey(actor);
        if (creates == before.exists
                || (before.dissolved && !(change instanceof GroupChange.Left))
                || !creates && !comesIn && !inside) {
            disorders.add(RunHistory.inWords(entry) + " is stored though nobody may do that: " + change);
        }
        if (change instanceof GroupChange.Created created) {
            List<String> everybody = new ArrayList<>(created.members());
            everybody.add(created.owner());
            Map<String, GroupRole> members = joined(before, entry.seq(), everybody);
            members.put(created.owner(), GroupRole.OWNER);
            return new State(members, Map.of(), true, created.open(), false, false);
        } else if (change instanceof GroupChange.MembersAdded added) {
            return before.with(joined(before, entry.seq(), added.uids()));
        } else if (change instanceof GroupChange.Joined) {
            return before.with(joined(before, entry.seq(), List.of(actor)));
        } else if (change instanceof GroupChange.MembersRemoved removed) {
            return before.with(left(before, entry.seq(), removed.uids()));
        } else if (change instanceof GroupChange.Left) {
            return before.with(left(before, entry.seq(), List.of(actor)));
        } else if (change instanceof GroupChange.BecameLarge) {
            largeSeq = entry.seq();
            return before;
        }
        return withOtherRights(before, change);
    }

    private static State withOtherRights(State before, GroupChange change) {
        Map<String, GroupRole> members = new LinkedHashMap<>(before.members);
        if (change instanceof GroupChange.RoleSet set) {
            members.put(set.uid(), set.role());
            return before.with(members);
        } else if (change instanceof GroupChange.OwnerSet set) {
            members.replaceAll((uid, role) -> role == GroupRole.OWNER ? GroupRole.ADMIN : role);
            members.put(set.uid(), GroupRole.OWNER);
            return before.with(members).withMute(set.uid(), 0);
        } else if (change instanceof GroupChange.MemberMuted muted) {
            return before.withMute(muted.uid(), muted.untilMillis());
        } else if (change instanceof GroupChange.AllMuted muted) {
            return before.with(before.open, muted.muted(), false);
        } else if (change instanceof GroupChange.ProfileSet set) {
            return before.with(set.open() == null ? before.open : set.open(), before.allMuted, false);
        }
        return before.with(before.open, before.allMuted, change instanceof GroupChange.Dissolved);
    }

    /** Those who are in it already stay as they are. */
    private Map<String, GroupRole> joined(State before, long seq, List<String> uids) {
        Map<String, GroupRole> members = new LinkedHashMap<>(before.members);
        for (String uid : uids) {
            if (members.putIfAbsent(uid, GroupRole.MEMBER) == null) {
                membershipIntervals
                        .computeIfAbsent(uid, name -> new ArrayList<>())
                        .add(new MembershipInterval(seq, LASTS));
            }
        }
        return members;
    }

    private Map<String, GroupRole> left(State before, long seq, List<String> uids) {
        Map<String, GroupRole> members = new LinkedHashMap<>(before.members);
        for (String uid : uids) {
            if (members.remove(uid) != null) {
                List<MembershipInterval> all = membershipIntervals.get(uid);
                all.add(new MembershipInterval(all.remove(all.size() - 1).fromSeq(), seq));
            }
        }
        return members;
    }

    /** What is in the log and must not be. */
    List<String> disorders() {
        return disorders;
    }

    List<StoredMessage> log() {
        return log;
    }

    /** Whoever was ever in it. */
    Set<String> everybody() {
        return new TreeSet<>(membershipIntervals.keySet());
    }

    /** Number of the entry with which it became large, 0 while it is not. */
    long largeSeq() {
        return largeSeq;
    }

    boolean isMember(String uid) {
        return head().members.containsKey(uid);
    }

    boolean isDissolved() {
        return head().dissolved;
    }

    /** The membership at this number, null where there is none. */
    MembershipInterval intervalAt(String uid, long seq) {
        for (MembershipInterval interval : membershipIntervals.getOrDefault(uid, List.of())) {
            if (interval.fromSeq() <= seq && seq <= interval.toSeq()) {
                return interval;
            }
        }
        return null;
    }

    boolean readable(String uid, long seq) {
        return intervalAt(uid, seq) != null;
    }

    List<StoredMessage> readableBy(String uid) {
        return log.stream().filter(entry -> readable(uid, entry.seq())).toList();
    }

    /** What comes by the stream of the large group. */
    boolean inStream(String uid, long seq) {
        return largeSeq > 0 && seq > largeSeq && readable(uid, seq);
    }

    /** What the user's inbox holds of this group, in order. */
    List<StoredMessage> inInboxOf(String uid) {
        return log.stream().filter(entry -> inInbox(uid, entry.seq())).toList();
    }

    private boolean inInbox(String uid, long seq) {
        MembershipInterval interval = intervalAt(uid, seq);
        return interval != null
                && (largeSeq == 0 || seq <= largeSeq || interval.fromSeq() == seq || interval.toSeq() == seq);
    }

    /**
     * Whether a message might be refused like that.
     *
     * @param fromHead entries there were at least
     * @param toHead entries there were at most
     * @param atMillis not before
     */
    boolean mayRefuse(String sender, Refusal refusal, long fromHead, long toHead, long atMillis) {
        for (long head = fromHead; head <= Math.min(toHead, log.size()); head++) {
            Optional<Refusal> found = states.get((int) head).refusal(sender, atMillis);
            if (found.isPresent() && found.get() == refusal) {
                return true;
            }
        }
        return false;
    }

    /** The same, for whatever reason. */
    boolean mayRefuse(String sender, long fromHead, long toHead) {
        for (Refusal refusal : Refusal.values()) {
            if (mayRefuse(sender, refusal, fromHead, toHead, 0)) {
                return true;
            }
        }
        return false;
    }
}
