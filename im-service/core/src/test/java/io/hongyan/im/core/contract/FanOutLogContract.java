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
import io.hongyan.im.core.send.FanOutLog.Written;
import io.hongyan.starters.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a {@link FanOutLog} promises: every recipient once, in order, whoever does the work and whatever stops it. */
public abstract class FanOutLogContract extends GroupStorageContract {
    private static final String[] FIVE = {"a1", "a2", "a3", "a4", "a5"};

    @Test
    void nothingIsOpenWhereEverythingIsInline() {
        group("a1", "a2", "a3", "a4");
        sent("a1", "m1");

        assertThat(open(WORKER)).isEmpty();
        assertThat(advance(new Marker(GROUP, 2), WORKER)).isEmpty();
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
            Written step = only(advance(marker, WORKER));
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
        assertThat(advance(marker, WORKER)).isEmpty();
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

        assertThat(advance(new Marker(GROUP, 2), WORKER)).isEmpty();
        assertThat(open(WORKER)).containsExactly(new Marker(GROUP, 1));
        while (!advance(new Marker(GROUP, 1), WORKER).get(0).done()) {
            assertThat(open(WORKER)).containsExactly(new Marker(GROUP, 1));
        }
        assertThat(open(WORKER)).containsExactly(new Marker(GROUP, 2));
        assertThat(only(advance(new Marker(GROUP, 2), WORKER)).message().seq()).isEqualTo(2);
    }

    @Test
    void oneStepTakesAllEntriesThatWaitAsFarAsItGoes() {
        groupOfFive();
        sent("a1", "m1");
        sent("a2", "m2");
        Marker marker = new Marker(GROUP, 1);

        List<Written> first = storage()
                .fanOut()
                .advance(List.of(marker), WORKER, 12, NOW, LEASE)
                .written();
        assertThat(first).extracting(one -> one.message().seq()).containsExactly(1L, 2L, 3L);
        assertThat(first).extracting(one -> one.positions().size()).containsExactly(5, 5, 2);
        assertThat(first).extracting(Written::done).containsExactly(true, true, false);
        assertThat(open("another")).as("the lease is that of the whole step").isEmpty();
        for (InboxPosition position : first.get(2).positions()) {
            assertThat(position.seq()).isEqualTo(3);
        }

        Written rest = only(advance(new Marker(GROUP, 3), WORKER));
        assertThat(rest.positions())
                .hasSize(STEP)
                .doesNotContainAnyElementsOf(first.get(2).positions());
        fanOutAll();
        for (String uid : FIVE) {
            assertThat(entriesOf(uid)).containsExactly(1L, 2L, 3L);
        }
    }

    @Test
    void oneStepServesConversationsInTurnAsFarAsItGoes() {
        users(FIVE);
        List<Marker> markers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            append(change("g" + i, "a1", "r", new Created("a1", "n", false, 0, List.of("a2", "a3", "a4", "a5"))));
            markers.add(new Marker(Conversation.group("g" + i), 1));
        }
        advance(markers.get(1), "another");

        Step step = storage().fanOut().advance(markers, WORKER, 8, NOW, LEASE);

        assertThat(step.served()).as("nobody's turn, and another's, count").isEqualTo(3);
        assertThat(step.written())
                .extracting(one -> one.message().conversation().id())
                .containsExactly("g0", "g2");
        assertThat(step.written()).extracting(one -> one.positions().size()).containsExactly(5, 3);
        assertThat(storage()
                        .fanOut()
                        .advance(markers.subList(3, 4), WORKER, 8, NOW, LEASE)
                        .served())
                .isEqualTo(1);
        assertThat(storage().inbox().head("a1")).as("of g0, g1, g2 and g3").isEqualTo(4);
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

        assertThat(advance(marker, "two")).isEmpty();
        assertThat(open("two")).isEmpty();
        assertThat(open("one")).containsExactly(marker);
        assertThat(advance(marker, "one")).isNotEmpty();
    }

    @Test
    void leaseIsRenewedByEachStepAndOverAtItsEnd() {
        groupOfFive();
        Marker marker = new Marker(GROUP, 1);
        advance(marker, "one", 1, NOW);
        advance(marker, "one", 1, NOW + 5);

        assertThat(storage().fanOut().open("two", 10, NOW + LEASE + 4)).isEmpty();
        assertThat(advance(marker, "two", 1, NOW + LEASE + 4)).isEmpty();
        assertThat(storage().fanOut().open("two", 10, NOW + LEASE + 5)).containsExactly(marker);
        assertThat(advance(marker, "two", 1, NOW + LEASE + 5)).isNotEmpty();
        assertThat(advance(marker, "one", 1, NOW + LEASE + 6))
                .as("the late one has lost it")
                .isEmpty();
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
            done = only(advance(marker, "worker-" + ++steps, 1, now)).done();
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
        List<InboxPosition> before = only(advance(marker, "one", 3, NOW)).positions();

        storage().reopen();

        assertThat(advance(marker, "two")).isEmpty();
        assertThat(open("one")).containsExactly(marker);
        Written after = only(advance(marker, "one", 2, NOW));
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

    static List<Long> seeds() {
        return Seeds.of(FanOutLogContract.class);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void twoWorkersThatStopAndTakeOverAtRandomDeliverOnceAndInOrder(long seed) {
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
                    advance(marker, worker, 1 + random.nextInt(12), now);
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
            storage().fanOut().open(WORKER, 10, nowMillis).forEach(marker -> advance(marker, WORKER, STEP, nowMillis));
        }
        assertThat(storage().fanOut().open(WORKER, 10, nowMillis)).isEmpty();
    }

    private List<Marker> open(String worker) {
        return storage().fanOut().open(worker, 10, NOW);
    }

    private List<Written> advance(Marker marker, String worker) {
        return advance(marker, worker, STEP, NOW);
    }

    private List<Written> advance(Marker marker, String worker, int recipientsMax, long nowMillis) {
        Step step = storage().fanOut().advance(List.of(marker), worker, recipientsMax, nowMillis, LEASE);
        assertThat(step.served()).isEqualTo(1);
        assertThat(step.written().stream()
                        .mapToInt(one -> one.positions().size())
                        .sum())
                .isLessThanOrEqualTo(recipientsMax);
        return step.written();
    }

    private static Written only(List<Written> written) {
        assertThat(written).hasSize(1);
        return written.get(0);
    }

    private static void assertRepeats(Appended appended) {
        assertThat(appended).isInstanceOf(Appended.Repeated.class);
        assertThat(((Appended.Repeated) appended).seq()).isEqualTo(2);
    }
}
