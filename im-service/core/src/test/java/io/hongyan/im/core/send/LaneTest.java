package io.hongyan.im.core.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.cluster.OtherNodes;
import io.hongyan.im.core.cluster.ProcessStall;
import io.hongyan.im.core.group.GroupChange;
import io.hongyan.im.core.group.Groups;
import io.hongyan.im.core.inbox.CloseReason;
import io.hongyan.im.core.inbox.CursorBook;
import io.hongyan.im.core.inbox.Delivery;
import io.hongyan.im.core.inbox.DeliveryCounters;
import io.hongyan.im.core.inbox.DeliveryLimits;
import io.hongyan.im.core.inbox.DeliveryListener;
import io.hongyan.im.core.inbox.Downlink;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.EntryStream;
import io.hongyan.im.core.inbox.HeldPushes;
import io.hongyan.im.core.inbox.InboxListener;
import io.hongyan.im.core.inbox.Notice;
import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.SendOutcome;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.message.SystemUser;
import io.hongyan.im.core.send.Appended.FanOut;
import io.hongyan.im.core.send.Appended.InboxPosition;
import io.hongyan.im.core.simulation.InMemoryStorage;
import io.hongyan.im.core.work.FairQueue;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class LaneTest {
    private static final Conversation CONVERSATION = Conversation.direct("alice", "bob");
    private static final Conversation GROUP = Conversation.group("g");

    private final ScriptedLog log = new ScriptedLog();
    private final SendCounters counters = new SendCounters();
    private final List<Long> pauses = new ArrayList<>();
    private int fanOutsWoken;
    private long nanos;
    private final ProcessStall processStall = new ProcessStall(() -> nanos, 3_000);
    private final SendOrigin origin = SendOrigin.of(new ConnectionKey("g", 1), processStall.epoch());
    private final SendOrigin other = SendOrigin.of(new ConnectionKey("g", 2), processStall.epoch());

    @Test
    void whatWaitsIsStoredInOneTransactionInOrder() throws InterruptedException {
        Lane lane = lane(LaneLimits.DEFAULT);
        var first = submit(lane, "a", origin);
        var second = submit(lane, "b", other);
        var third = submit(lane, "c", origin);
        assertThat(lane.runOnce(0)).isTrue();
        assertThat(log.batches).containsExactly(List.of("a", "b", "c"));
        assertThat(first).isCompletedWithValue(new SendOutcome.Stored(1, 1, 5, 1));
        assertThat(second).isCompletedWithValue(new SendOutcome.Stored(2, 2, 5, 2));
        assertThat(third).isCompletedWithValue(new SendOutcome.Stored(3, 3, 5, 3));
    }

    @Test
    void nothingWaitingStoresNothing() throws InterruptedException {
        assertThat(lane(LaneLimits.DEFAULT).runOnce(0)).isFalse();
        assertThat(log.batches).isEmpty();
    }

    @Test
    void aBatchEndsAtItsRowLimit() throws InterruptedException {
        Lane lane = lane(new LaneLimits(100, 1_000, 4, 1_000, 3, 10));
        List.of("a", "b", "c", "d", "e").forEach(id -> submit(lane, id, origin));
        drain(lane);
        assertThat(log.batches).containsExactly(List.of("a", "b"), List.of("c", "d"), List.of("e"));
    }

    @Test
    void aBatchEndsAtItsByteLimitAndLosesNothing() throws InterruptedException {
        Lane lane = lane(new LaneLimits(100, 1_000, 100, 25, 3, 10));
        for (String id : List.of("a", "b", "c", "d", "e")) {
            lane.submit(new Draft(Conversation.direct(id, "zoe"), id, "ios:x", id, new byte[10]), origin);
        }
        drain(lane);
        assertThat(log.batches).containsExactly(List.of("a", "b"), List.of("c", "d"), List.of("e"));
    }

    @Test
    void aFailedBatchIsTriedAgainWholeBeforeAnythingLater() throws InterruptedException {
        Lane lane = lane(LaneLimits.DEFAULT);
        var first = submit(lane, "a", origin);
        log.failures.add(() -> submit(lane, "b", origin));
        lane.runOnce(0);
        lane.runOnce(0);
        assertThat(log.batches).containsExactly(List.of("a"), List.of("a"), List.of("b"));
        assertThat(first).isCompleted();
        assertThat(pauses).containsExactly(LaneLimits.DEFAULT.retryPauseMillis());
    }

    @Test
    void afterTheLastAttemptNothingLaterOfTheConnectionIsStored() throws InterruptedException {
        Lane lane = lane(new LaneLimits(100, 1_000, 2, 1_000, 2, 10));
        var first = submit(lane, "a", origin);
        var second = submit(lane, "b", origin);
        var unharmed = submit(lane, "c", other);
        log.failures.add(() -> {});
        log.failures.add(() -> {});
        drain(lane);
        var late = submit(lane, "d", origin);
        drain(lane);
        assertThat(log.batches).containsExactly(List.of("a"), List.of("a"), List.of("c"));
        assertThat(first).isCompletedExceptionally();
        assertThat(second).isCompletedExceptionally();
        assertThat(late).isCompletedExceptionally();
        assertThat(unharmed).isCompleted();
        assertThat(counters.value(SendCounter.SENDS_FAILED)).isEqualTo(3);
    }

    @Test
    void draftThatCannotBeStoredIsRefusedAndNobodyElseSuffers() throws InterruptedException {
        Lane lane = lane(LaneLimits.DEFAULT);
        var first = submit(lane, "a", origin);
        var guilty = submit(lane, "mistake", origin);
        var behind = submit(lane, "b", origin);
        var unharmed = submit(lane, "c", other);
        drain(lane);
        assertThat(log.batches)
                .containsExactly(
                        List.of("a", "mistake", "b", "c"),
                        List.of("a", "mistake"),
                        List.of("a"),
                        List.of("mistake"),
                        List.of("mistake"),
                        List.of("b", "c"));
        assertThat(first).isCompletedWithValue(new SendOutcome.Stored(1, 1, 5, 1));
        assertThat(guilty).isCompletedWithValue(new SendOutcome.Refused(Refusal.INTERNAL_ERROR));
        assertThat(behind).isCompletedWithValue(new SendOutcome.Stored(2, 2, 5, 2));
        assertThat(unharmed).isCompletedWithValue(new SendOutcome.Stored(3, 3, 5, 3));
        assertThat(pauses).isEmpty();
        assertThat(counters.value(SendCounter.SENDS_UNSTORABLE)).isEqualTo(1);
        assertThat(counters.value(SendCounter.APPENDS_HALVED)).isEqualTo(2);
        assertThat(counters.value(SendCounter.SENDS_FAILED)).isZero();
        assertThat(submit(lane, "later", origin)).isNotDone();
        drain(lane);
        assertThat(log.batches).endsWith(List.of("later"));
    }

    @Test
    void severalOfOneBatchThatCannotBeStoredAreRefusedEach() throws InterruptedException {
        Lane lane = lane(LaneLimits.DEFAULT);
        List<CompletableFuture<SendOutcome>> good = new ArrayList<>();
        List<CompletableFuture<SendOutcome>> bad = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            (i % 13 == 5 ? bad : good).add(submit(lane, i % 13 == 5 ? "mistake" : "m" + i, origin));
        }
        drain(lane);
        assertThat(bad)
                .hasSize(3)
                .allSatisfy(answer ->
                        assertThat(answer).isCompletedWithValue(new SendOutcome.Refused(Refusal.INTERNAL_ERROR)));
        for (int i = 0; i < good.size(); i++) {
            assertThat(good.get(i)).isCompletedWithValue(new SendOutcome.Stored(i + 1, i + 1, 5, i + 1));
        }
    }

    @Test
    void storageThatFailsBetweenHalvesEndsTheConnectionsOfTheRest() throws InterruptedException {
        Lane lane = lane(new LaneLimits(100, 1_000, 100, 1_000, 1, 10));
        var first = submit(lane, "a", origin);
        var guilty = submit(lane, "mistake", other);
        var behind = submit(lane, "b", origin);
        var unharmed = submit(lane, "c", other);
        log.failuresAfter(1, () -> {});
        drain(lane);
        assertThat(first).isCompletedExceptionally();
        assertThat(guilty).isCompletedExceptionally();
        assertThat(behind).as("nothing later of that connection is numbered").isCompletedExceptionally();
        assertThat(unharmed).isCompletedExceptionally();
        assertThat(log.batches).containsExactly(List.of("a", "mistake", "b", "c"), List.of("a", "mistake"));
    }

    @Test
    void whereADraftDoesNotFitNothingLaterOfThatConnectionIsTaken() throws InterruptedException {
        Lane lane = lane(new LaneLimits(3, 1_000, 100, 1_000, 2, 10));
        var unharmed = submit(lane, "a", other);
        var earlier = submit(lane, "b", origin);
        assertThat(submit(lane, "c", origin)).isCompletedExceptionally();
        drain(lane);
        assertThat(submit(lane, "d", origin))
                .as("there is room, but c is to come first")
                .isCompletedExceptionally();
        drain(lane);
        assertThat(unharmed).isCompleted();
        assertThat(earlier).isCompleted();
        assertThat(log.batches).containsExactly(List.of("a", "b"));
    }

    @Test
    void refusalsAndRepeatsAreAnsweredAsSuch() throws InterruptedException {
        Lane lane = lane(LaneLimits.DEFAULT);
        var repeated = submit(lane, "repeat", origin);
        var refused = submit(lane, "refuse", origin);
        lane.runOnce(0);
        assertThat(repeated).isCompletedWithValue(new SendOutcome.Stored(7, 6, 8, 9));
        assertThat(refused).isCompletedWithValue(new SendOutcome.Refused(Refusal.UNKNOWN_CONVERSATION));
    }

    @Test
    void groupsCountWithTheMostRowsUntilTheirSizeIsKnown() throws InterruptedException {
        Lane lane = lane(new LaneLimits(100, 1_000, 8, 1_000, 3, 10));
        List.of("a", "b", "c", "d", "e", "f", "g").forEach(id -> submitToGroup(lane, id));
        drain(lane);
        assertThat(log.batches).containsExactly(List.of("a", "b"), List.of("c", "d", "e", "f"), List.of("g"));
    }

    @Test
    void entryByMarkerHasNoInboxNumberAndWakesTheFanOut() throws InterruptedException {
        Lane lane = lane(LaneLimits.DEFAULT);
        var answer = submitToGroup(lane, "marker");
        lane.runOnce(0);
        assertThat(answer).isCompletedWithValue(new SendOutcome.Stored(1, 1, 5, 0));
        assertThat(fanOutsWoken).isEqualTo(1);
        assertThat(counters.value(SendCounter.GROUP_ENTRIES_BY_MARKER)).isEqualTo(1);
    }

    @Test
    void groupThatHasOutgrownIsMadeLarge() throws InterruptedException {
        Lane lane = lane(LaneLimits.DEFAULT);
        var answer = submitToGroup(lane, "outgrown");
        lane.runOnce(0);
        assertThat(answer).isCompleted();
        lane.runOnce(0);
        assertThat(log.batches).containsExactly(List.of("outgrown"), List.of("became-large"));
        assertThat(log.drafts.get(1))
                .usingRecursiveComparison()
                .isEqualTo(new Draft(
                        GROUP,
                        SystemUser.UID,
                        SystemUser.DEVICE,
                        "became-large",
                        new byte[] {1},
                        new GroupChange.BecameLarge()));
    }

    @Test
    void entryByStreamIsCounted() throws InterruptedException {
        Lane lane = lane(LaneLimits.DEFAULT);
        var answer = submitToGroup(lane, "stream");
        lane.runOnce(0);
        assertThat(answer).isCompletedWithValue(new SendOutcome.Stored(1, 1, 5, 0));
        assertThat(counters.value(SendCounter.GROUP_ENTRIES_BY_STREAM)).isEqualTo(1);
        assertThat(fanOutsWoken).isZero();
    }

    @Test
    void membersLookWhereALostAttemptMayHaveStoredTheEntry() throws InterruptedException {
        Lane lane = lane(LaneLimits.DEFAULT);
        submitToGroup(lane, "repeat");
        lane.runOnce(0);
        assertThat(fanOutsWoken).as("its first sender has seen to that").isZero();
        var answer = submitToGroup(lane, "untold");
        lane.runOnce(0);
        assertThat(answer).isCompletedWithValue(new SendOutcome.Stored(7, 6, 8, 9));
        assertThat(fanOutsWoken).isEqualTo(1);
    }

    @Test
    void whatWaitedWhileTheProcessStoodStillIsNotStored() throws InterruptedException {
        Lane lane = lane(LaneLimits.DEFAULT);
        var overslept = submit(lane, "a", origin);
        standStill();
        SendOrigin cameBack = SendOrigin.of(new ConnectionKey("g", 3), processStall.epoch());
        var fresh = submit(lane, "b", cameBack);
        var ofTheServer = submit(lane, "c", SendOrigin.server());
        drain(lane);
        assertThat(overslept).isCompletedExceptionally();
        assertThat(log.batches).containsExactly(List.of("b", "c"));
        assertThat(fresh).isCompletedWithValue(new SendOutcome.Stored(1, 1, 5, 1));
        assertThat(ofTheServer).isCompleted();
        assertThat(counters.value(SendCounter.SENDS_LEFT)).isEqualTo(1);
        assertThat(submitLate(lane)).isCompletedExceptionally();
    }

    private CompletableFuture<SendOutcome> submitLate(Lane lane) throws InterruptedException {
        var late = submit(lane, "late", origin);
        drain(lane);
        return late;
    }

    @Test
    void anAttemptWithinWhichTheProcessStoodStillIsNotRepeated() throws InterruptedException {
        Lane lane = lane(LaneLimits.DEFAULT);
        var overslept = submitToGroup(lane, "a");
        var ofTheServer = submit(lane, "b", SendOrigin.server());
        log.failures.add(this::standStill);
        drain(lane);
        assertThat(log.batches).containsExactly(List.of("a", "b"), List.of("b"));
        assertThat(overslept).isCompletedExceptionally();
        assertThat(ofTheServer).isCompleted();
        assertThat(fanOutsWoken).as("the first attempt may have stored it").isEqualTo(1);
    }

    @Test
    void anAttemptIsNotRepeatedForAConnectionThatIsLeftToAnotherNode() throws InterruptedException {
        Lane lane = lane(LaneLimits.DEFAULT);
        var left = submit(lane, "a", origin);
        var kept = submit(lane, "b", other);
        log.failures.add(origin::breakOff);
        drain(lane);
        assertThat(log.batches).containsExactly(List.of("a", "b"), List.of("b"));
        assertThat(left).isCompletedExceptionally();
        assertThat(kept).isCompleted();
        assertThat(counters.value(SendCounter.SENDS_LEFT)).isEqualTo(1);
    }

    private void standStill() {
        nanos += TimeUnit.MILLISECONDS.toNanos(3_001);
    }

    private CompletableFuture<SendOutcome> submitToGroup(Lane lane, String id) {
        return lane.submit(new Draft(GROUP, "alice", "ios:x", id, new byte[10]), origin)
                .toCompletableFuture();
    }

    private Lane lane(LaneLimits limits) {
        return lane(log, limits, pauses::add, counters, processStall, () -> fanOutsWoken++);
    }

    /** A lane of nothing but a log. */
    static Lane lane(
            MessageLog log,
            LaneLimits limits,
            Pause pause,
            SendCounters counters,
            ProcessStall processStall,
            Runnable wakeFanOut) {
        DeliveryCounters delivered = new DeliveryCounters();
        Delivery delivery = new Delivery(
                new Delivery.Stores(null, null, null, new CursorBook(null, InstantSource.system(), delivered), null),
                new SilentDownlink(),
                FairQueue.over(Runnable::run),
                DeliveryLimits.DEFAULT,
                new SilentListener(),
                InboxListener.NONE,
                delivered);
        InstantSource clock = InstantSource.fixed(java.time.Instant.ofEpochMilli(5));
        Groups none = new InMemoryStorage().ports().groups();
        RecipientRefresh refresh =
                new RecipientRefresh(none, delivery, new BlockingWork(Runnable::run), OtherNodes.NONE);
        GroupSends groups = new GroupSends(
                delivery,
                refresh,
                wakeFanOut,
                new FanOutBacklog(null, 500, counters),
                change -> new byte[] {1},
                4,
                counters,
                OtherNodes.NONE);
        return new Lane(log, delivery, groups, limits, clock, pause, counters, OtherNodes.NONE, processStall);
    }

    private static CompletableFuture<SendOutcome> submit(Lane lane, String id, SendOrigin origin) {
        return lane.submit(new Draft(CONVERSATION, "alice", "ios:x", id, new byte[10]), origin)
                .toCompletableFuture();
    }

    private static void drain(Lane lane) throws InterruptedException {
        while (lane.waiting() > 0) {
            lane.runOnce(0);
        }
        lane.runOnce(0);
    }

    /** Stores in a list; fails as often as it is told to. */
    private static final class ScriptedLog implements MessageLog {
        final List<List<String>> batches = new ArrayList<>();
        final List<Draft> drafts = new ArrayList<>();
        final Deque<Runnable> failures = new ArrayDeque<>();
        private long seq;
        private int successesBefore;

        void failuresAfter(int calls, Runnable failure) {
            successesBefore = calls;
            failures.add(failure);
        }

        @Override
        public List<Appended> append(List<Draft> batch, long nowMillis) {
            drafts.addAll(batch);
            batches.add(batch.stream().map(Draft::clientMessageId).toList());
            if (successesBefore-- <= 0 && !failures.isEmpty()) {
                failures.poll().run();
                throw new StorageException("told to fail", null);
            }
            if (batch.stream().anyMatch(draft -> draft.clientMessageId().equals("mistake"))) {
                throw new IllegalArgumentException("this draft is a mistake");
            }
            return batch.stream().map(draft -> appended(draft, nowMillis)).toList();
        }

        private Appended appended(Draft draft, long nowMillis) {
            if (draft.clientMessageId().equals("repeat")) {
                return new Appended.Repeated(7, 6, 8, 9);
            }
            if (draft.clientMessageId().equals("untold")) {
                return new Appended.Repeated(7, 6, 8, 9, true);
            }
            if (draft.clientMessageId().equals("refuse")) {
                return new Appended.Refused(Refusal.UNKNOWN_CONVERSATION);
            }
            StoredMessage message = new StoredMessage(
                    draft.conversation(),
                    ++seq,
                    seq,
                    draft.sender(),
                    draft.senderDevice(),
                    draft.clientMessageId(),
                    nowMillis,
                    draft.content());
            if (draft.clientMessageId().equals("marker")) {
                return new Appended.Stored(message, List.of(), FanOut.BY_MARKER, false);
            }
            if (draft.clientMessageId().equals("stream")) {
                return new Appended.Stored(message, List.of(), FanOut.BY_STREAM, false);
            }
            if (draft.clientMessageId().equals("outgrown")) {
                return new Appended.Stored(message, List.of(), FanOut.INLINE, true);
            }
            return new Appended.Stored(
                    message, List.of(new InboxPosition("alice", seq), new InboxPosition("bob", seq)));
        }
    }

    static final class SilentListener implements DeliveryListener {
        @Override
        public void delivered(DeviceKey device, StoredMessage message) {}

        @Override
        public void sent(String uid, Conversation conversation, long seq, long ordinal) {}
    }

    static final class SilentDownlink implements Downlink {
        @Override
        public OutgoingMessage prepare(StoredMessage message) {
            return (connection, inboxSeq) -> {};
        }

        @Override
        public Gathering gather() {
            return new HeldPushes(this::prepare);
        }

        @Override
        public void push(EntryStream stream, Entry.OfEvent entry) {}

        @Override
        public boolean notice(ConnectionKey connection, Notice notice) {
            return false;
        }

        @Override
        public void close(ConnectionKey connection, CloseReason reason) {}
    }
}
