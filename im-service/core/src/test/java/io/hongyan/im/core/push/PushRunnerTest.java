package io.hongyan.im.core.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.Storage;
import io.hongyan.im.core.cluster.OtherNodes;
import io.hongyan.im.core.cluster.ProcessStall;
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
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.message.SystemUser;
import io.hongyan.im.core.push.SubmitPush.Outcome;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.FanOutBacklog;
import io.hongyan.im.core.send.GroupSends;
import io.hongyan.im.core.send.Lane;
import io.hongyan.im.core.send.LaneLimits;
import io.hongyan.im.core.send.MessageLog;
import io.hongyan.im.core.send.RecipientRefresh;
import io.hongyan.im.core.send.SendCounters;
import io.hongyan.im.core.session.LocalSessionDirectory;
import io.hongyan.im.core.session.OnlineSession;
import io.hongyan.im.core.session.Platform;
import io.hongyan.im.core.session.SessionDirectory;
import io.hongyan.im.core.session.TellUsersOnline;
import io.hongyan.im.core.simulation.InMemoryStorage;
import io.hongyan.im.core.work.FairQueue;
import io.hongyan.metrics.Counters;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class PushRunnerTest {
    private static final byte[] CONTENT = "hello".getBytes(StandardCharsets.UTF_8);
    private static final PushLimits LIMITS = new PushLimits(5_000, 100, 3, 10_000, 5, 1_000);

    private final Storage storage = new InMemoryStorage().ports();
    private final SessionDirectory directory = new LocalSessionDirectory();
    private final RecordingDownlink downlink = new RecordingDownlink();
    private final RecordingEvents events = new RecordingEvents();
    private final Counters<PushCounter> counters = new Counters<>(PushCounter.class);
    private long now = 1_800_000_000_000L;
    private final InstantSource clock = () -> Instant.ofEpochMilli(now);
    private int appendsToFail;
    private final Lane lane = lane();
    private PushRunner runner = runner("one", LIMITS);
    private final SubmitPush submit = new SubmitPush(
            storage.pushes(), new BlockingWork(Runnable::run), clock, LIMITS, counters, () -> runner.wake());
    /** Whose part of the storage does not answer. */
    private String away;

    @Test
    void aPushIsAMessageInTheInboxOfEachAndUnknownUsersAreCountedAndListed() throws InterruptedException {
        users("alice", "bob");
        accepted(push("p1", List.of("alice", "nobody", "bob", "alice")));
        passes(1_000);
        PushState state = state("p1");
        assertThat(state.finished()).isTrue();
        assertThat(state.counts()).isEqualTo(new PushCounts(3, 2, 0, 0, 1, List.of(), List.of("nobody")));
        for (String uid : List.of("alice", "bob")) {
            Entry.OfMessage entry = (Entry.OfMessage) inboxOf(uid).get(0);
            assertThat(entry.message().conversation()).isEqualTo(Conversation.system("orders", uid));
            assertThat(entry.message().sender()).isEqualTo(SystemUser.UID);
            assertThat(entry.message().clientMessageId()).isEqualTo("p1");
            assertThat(entry.message().content()).isEqualTo(CONTENT);
        }
        assertThat(events.finished).containsExactly("p1 " + state.counts());
    }

    @Test
    void theSamePushAgainGivesItsStateAndAnotherOneIsRefused() throws InterruptedException {
        users("alice");
        accepted(push("p1", List.of("alice")));
        passes(1_000);
        assertThat(accepted(push("p1", List.of("alice"))).finished()).isTrue();
        passes(1_000);
        assertThat(inboxOf("alice")).hasSize(1);
        assertThat(refused(push("p1", List.of("alice", "bob")))).isEqualTo(Refusal.EXISTS);
        assertThat(refused(push("p1", null))).isEqualTo(Refusal.EXISTS);
        assertThat(refused(new Push("p1", "orders", List.of("alice"), PushMode.ONLINE_ONLY, CONTENT)))
                .isEqualTo(Refusal.EXISTS);
        assertThat(refused(new Push("p1", "order", List.of("alice"), PushMode.STORE, CONTENT)))
                .isEqualTo(Refusal.EXISTS);
        assertThat(refused(new Push("p1", "orders", List.of("alice"), PushMode.STORE, new byte[1])))
                .isEqualTo(Refusal.EXISTS);
    }

    @Test
    void whatIsNotWellFormedIsRefused() {
        assertThat(refused(push("", List.of("alice")))).isEqualTo(Refusal.MALFORMED);
        assertThat(refused(push("with space", List.of("alice")))).isEqualTo(Refusal.MALFORMED);
        assertThat(refused(push("x".repeat(65), List.of("alice")))).isEqualTo(Refusal.MALFORMED);
        assertThat(refused(push("p1", List.of()))).isEqualTo(Refusal.MALFORMED);
        assertThat(refused(push("p1", List.of("al\nice")))).isEqualTo(Refusal.MALFORMED);
        assertThat(refused(push("p1", List.of("a|b")))).isEqualTo(Refusal.MALFORMED);
        assertThat(refused(new Push("p1", "a|b", null, PushMode.STORE, CONTENT)))
                .isEqualTo(Refusal.MALFORMED);
        assertThat(refused(new Push("p1", "orders", null, PushMode.STORE, new byte[101])))
                .isEqualTo(Refusal.TOO_LARGE);
        List<String> many = IntStream.range(0, 5_001).mapToObj(i -> "u" + i).toList();
        assertThat(refused(push("p1", many))).isEqualTo(Refusal.TOO_LARGE);
        for (int i = 1; i <= 3; i++) {
            accepted(push("p" + i, null));
        }
        assertThat(refused(push("p4", null))).isEqualTo(Refusal.RATE_LIMITED);
    }

    @Test
    void everybodyIsEverybodyOnce() throws InterruptedException {
        List<String> all = IntStream.range(0, 3_000).mapToObj(i -> "u" + i).toList();
        all.forEach(storage.users()::ensure);
        accepted(push("p1", null));
        passes(2_000);
        assertThat(state("p1").counts()).isEqualTo(new PushCounts(3_000, 3_000, 0, 0, 0, List.of(), List.of()));
        assertThat(all).allMatch(uid -> inboxOf(uid).size() == 1);
    }

    @Test
    void aDeadWorkersJobIsFinishedByAnotherWithoutDoublingAnything() throws InterruptedException {
        List<String> all = pushedToByAWorkerThatDies();

        runner = runner("two", LIMITS);
        passes(5_000);
        assertThat(state("p1").finished()).as("while the lease lasts").isFalse();
        passes(10_000);
        assertStoredOnce(all);
    }

    @Test
    void aWorkerThatComesBackUnderItsNameGoesOnAtOnce() throws InterruptedException {
        List<String> all = pushedToByAWorkerThatDies();

        runner = runner("one", LIMITS);
        passes(5_000);
        assertStoredOnce(all);
    }

    /** It has stored a second page, of which nothing was noted. */
    private List<String> pushedToByAWorkerThatDies() throws InterruptedException {
        List<String> all = IntStream.range(0, 3_000).mapToObj(i -> "u" + i).toList();
        all.forEach(storage.users()::ensure);
        accepted(push("p1", all));
        now += 100;
        runner.runOnce();
        lane.runOnce(0);
        now += 100;
        runner.runOnce();
        lane.runOnce(0);
        long noted = state("p1").counts().recipients();
        assertThat(noted).isBetween(1L, 2_999L);
        assertThat(all.stream().filter(uid -> !inboxOf(uid).isEmpty()).count()).isGreaterThan(noted);
        return all;
    }

    private void assertStoredOnce(List<String> all) {
        assertThat(state("p1").finished()).isTrue();
        assertThat(state("p1").counts().stored()).isEqualTo(all.size());
        assertThat(all).allMatch(uid -> inboxOf(uid).size() == 1);
    }

    @Test
    void aPageThatCouldNotBeStoredIsTriedAgain() throws InterruptedException {
        users("alice", "bob");
        appendsToFail = 7;
        accepted(push("p1", List.of("alice", "bob")));
        passes(10_000);
        assertThat(state("p1").counts().stored()).isEqualTo(2);
        assertThat(inboxOf("alice")).hasSize(1);
        assertThat(counters.value(PushCounter.PAGES_FAILED)).isPositive();
    }

    @Test
    void recipientWhoCannotBeReachedHoldsUpNoOtherPush() throws InterruptedException {
        users("alice", "bob", "carol");
        away = "bob";
        accepted(push("p1", List.of("alice", "bob")));
        accepted(push("p2", List.of("carol", "bob")));
        accepted(push("p3", List.of("alice", "carol")));
        passes(1_000);
        assertThat(state("p3").finished()).isTrue();
        passes(20_000);
        assertThat(state("p1").finished()).isFalse();
        away = null;
        passes(10_000);
        assertThat(state("p1").finished()).isTrue();
        assertThat(state("p2").finished()).isTrue();
        assertThat(inboxOf("alice")).hasSize(2);
        assertThat(inboxOf("bob")).hasSize(2);
        assertThat(inboxOf("carol")).hasSize(2);
    }

    @Test
    void anEndThatCouldNotBeToldIsToldAgain() throws InterruptedException {
        users("alice");
        events.failures = 2;
        accepted(push("p1", List.of("alice")));
        passes(500);
        assertThat(state("p1").finished()).isFalse();
        passes(5_000);
        assertThat(state("p1").finished()).isTrue();
        assertThat(events.finished).hasSize(3);
    }

    @Test
    void onlineOnlyReachesThoseWhoTakeNoticesAndListsTheOthers() throws InterruptedException {
        users("alice", "bob", "carol");
        online("alice", 1, true);
        online("alice", 2, false);
        online("bob", 3, false);
        List<String> to = List.of("alice", "bob", "carol", "nobody");
        accepted(new Push("p1", "orders", to, PushMode.ONLINE_ONLY, CONTENT));
        passes(1_000);
        assertThat(state("p1").counts())
                .isEqualTo(new PushCounts(4, 0, 1, 2, 1, List.of("bob", "carol"), List.of("nobody")));
        assertThat(downlink.notices)
                .usingRecursiveFieldByFieldElementComparator()
                .containsExactly(new Notice.Push("p1", "orders", CONTENT));
        assertThat(inboxOf("alice")).isEmpty();
    }

    @Test
    void listsHaveALimitCountsHaveNone() throws InterruptedException {
        List<String> nobody = IntStream.range(0, 20).mapToObj(i -> "n" + i).toList();
        accepted(push("p1", nobody));
        passes(1_000);
        assertThat(state("p1").counts().unknown()).isEqualTo(20);
        assertThat(state("p1").counts().unknownUids()).containsExactlyElementsOf(nobody.subList(0, 5));
    }

    @Test
    void allWhomAPushHasNotReachedAreToldBeforeItsEnd() throws InterruptedException {
        List<String> users = IntStream.range(0, 3_000).mapToObj(i -> "u" + i).toList();
        users.forEach(storage.users()::ensure);
        online("u7", 1, true);
        accepted(new Push("p1", "orders", null, PushMode.ONLINE_ONLY, CONTENT));
        passes(3_000);
        List<String> told = events.unreached.stream().flatMap(List::stream).toList();
        assertThat(told)
                .containsExactlyElementsOf(
                        users.stream().filter(uid -> !uid.equals("u7")).toList());
        assertThat(events.unreached).allMatch(chunk -> chunk.size() <= 2_000).hasSizeGreaterThan(1);
        assertThat(state("p1").counts().offlineUids()).hasSize(5);
        assertThat(events.finished).hasSize(1);

        events.unreached.clear();
        accepted(push("p2", List.of("u1", "nobody", "u2", "nemo")));
        passes(1_000);
        assertThat(events.unreached).containsExactly(List.of("nobody", "nemo"));
        accepted(push("p3", List.of("u1")));
        passes(1_000);
        assertThat(events.unreached).as("where all are reached nothing is told").hasSize(1);
    }

    @Test
    void whatCouldNotBeToldIsToldBeforeThePageIsNoted() throws InterruptedException {
        users("alice");
        events.failures = 2;
        accepted(new Push("p1", "orders", List.of("alice", "nobody"), PushMode.ONLINE_ONLY, CONTENT));
        passes(500);
        assertThat(state("p1").counts().recipients()).isZero();
        passes(5_000);
        assertThat(state("p1").finished()).isTrue();
        assertThat(state("p1").counts().offline()).isEqualTo(1);
        assertThat(events.unreached).hasSize(3).containsOnly(List.of("alice", "nobody"));
        assertThat(events.finished).hasSize(1);
    }

    @Test
    void pushesTakeTurnsAndKeepToTheRate() throws InterruptedException {
        List<String> all = IntStream.range(0, 1_000).mapToObj(i -> "u" + i).toList();
        all.forEach(storage.users()::ensure);
        runner = runner("slow", new PushLimits(5_000, 100, 3, 100, 5, 1_000));
        accepted(push("large", all));
        accepted(push("small", List.of("u0")));
        passes(2_000);
        assertThat(state("small").finished()).isTrue();
        assertThat(state("large").counts().recipients()).isBetween(150L, 210L);
        passes(9_000);
        assertThat(state("large").finished()).isTrue();
    }

    @Test
    void acknowledgementsOfPushesAreToldAndOthersAreNot() {
        DeliveryListener listener = new PushAcknowledgements(events);
        DeviceKey device = new DeviceKey("bob", "ios:x");
        listener.delivered(device, message(Conversation.direct("alice", "bob"), "m1"));
        listener.delivered(device, message(Conversation.system("orders", "bob"), "p1"));
        assertThat(events.acknowledged).containsExactly("bob ios:x p1");
    }

    private static StoredMessage message(Conversation conversation, String id) {
        return new StoredMessage(conversation, 1, 1, "alice", "ios:y", id, 1, CONTENT);
    }

    private PushRunner runner(String worker, PushLimits limits) {
        PushRunner.Tools tools = new PushRunner.Tools(
                storage.pushes(),
                lane,
                storage.users(),
                directory,
                new TellUsersOnline(directory, downlink, OtherNodes.NONE),
                events,
                clock);
        return new PushRunner(tools, worker, limits, counters);
    }

    private Lane lane() {
        SendCounters counted = new SendCounters();
        DeliveryCounters delivered = new DeliveryCounters();
        CursorBook cursors = new CursorBook(storage.devices(), clock, delivered);
        Delivery delivery = new Delivery(
                new Delivery.Stores(storage.inbox(), storage.groups(), null, cursors, null),
                downlink,
                FairQueue.over(Runnable::run),
                DeliveryLimits.DEFAULT,
                new PushAcknowledgements(PushEvents.NONE),
                InboxListener.NONE,
                delivered);
        MessageLog log = (batch, nowMillis) -> {
            if (appendsToFail-- > 0) {
                throw new StorageException("as the test wants", null);
            }
            return batch.stream()
                    .map(draft -> draft.conversation().reader().equals(away)
                            ? new Appended.NotStored(new StorageException("as the test wants", null))
                            : storage.log().append(List.of(draft), nowMillis).get(0))
                    .toList();
        };
        GroupSends groups = new GroupSends(
                delivery,
                new RecipientRefresh(storage.groups(), delivery, new BlockingWork(Runnable::run), OtherNodes.NONE),
                () -> {},
                new FanOutBacklog(storage.fanOut(), 500, counted),
                change -> new byte[0],
                1,
                counted,
                OtherNodes.NONE);
        return new Lane(
                log,
                delivery,
                groups,
                LaneLimits.DEFAULT,
                clock,
                millis -> {},
                counted,
                OtherNodes.NONE,
                ProcessStall.never());
    }

    private void users(String... uids) {
        List.of(uids).forEach(storage.users()::ensure);
    }

    private void online(String uid, long number, boolean takesNotices) {
        ConnectionKey connection = new ConnectionKey("gate", number);
        DeviceKey device = new DeviceKey(uid, "iot:" + number);
        directory.claim(new OnlineSession(connection, device, Platform.IOT, now), 0);
        if (takesNotices) {
            downlink.takers.add(connection);
        }
    }

    private static Push push(String id, List<String> recipients) {
        return new Push(id, "orders", recipients, PushMode.STORE, CONTENT);
    }

    private PushState accepted(Push push) {
        Outcome outcome = submit.submit(push).toCompletableFuture().join();
        assertThat(outcome).isInstanceOf(Outcome.Accepted.class);
        return ((Outcome.Accepted) outcome).state();
    }

    private Refusal refused(Push push) {
        Outcome outcome = submit.submit(push).toCompletableFuture().join();
        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        return ((Outcome.Refused) outcome).refusal();
    }

    private PushState state(String pushId) {
        return submit.find(pushId).toCompletableFuture().join().orElseThrow();
    }

    private List<Entry> inboxOf(String uid) {
        return storage.inbox().read(uid, 0, 1_000, 1_000_000).entries();
    }

    /** Time goes on, with the drivers at work. */
    private void passes(long millis) throws InterruptedException {
        for (long gone = 0; gone < millis; gone += 100) {
            now += 100;
            runner.runOnce();
            while (lane.runOnce(0)) {
                // Stores all that waits.
            }
        }
    }

    private static final class RecordingEvents implements PushEvents {
        private final List<String> finished = new ArrayList<>();
        private final List<String> acknowledged = new ArrayList<>();
        /** Offline and unknown ones together, one list per event. */
        private final List<List<String>> unreached = new ArrayList<>();

        private int failures;

        @Override
        public CompletionStage<Void> finished(String pushId, PushCounts counts) {
            finished.add(pushId + ' ' + counts);
            return told();
        }

        @Override
        public CompletionStage<Void> unreached(String pushId, List<String> offline, List<String> unknown) {
            unreached.add(Stream.concat(offline.stream(), unknown.stream()).toList());
            return told();
        }

        @Override
        public CompletionStage<Void> refused(String pushId, Refusal refusal, String detail, String messageId) {
            throw new UnsupportedOperationException("these pushes came by no queue");
        }

        private CompletionStage<Void> told() {
            return failures-- > 0
                    ? CompletableFuture.failedFuture(new StorageException("as the test wants", null))
                    : CompletableFuture.completedFuture(null);
        }

        @Override
        public void acknowledged(DeviceKey device, String pushId) {
            acknowledged.add(device.uid() + ' ' + device.device() + ' ' + pushId);
        }
    }

    /** Nobody is connected but for notices. */
    private static final class RecordingDownlink implements Downlink {
        private final Set<ConnectionKey> takers = new HashSet<>();
        private final List<Notice> notices = new ArrayList<>();

        @Override
        public OutgoingMessage prepare(StoredMessage message) {
            return (stream, seq) -> {};
        }

        @Override
        public Gathering gather() {
            return new HeldPushes(this::prepare);
        }

        @Override
        public void push(EntryStream stream, Entry.OfEvent entry) {}

        @Override
        public boolean notice(ConnectionKey connection, Notice notice) {
            boolean taken = takers.contains(connection);
            if (taken) {
                notices.add(notice);
            }
            return taken;
        }

        @Override
        public void close(ConnectionKey connection, CloseReason reason) {}
    }
}
