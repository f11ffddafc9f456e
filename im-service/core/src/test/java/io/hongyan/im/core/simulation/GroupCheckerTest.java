package io.hongyan.im.core.simulation;

import io.hongyan.im.core.Storage;
import io.hongyan.im.core.group.GroupInfo;
import io.hongyan.im.core.group.GroupMember;
import io.hongyan.im.core.group.Groups;
import io.hongyan.im.core.inbox.GroupCursors;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.Conversation.Kind;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.send.FanOutLog;
import io.hongyan.im.core.send.MessageLog;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** As {@link CheckerTest}: each of these breaks a promise of groups on purpose and must be found out. */
@Timeout(120)
class GroupCheckerTest {
    @Test
    void writingTheRowsOfAFinishedMarkerAgainIsNoticed() {
        CheckerTest.mustBreak(
                "P4",
                storage -> Breakage.ofStorage(
                        ports -> ports.with(FanOutLog.class, new Refanout(ports.fanOut(), storage))));
    }

    @Test
    void startingAFanOutAnewUnderAnotherWorkerIsNoticed() {
        CheckerTest.mustBreak("P4", storage -> {
            storage.fanOut().forgetProgressOfOthers();
            return Breakage.NONE;
        });
    }

    @Test
    void membershipThatTakesEffectTwoEntriesLateIsNoticed() {
        CheckerTest.mustBreak("P4", storage -> {
            storage.groups().membersComeLate();
            return Breakage.NONE;
        });
    }

    @Test
    void streamThatBeginsAfterTheRightEntryIsNoticed() {
        CheckerTest.mustBreak(
                "P4",
                storage -> Breakage.ofStorage(withCursorsFound(cursors -> {
                    Map<String, Long> ahead = new HashMap<>(cursors);
                    ahead.replaceAll((group, seq) -> seq + 1);
                    return ahead;
                })));
    }

    @Test
    void forgettingTheCursorsOfGroupsIsNoticed() {
        CheckerTest.mustBreak("P4", storage -> Breakage.ofStorage(withCursorsFound(cursors -> Map.of())));
    }

    @Test
    void membershipThatDoesNotEndIsNoticed() {
        CheckerTest.mustBreak(
                "P4", storage -> Breakage.ofStorage(ports -> ports.with(Groups.class, new Endless(ports.groups()))));
    }

    @Test
    void refusingMembersIsNoticed() {
        CheckerTest.mustBreak(
                "P1", storage -> Breakage.ofStorage(ports -> ports.with(MessageLog.class, new Unkind(ports.log()))));
    }

    private static UnaryOperator<Storage> withCursorsFound(UnaryOperator<Map<String, Long>> finding) {
        return ports -> ports.with(GroupCursors.class, new GroupCursors() {
            @Override
            public Map<String, Long> find(DeviceKey device) {
                return finding.apply(ports.groupCursors().find(device));
            }

            @Override
            public void move(Collection<GroupCursorMove> moves) {
                ports.groupCursors().move(moves);
            }

            @Override
            public void forget(DeviceKey device, Collection<String> groups) {
                ports.groupCursors().forget(device, groups);
            }
        });
    }

    /** A marker that is done is there again, once. */
    private static final class Refanout implements FanOutLog {
        private final FanOutLog inner;
        private final InMemoryStorage storage;
        private final Set<Marker> again = new HashSet<>();

        Refanout(FanOutLog inner, InMemoryStorage storage) {
            this.inner = inner;
            this.storage = storage;
        }

        @Override
        public List<Marker> open(String worker, int markersMax, long nowMillis) {
            return inner.open(worker, markersMax, nowMillis);
        }

        @Override
        public boolean isOpen(Conversation conversation, long seq) {
            return inner.isOpen(conversation, seq);
        }

        @Override
        public Step advance(List<Marker> markers, String worker, int recipientsMax, long nowMillis, long leaseMillis) {
            Step step = inner.advance(markers, worker, recipientsMax, nowMillis, leaseMillis);
            for (Written written : step.written()) {
                Marker marker = new Marker(
                        written.message().conversation(), written.message().seq());
                if (written.done() && again.add(marker)) {
                    storage.fanOut().leave(marker.conversation(), marker.seq());
                }
            }
            return step;
        }
    }

    /** Whoever has left may read on. */
    private static final class Endless implements Groups {
        private final Groups inner;

        Endless(Groups inner) {
            this.inner = inner;
        }

        @Override
        public Optional<GroupInfo> find(String group) {
            return inner.find(group);
        }

        @Override
        public Optional<GroupMember> member(String group, String uid) {
            return inner.member(group, uid);
        }

        @Override
        public List<GroupMember> members(String group, String afterUid, int limit) {
            return inner.members(group, afterUid, limit);
        }

        @Override
        public List<Membership> groupsOf(String uid, String afterGroup, boolean largeOnly, int limit) {
            return inner.groupsOf(uid, afterGroup, largeOnly, limit);
        }

        @Override
        public List<MembershipInterval> membershipIntervals(String group, String uid, int limit) {
            return inner.membershipIntervals(group, uid, limit).stream()
                    .map(interval -> new MembershipInterval(interval.fromSeq(), Long.MAX_VALUE))
                    .toList();
        }

        @Override
        public boolean mayRead(String group, String uid, long seq) {
            return inner.mayRead(group, uid, seq);
        }
    }

    /** Refuses every fifth message to a group without a reason. */
    private static final class Unkind implements MessageLog {
        private final MessageLog inner;
        private int messages;

        Unkind(MessageLog inner) {
            this.inner = inner;
        }

        @Override
        public List<Appended> append(List<Draft> batch, long nowMillis) {
            List<Appended> results = new ArrayList<>();
            for (Draft draft : batch) {
                boolean toGroup = draft.conversation().kind() == Kind.GROUP && draft.change() == null;
                results.add(
                        toGroup && ++messages % 5 == 0
                                ? new Appended.Refused(Refusal.NOT_A_MEMBER)
                                : inner.append(List.of(draft), nowMillis).get(0));
            }
            return results;
        }
    }
}
