package io.hongyan.im.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.message.SystemUser;
import io.hongyan.im.core.push.Push;
import io.hongyan.im.core.push.PushCounts;
import io.hongyan.im.core.push.PushJob;
import io.hongyan.im.core.push.PushMode;
import io.hongyan.im.core.push.PushState;
import io.hongyan.im.core.push.Pushes.Submitted;
import io.hongyan.im.core.push.Pushes.UserPage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What {@link io.hongyan.im.core.push.Pushes} promises: a job under one id, in one worker's hands, never forgotten. */
public abstract class PushesContract extends StorageContract {
    private static final long LEASE = 1_000;
    private static final byte[] DIGEST = bytes("digest");

    @Test
    void aJobIsThereOnceWhateverIsSubmittedAgain() {
        PushState first = accepted(submit("p1", DIGEST, NOW), false);
        assertThat(first).isEqualTo(new PushState("p1", "orders", PushMode.STORE, PushCounts.NOTHING, NOW, 0));
        storage().reopen();
        assertThat(accepted(submit("p1", DIGEST, NOW + 5), true)).isEqualTo(first);
        assertThat(submit("p1", bytes("other"), NOW)).isInstanceOf(Submitted.OtherPush.class);
        assertThat(storage().pushes().find("p1")).contains(first);
        assertThat(storage().pushes().find("P1")).as("case matters").isEmpty();
        assertThat(take("w1", NOW)).isPresent();
        assertThat(take("w1", NOW)).isEmpty();
    }

    @Test
    void noMoreThanSoManyAreOpen() {
        submit("p1", DIGEST, NOW);
        submit("p2", DIGEST, NOW);
        assertThat(storage().pushes().submit(push("p3", List.of("alice")), DIGEST, NOW, 2))
                .isInstanceOf(Submitted.TooMany.class);
        assertThat(storage().pushes().submit(push("p1", List.of("alice")), DIGEST, NOW, 2))
                .as("one that is known is no new one")
                .isInstanceOf(Submitted.Accepted.class);
        storage().pushes().finish(take("w1", NOW).orElseThrow(), "w1", NOW);
        assertThat(storage().pushes().submit(push("p3", List.of("alice")), DIGEST, NOW, 2))
                .isInstanceOf(Submitted.Accepted.class);
    }

    @Test
    void aJobIsTakenAsItWasSubmittedTheOldestFirst() {
        Push many = new Push("z", "news.@-_", List.of("alice", "bob"), PushMode.ONLINE_ONLY, new byte[] {0, 1, -1});
        storage().pushes().submit(many, DIGEST, NOW, 10);
        storage().pushes().submit(push("a", null), DIGEST, NOW, 10);
        storage().reopen();
        PushJob first = take("w1", NOW).orElseThrow();
        assertThat(first).usingRecursiveComparison().isEqualTo(new PushJob(many, 0, PushCounts.NOTHING));
        PushJob second = take("w1", NOW).orElseThrow();
        assertThat(second.push().forEverybody()).isTrue();
        assertThat(second.push().pushId()).isEqualTo("a");
    }

    @Test
    void aJobGoesOnWhereItWasWhenItsLeaseIsOver() {
        submit("p1", DIGEST, NOW);
        PushJob job = take("w1", NOW).orElseThrow();
        PushCounts counts = new PushCounts(7, 3, 0, 2, 2, List.of("c", "d"), List.of("x", "y"));
        PushJob advanced = new PushJob(job.push(), 7, counts);
        assertThat(storage().pushes().advance(advanced, "w1", NOW + 600, LEASE)).isTrue();
        assertThat(take("w2", NOW + 1_500)).as("the lease was renewed").isEmpty();
        storage().reopen();
        assertThat(storage().pushes().find("p1").orElseThrow().counts()).isEqualTo(counts);

        PushJob resumed = take("w2", NOW + 1_700).orElseThrow();
        assertThat(resumed).usingRecursiveComparison().isEqualTo(advanced);
        PushJob late = new PushJob(job.push(), 9, counts);
        assertThat(storage().pushes().advance(late, "w1", NOW + 1_700, LEASE)).isFalse();
        assertThat(storage().pushes().finish(late, "w1", NOW + 1_700)).isFalse();
        assertThat(storage().pushes().advance(late, "w2", NOW + 3_000, LEASE))
                .as("its own lease is over")
                .isFalse();
    }

    @Test
    void whatAWorkerHeldIsFreeAtOnceWhenItGivesItBack() {
        submit("p1", DIGEST, NOW);
        submit("p2", DIGEST, NOW);
        PushJob job = take("w1", NOW).orElseThrow();
        take("w2", NOW).orElseThrow();
        storage().pushes().release("nobody");
        assertThat(take("w1", NOW)).isEmpty();

        storage().pushes().release("w1");
        assertThat(storage().pushes().advance(job, "w1", NOW, LEASE))
                .as("it is not held any more")
                .isFalse();
        assertThat(take("w1", NOW).orElseThrow().push().pushId()).isEqualTo("p1");
        assertThat(take("w3", NOW)).as("what others hold stays theirs").isEmpty();
    }

    @Test
    void aFinishedJobIsNotTakenAgainAndKeepsItsCounts() {
        submit("p1", DIGEST, NOW);
        PushJob job = take("w1", NOW).orElseThrow();
        PushCounts counts = new PushCounts(2, 1, 0, 0, 1, List.of(), List.of("nobody"));
        assertThat(storage().pushes().finish(new PushJob(job.push(), 2, counts), "w1", NOW + 9))
                .isTrue();
        storage().reopen();
        assertThat(take("w1", NOW + 100_000)).isEmpty();
        PushState state = accepted(submit("p1", DIGEST, NOW), true);
        assertThat(state).isEqualTo(new PushState("p1", "orders", PushMode.STORE, counts, NOW, NOW + 9));
        assertThat(state.finished()).isTrue();
        assertThat(storage().pushes().finish(job, "w1", NOW + 10)).isFalse();
    }

    @Test
    void finishedJobsAreForgottenAfterAWhile() {
        for (int i = 1; i <= 3; i++) {
            submit("p" + i, DIGEST, NOW);
            storage().pushes().finish(take("w1", NOW).orElseThrow(), "w1", NOW + i);
        }
        submit("open", DIGEST, NOW);
        assertThat(storage().pushes().forget(NOW + 3, 1)).isEqualTo(1);
        assertThat(storage().pushes().forget(NOW + 3, 10)).isEqualTo(1);
        assertThat(storage().pushes().find("p2")).isEmpty();
        assertThat(storage().pushes().find("p3")).isPresent();
        assertThat(storage().pushes().find("open")).isPresent();
        accepted(submit("p1", bytes("other"), NOW), false);
    }

    @Test
    void everybodyIsGoneThroughInPages() {
        assertThat(storage().pushes().users(0, 10).uids()).isEmpty();
        users("carol", "alice", "bob");
        List<String> all = new ArrayList<>();
        UserPage page = storage().pushes().users(0, 2);
        while (!page.uids().isEmpty()) {
            assertThat(page.uids()).hasSizeLessThanOrEqualTo(2);
            all.addAll(page.uids());
            page = storage().pushes().users(page.next(), 2);
        }
        assertThat(all).containsExactly("carol", "alice", "bob").doesNotContain(SystemUser.UID);
    }

    private static Push push(String id, List<String> recipients) {
        return new Push(id, "orders", recipients, PushMode.STORE, bytes("content"));
    }

    private Submitted submit(String id, byte[] digest, long now) {
        return storage().pushes().submit(push(id, List.of("alice")), digest, now, 100);
    }

    private Optional<PushJob> take(String worker, long now) {
        return storage().pushes().take(worker, now, LEASE);
    }

    private static PushState accepted(Submitted submitted, boolean known) {
        assertThat(submitted).isInstanceOf(Submitted.Accepted.class);
        Submitted.Accepted accepted = (Submitted.Accepted) submitted;
        assertThat(accepted.known()).isEqualTo(known);
        return accepted.state();
    }
}
