package io.hongyan.im.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.hint.Hints.Claim;
import io.hongyan.im.core.hint.Hints.Newest;
import io.hongyan.im.core.hint.Hints.Question;
import io.hongyan.im.core.hint.Hints.Slice;
import io.hongyan.im.core.hint.Hints.Undelivered;
import io.hongyan.im.core.inbox.Devices.CursorMove;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.receipt.Marks.Mark;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What {@link io.hongyan.im.core.hint.Hints} promises: counts that are true, and claims that one asker wins. */
public abstract class HintsContract extends StorageContract {
    private static final DeviceKey BOBS = new DeviceKey("bob", PHONE);
    private static final Conversation ALICE_BOB = Conversation.direct("alice", "bob");

    @Test
    void whatNoDeviceHasReceivedIsCounted() {
        users("alice", "bob");
        append(NOW + 1, draft("alice", "bob", "m1"));
        append(NOW + 2, draft("alice", "bob", "m2"));

        assertThat(ask("bob", 0))
                .isEqualTo(new Undelivered("bob", 0, 2, 2, new Newest(2, ALICE_BOB, "alice", NOW + 2), 0));
        assertThat(ask("bob", 1).count()).as("above what the asker knows").isEqualTo(1);
        assertThat(ask("bob", 2)).isEqualTo(new Undelivered("bob", 2, 2, 0, null, 0));
    }

    @Test
    void theHighestCursorOfAllDevicesCounts() {
        users("alice", "bob");
        append(draft("alice", "bob", "m1"), draft("alice", "bob", "m2"), draft("alice", "bob", "m3"));
        storage().devices().register(BOBS, 8, NOW);
        storage().devices().register(new DeviceKey("bob", "ios:tablet"), 8, NOW);
        storage().devices().moveCursors(List.of(new CursorMove(BOBS, 2)), NOW);

        assertThat(ask("bob", 0))
                .extracting(Undelivered::cursor, Undelivered::count)
                .containsExactly(2L, 1);
        assertThat(ask("bob", 3).cursor()).isEqualTo(3);
    }

    @Test
    void ownMessagesAndReadEventsDoNotCount() {
        users("alice", "bob");
        append(draft("alice", "bob", "m1"), draft("bob", "alice", "own"));
        storage().marks().appendReadEvents(List.of(new Mark("bob", ALICE_BOB, 1, 1, 1)));

        Undelivered fact = ask("bob", 0);
        assertThat(fact.headSeq()).isEqualTo(3);
        assertThat(fact.count()).isEqualTo(1);
        assertThat(fact.newest().inboxSeq()).isEqualTo(1);
        assertThat(ask("bob", 1)).isEqualTo(new Undelivered("bob", 1, 3, 0, null, 0));
    }

    @Test
    void onlyTheNewestEntriesAreLookedAt() {
        users("alice", "bob");
        for (int i = 1; i <= 8; i++) {
            append(draft("alice", "bob", "m" + i));
        }
        Undelivered fact = storage()
                .hints()
                .undelivered(List.of(new Question("bob", 0)), 3)
                .undelivered()
                .get(0);
        assertThat(fact.count()).isEqualTo(3);
        assertThat(fact.newest().inboxSeq()).isEqualTo(8);
    }

    @Test
    void usersThatDoNotExistArePassedOver() {
        users("alice");
        assertThat(storage()
                        .hints()
                        .undelivered(List.of(new Question("nobody", 0), new Question("alice", 0)), 10)
                        .undelivered())
                .containsExactly(new Undelivered("alice", 0, 0, 0, null, 0));
        assertThat(storage().hints().undelivered(List.of(), 10).undelivered()).isEmpty();
        assertThat(storage().hints().claim(List.of(new Claim("nobody", 1))).uids())
                .isEmpty();
        assertThat(storage().hints().claim(List.of()).uids()).isEmpty();
    }

    @Test
    void aNumberIsClaimedOnceAndStaysClaimed() {
        users("alice", "bob");
        assertThat(claim("bob", 5)).isTrue();
        assertThat(claim("bob", 5)).isFalse();
        assertThat(claim("bob", 4)).isFalse();
        storage().reopen();
        assertThat(claim("bob", 5)).isFalse();
        assertThat(ask("bob", 0).hintedSeq()).isEqualTo(5);
        assertThat(claim("bob", 6)).isTrue();
        assertThat(storage()
                        .hints()
                        .claim(List.of(new Claim("bob", 6), new Claim("alice", 1)))
                        .uids())
                .containsExactly("alice");
    }

    @Test
    void ofManyAskersOneWins() throws Exception {
        users("bob");
        int askers = 8;
        ExecutorService threads = Executors.newFixedThreadPool(askers);
        try {
            for (long seq = 1; seq <= 20; seq++) {
                long claimed = seq;
                List<Callable<Boolean>> tries = new ArrayList<>();
                for (int i = 0; i < askers; i++) {
                    tries.add(() -> claim("bob", claimed));
                }
                int won = 0;
                for (Future<Boolean> answer : threads.invokeAll(tries)) {
                    won += answer.get() ? 1 : 0;
                }
                assertThat(won).isEqualTo(1);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void whatWasStoredShortlyBeforeAndNeitherReceivedNorToldIsFound() {
        users("alice", "bob", "carol", "dave", "erin");
        append(NOW - 1, draft("alice", "bob", "old"));
        append(NOW, draft("alice", "carol", "received"), draft("alice", "dave", "told"), draft("alice", "erin", "m1"));
        DeviceKey carols = new DeviceKey("carol", PHONE);
        storage().devices().register(carols, 8, NOW);
        storage().devices().moveCursors(List.of(new CursorMove(carols, 1)), NOW);
        claim("dave", 1);
        storage().devices().register(new DeviceKey("alice", PHONE), 8, NOW);
        storage().devices().moveCursors(List.of(new CursorMove(new DeviceKey("alice", PHONE), 4)), NOW);

        assertThat(recent(100)).containsExactly("erin 1");
    }

    @Test
    void recentInboxesAreFoundInSlicesOfUsers() {
        users("alice");
        Set<String> expected = new TreeSet<>();
        for (int i = 1; i <= 7; i++) {
            users("peer" + i);
            append(NOW, draft("alice", "peer" + i, "m1"));
            expected.add("peer" + i + " 1");
        }
        claim("alice", 7);
        assertThat(recent(2)).containsExactlyElementsOf(expected);
    }

    private Undelivered ask(String uid, long cursor) {
        return storage()
                .hints()
                .undelivered(List.of(new Question(uid, cursor)), 1_000)
                .undelivered()
                .get(0);
    }

    private boolean claim(String uid, long seq) {
        return storage().hints().claim(List.of(new Claim(uid, seq))).uids().contains(uid);
    }

    private Collection<String> recent(int usersMax) {
        Set<String> found = new TreeSet<>();
        long next = 0;
        do {
            Slice slice = storage().hints().recent(next, NOW, usersMax);
            slice.heads().forEach(head -> found.add(head.uid() + ' ' + head.inboxSeq()));
            next = slice.nextUser();
        } while (next != 0);
        return found;
    }
}
