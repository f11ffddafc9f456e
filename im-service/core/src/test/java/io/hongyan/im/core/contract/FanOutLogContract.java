package io.hongyan.im.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.group.GroupChange.Created;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Appended.FanOut;
import io.hongyan.im.core.send.Appended.InboxPosition;
import io.hongyan.im.core.send.FanOutLog;
import io.hongyan.im.core.send.FanOutLog.Marker;
import io.hongyan.im.core.send.FanOutLog.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a {@link FanOutLog} promises: every recipient once, in order, whoever does the work and whatever stops it. */
public abstract class FanOutLogContract extends GroupStorageContract {
    private static final String[] FIVE = {"a1", "a2", "a3", "a4", "a5"};

    @Test
    void nothingIsOpenWhereEverythingIsInline() {
        group("a1", "a2", "a3", "a4");
        sent("a1", "m1");

        assertThat(open(WORKER)).isEmpty();
        assertThat(advance(new Marker(GROUP, 2), WORKER)).isEqualTo(new Step.NotHeld());
    }

    @Test
    void aboveTheInlineLimitAMarkerIsLeft() {
        Appended.Stored created = groupOfFive();

        assertThat(created.fanOut()).isEqualTo(FanOut.BY_MARKER);
        assertThat(created.positions()).isEmpty();
        assertThat(open(WORKER)).containsExactly(new Marker(GROUP, 1));
        assertThat(entriesOf("a1")).isEmpty();
        assertThat(logOf(GROUP)).hasSize(1);
    }

    @Test
    void anEntryIsOpenUntilItAndAllBeforeItAreInTheInboxes() {
        groupOfFive();
        removed("a5");
        assertThat(storage().fanOut().isOpen(GROUP, 0)).isFalse();
        assertThat(storage().fanOut().isOpen(GROUP, 1)).isTrue();
        assertThat(storage().fanOut().isOpen(GROUP, 2)).isTrue();
        assertThat(storage().fanOut().isOpen(Conversation.group("other"), 9)).isFalse();
        for (int step = 0; step < 3; step++) {
            advance(new Marker(GROUP, 1), WORKER);
        }
        assertThat(storage().fanOut().isOpen(GROUP, 1)).isFalse();
        assertThat(storage().fanOut().isOpen(GROUP, 2)).isTrue();
        fanOutAll();
        assertThat(storage().fanOut().isOpen(GROUP, 2)).isFalse();
    }

    @Test
    void stepsWriteEachInboxOnceAndTheLastOneIsDone() {
        Appended.Stored created = groupOfFive();
        Marker marker = new Marker(GROUP, 1);
        List<String> written = new ArrayList<>();
        List<Boolean> done = new ArrayList<>();

        for (int i = 0; i < 3; i++) {
            Step.Written step = written(advance(marker, WORKER));
            assertSame(step.message(), created.message());
            assertThat(step.positions()).hasSizeLessThanOrEqualTo(STEP);
            for (InboxPosition position : step.positions()) {
                written.add(position.uid());
                assertThat(position.seq()).isEqualTo(1);
            }
            done.add(step.done());
        }

        assertThat(written).containsExactlyInAnyOrder(FIVE);
        assertThat(done).containsExactly(false, false, true);
        assertThat(open(WORKER)).isEmpty();
        assertThat(advance(marker, WORKER)).isEqualTo(new Step.NotHeld());
        for (String uid : FIVE) {
            assertThat(entriesOf(uid)).containsExactly(1L);
        }
    }

    @Test
    void laterEntriesGoByMarkerWhileOneIsOpenAndInlineAfterwards() {
        groupOfFive();
        assertThat(removed("a5").fanOut()).isEqualTo(FanOut.BY_MARKER);
        assertThat(sent("a1", "m1").fanOut())
                .as("four recipients, but a marker is open")
                .isEqualTo(FanOut.BY_MARKER);
        assertThat(open(WORKER)).containsExactly(new Marker(GROUP, 1));

        fanOutAll();
        Appended.Stored inline = sent("a2", "m2");

        assertThat(inline.fanOut()).isEqualTo(FanOut.INLINE);
        assertThat(inline.positions().get(0)).isEqualTo(new InboxPosition("a2", 4));
        for (String uid : List.of("a1", "a2", "a3", "a4")) {
            assertThat(entriesOf(uid)).containsExactly(1L, 2L, 3L, 4L);
        }
        assertThat(entriesOf("a5")).containsExactly(1L, 2L);
    }

    @Test
    void markersOfAConversationAreTakenInOrder() {
        groupOfFive();
        sent("a1", "m1");

        assertThat(advance(new Marker(GROUP, 2), WORKER)).isEqualTo(new Step.NotHeld());
        assertThat(open(WORKER)).containsExactly(new Marker(GROUP, 1));
        while (!written(advance(new Marker(GROUP, 1), WORKER)).done()) {
            assertThat(open(WORKER)).containsExactly(new Marker(GROUP, 1));
        }
        assertThat(open(WORKER)).containsExactly(new Marker(GROUP, 2));
        assertThat(advance(new Marker(GROUP, 2), WORKER)).isInstanceOf(Step.Written.class);
    }

    @Test
    void recipientsAreThoseOfTheEntryWhoeverHasComeAndGoneSince() {
        groupOfFive();
        sent("a1", "m1");
        removed("a2");
        added("a6");
        added("a2");

        fanOutAll();

        assertThat(entriesOf("a1")).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(entriesOf("a2")).containsExactly(1L, 2L, 3L, 5L);
        assertThat(entriesOf("a6")).containsExactly(4L, 5L);
    }

    @Test
    void onlyTheHolderOfTheLeaseGoesOn() {
        groupOfFive();
        Marker marker = new Marker(GROUP, 1);
        advance(marker, "one");

        assertThat(advance(marker, "two")).isEqualTo(new Step.NotHeld());
        assertThat(open("two")).isEmpty();
        assertThat(open("one")).containsExactly(marker);
        assertThat(advance(marker, "one")).isInstanceOf(Step.Written.class);
    }

    @Test
    void leaseIsRenewedByEachStepAndOverAtItsEnd() {
        groupOfFive();
        Marker marker = new Marker(GROUP, 1);
        storage().fanOut().advance(marker, "one", 1, NOW, LEASE);
        storage().fanOut().advance(marker, "one", 1, NOW + 5, LEASE);

        assertThat(storage().fanOut().open("two", 10, NOW + LEASE + 4)).isEmpty();
        assertThat(storage().fanOut().advance(marker, "two", 1, NOW + LEASE + 4, LEASE))
                .isEqualTo(new Step.NotHeld());
        assertThat(storage().fanOut().open("two", 10, NOW + LEASE + 5)).containsExactly(marker);
        assertThat(storage().fanOut().advance(marker, "two", 1, NOW + LEASE + 5, LEASE))
                .isInstanceOf(Step.Written.class);
        assertThat(storage().fanOut().advance(marker, "one", 1, NOW + LEASE + 6, LEASE))
                .as("the late one has lost it")
                .isEqualTo(new Step.NotHeld());
    }

    @Test
    void nobodyGetsAnEntryTwiceWhenAnotherTakesOver() {
        groupOfFive();
        Marker marker = new Marker(GROUP, 1);
        long now = NOW;
        int steps = 0;
        boolean done = false;
        while (!done) {
            now += LEASE;
            done = written(storage().fanOut().advance(marker, "worker-" + ++steps, 1, now, LEASE))
                    .done();
            assertThat(steps).isLessThanOrEqualTo(6);
        }
        for (String uid : FIVE) {
            assertThat(entriesOf(uid)).containsExactly(1L);
        }
    }

    @Test
    void progressAndLeaseSurviveReopen() {
        groupOfFive();
        sent("a1", "m1");
        Marker marker = new Marker(GROUP, 1);
        List<InboxPosition> before = written(storage().fanOut().advance(marker, "one", 3, NOW, LEASE))
                .positions();

        storage().reopen();

        assertThat(advance(marker, "two")).isEqualTo(new Step.NotHeld());
        assertThat(open("one")).containsExactly(marker);
        Step.Written after = written(storage().fanOut().advance(marker, "one", 10, NOW, LEASE));
        assertThat(before).hasSize(3);
        assertThat(after.positions()).hasSize(2).doesNotContainAnyElementsOf(before);
        assertThat(after.done()).isTrue();
        fanOutAll();
        for (String uid : FIVE) {
            assertThat(entriesOf(uid)).containsExactly(1L, 2L);
        }
    }

    @Test
    void openMarkersOfManyConversationsAreGivenUpToTheLimit() {
        users(FIVE);
        for (int i = 0; i < 4; i++) {
            append(change("g" + i, "a1", "r", new Created("a1", "n", false, 0, List.of("a2", "a3", "a4", "a5"))));
        }

        assertThat(storage().fanOut().open(WORKER, 3, NOW)).hasSize(3).doesNotHaveDuplicates();
        assertThat(open(WORKER))
                .extracting(Marker::conversation)
                .containsExactlyInAnyOrder(
                        Conversation.group("g0"),
                        Conversation.group("g1"),
                        Conversation.group("g2"),
                        Conversation.group("g3"));
        fanOutAll();
        assertThat(storage().inbox().head("a3")).isEqualTo(4);
    }

    @Test
    void entryOfBecomingLargeGoesByMarkerAndLaterOnesByStream() {
        groupOfFive();
        assertThat(becameLarge().fanOut()).isEqualTo(FanOut.BY_MARKER);
        assertThat(sent("a1", "m1").fanOut()).isEqualTo(FanOut.BY_STREAM);
        Appended.Stored removed = removed("a5");
        assertThat(removed.fanOut()).isEqualTo(FanOut.BY_STREAM);
        assertThat(removed.positions()).as("a5 lacks earlier entries yet").isEmpty();
        added("b1", "b2");

        fanOutAll();

        assertThat(entriesOf("a1")).containsExactly(1L, 2L);
        assertThat(entriesOf("a5")).containsExactly(1L, 2L, 4L);
        assertThat(entriesOf("b2")).containsExactly(5L);
    }

    @Test
    void manyAddedToALargeGroupAreToldByMarker() {
        group("a1", "a2");
        becameLarge();

        Appended.Stored added = added("b1", "b2", "b3", "b4", "b5");

        assertThat(added.fanOut()).isEqualTo(FanOut.BY_STREAM);
        assertThat(added.positions()).isEmpty();
        assertThat(open(WORKER)).containsExactly(new Marker(GROUP, 3));
        fanOutAll();
        assertThat(entriesOf("b5")).containsExactly(3L);
        assertThat(entriesOf("a2")).containsExactly(1L, 2L);
    }

    @Test
    void entriesByMarkerSentAgainGetTheFirstAnswer() {
        groupOfFive();
        sent("a1", "m1");

        assertRepeats(append(message("a1", "m1")).get(0));
        fanOutAll();
        storage().reopen();
        assertRepeats(append(message("a1", "m1")).get(0));
        assertThat(open(WORKER)).isEmpty();
    }

    @Test
    void twoWorkersThatStopAndTakeOverAtRandomDeliverOnceAndInOrder() {
        long seed = seed("twoWorkersThatStopAndTakeOverAtRandomDeliverOnceAndInOrder");
        Random random = new Random(seed);
        groupOfFive();
        long now = NOW;
        int entries = 1;
        for (int step = 0; step < 200; step++) {
            now += random.nextInt((int) LEASE);
            if (entries < 15 && random.nextInt(4) == 0) {
                sent("a" + (1 + random.nextInt(5)), "m" + ++entries);
            } else if (random.nextInt(20) == 0) {
                storage().reopen();
            } else {
                String worker = random.nextBoolean() ? "one" : "two";
                for (Marker marker : storage().fanOut().open(worker, 10, now)) {
                    storage().fanOut().advance(marker, worker, 1 + random.nextInt(2), now, LEASE);
                }
            }
        }
        fanOutAll(now + LEASE);
        for (String uid : FIVE) {
            List<Long> expected = new ArrayList<>();
            for (long seq = 1; seq <= entries; seq++) {
                expected.add(seq);
            }
            assertThat(entriesOf(uid)).as("seed %d", seed).isEqualTo(expected);
        }
    }

    private Appended.Stored groupOfFive() {
        users(FIVE);
        return changed("a1", new Created("a1", "name", false, 0, List.of("a2", "a3", "a4", "a5")));
    }

    private void fanOutAll(long nowMillis) {
        for (int i = 0; i < 1_000; i++) {
            storage()
                    .fanOut()
                    .open(WORKER, 10, nowMillis)
                    .forEach(marker -> storage().fanOut().advance(marker, WORKER, STEP, nowMillis, LEASE));
        }
        assertThat(storage().fanOut().open(WORKER, 10, nowMillis)).isEmpty();
    }

    private List<Marker> open(String worker) {
        return storage().fanOut().open(worker, 10, NOW);
    }

    private Step advance(Marker marker, String worker) {
        return storage().fanOut().advance(marker, worker, STEP, NOW, LEASE);
    }

    private static Step.Written written(Step step) {
        assertThat(step).isInstanceOf(Step.Written.class);
        return (Step.Written) step;
    }

    private static void assertRepeats(Appended appended) {
        assertThat(appended).isInstanceOf(Appended.Repeated.class);
        assertThat(((Appended.Repeated) appended).seq()).isEqualTo(2);
    }
}
