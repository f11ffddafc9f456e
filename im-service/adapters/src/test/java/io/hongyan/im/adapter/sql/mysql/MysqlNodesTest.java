package io.hongyan.im.adapter.sql.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.work.PeriodicTask;
import io.hongyan.starters.MariaDb;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers on one database that do not meet in Redis keep each other away. */
@Tag("servers")
@Timeout(120)
class MysqlNodesTest {
    private static final MariaDb SERVER = MariaDb.shared();

    private final MysqlSettings settings = MysqlFixture.settings(SERVER, "nodes");
    private final List<String> conflicts = new CopyOnWriteArrayList<>();
    private ShardedStorage first;
    private ShardedStorage second;

    @BeforeEach
    void open() {
        new ShardedFixture(MysqlFixture.alone(settings), GroupLimits.DEFAULT).close();
        first = MysqlFixture.open(settings, GroupLimits.DEFAULT);
        second = MysqlFixture.open(settings, GroupLimits.DEFAULT);
    }

    @AfterEach
    void close() {
        first.close();
        second.close();
    }

    private static void renew(ShardedStorage storage) {
        storage.tasks().stream()
                .filter(task -> task.name().contains("renew the registration of this node"))
                .map(PeriodicTask::work)
                .forEach(Runnable::run);
    }

    private void makeOld(String node) {
        MysqlFixture.execute(settings, "UPDATE im_node SET lease_until = 1 WHERE node = '" + node + "'");
    }

    @Test
    void aSecondOneIsRefusedWhileTheFirstSaysThatItIsThere() {
        first.join("a", false, "s", conflicts::add);
        CompletableFuture<Void> joining =
                CompletableFuture.runAsync(() -> second.join("b", false, "s", conflicts::add));
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            renew(first);
            return joining.isDone();
        });
        assertThatThrownBy(joining::join)
                .hasCauseInstanceOf(StorageException.class)
                .hasMessageContaining("the node a uses the database")
                .hasMessageContaining("redis.servers");
        assertThat(conflicts).isEmpty();
    }

    @Test
    void theSameOneStartsAgainAtOnceAfterACrash() {
        first.join("a", false, "s", conflicts::add);
        second.join("a", false, "s", conflicts::add);
        // So the first has crashed; else its data directory was copied.
        renew(first);
        assertThat(conflicts).singleElement().asString().contains("same node-id a");
        renew(second);
        assertThat(conflicts).hasSize(1);
    }

    @Test
    void anotherTakesThePlaceOfOneThatIsGoneAfterItsLease() {
        first.join("a", false, "s", conflicts::add);
        CompletableFuture<Void> joining =
                CompletableFuture.runAsync(() -> second.join("b", false, "s", conflicts::add));
        makeOld("a");
        joining.join();
        // It was only held up.
        renew(first);
        assertThat(conflicts).singleElement().asString().contains("the node b uses the database");
        renew(second);
        assertThat(conflicts).hasSize(1);
    }

    @Test
    void severalThatAreGoneKeepNobodyAway() {
        first.join("a", true, "s", conflicts::add);
        second.join("b", true, "s", conflicts::add);
        try (ShardedStorage third = MysqlFixture.open(settings, GroupLimits.DEFAULT)) {
            CompletableFuture<Void> joining =
                    CompletableFuture.runAsync(() -> third.join("c", false, "s", conflicts::add));
            makeOld("a");
            makeOld("b");
            joining.join();
        }
        assertThat(conflicts).isEmpty();
    }

    @Test
    void oneThatWasHeldUpAndIsStillAloneGoesOn() {
        first.join("a", false, "s", conflicts::add);
        makeOld("a");
        renew(first);
        assertThat(conflicts).isEmpty();
        first.close();
        second.join("b", false, "s", conflicts::add);
        assertThat(conflicts).isEmpty();
    }

    @Test
    void ofTwoNodesOneTrimsAndWhenItIsGoneTheOther() {
        first.ports().users().ensure("u1");
        assertThat(nextUser(first)).as("all users seen").isZero();
        assertThat(nextUser(second)).as("left to the first").isEqualTo(7);
        first.close();
        await().atMost(Duration.ofSeconds(30)).until(() -> nextUser(second) == 0);
    }

    @Test
    void oneWithAnotherTokenSecretIsRefused() {
        first.join("a", true, "one secret", conflicts::add);
        CompletableFuture<Void> joining =
                CompletableFuture.runAsync(() -> second.join("b", true, "another", conflicts::add));
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            renew(first);
            return joining.isDone();
        });
        assertThatThrownBy(joining::join).hasMessageContaining("copy the file token-secret");
        first.close();
        second.join("b", true, "another", conflicts::add);
        assertThat(conflicts).isEmpty();
    }

    private static long nextUser(ShardedStorage storage) {
        return storage.ports().trimmer().trim(7, 0, 100, 10).nextUser();
    }

    @Test
    void thoseThatMeetInRedisShareTheDatabaseButNotWithOneThatDoesNot() {
        first.join("a", true, "s", conflicts::add);
        second.join("b", true, "s", conflicts::add);
        renew(first);
        renew(second);
        assertThat(conflicts).isEmpty();
        try (ShardedStorage third = MysqlFixture.open(settings, GroupLimits.DEFAULT)) {
            CompletableFuture<Void> joining =
                    CompletableFuture.runAsync(() -> third.join("c", false, "s", conflicts::add));
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                renew(first);
                renew(second);
                return joining.isDone();
            });
            assertThatThrownBy(joining::join).hasMessageContaining("this one has no Redis");
        }
    }
}
