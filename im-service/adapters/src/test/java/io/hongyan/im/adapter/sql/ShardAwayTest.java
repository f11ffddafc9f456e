package io.hongyan.im.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Appended.InboxPosition;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.send.FanOutLog.Marker;
import io.hongyan.starters.MariaDb;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One of two servers is killed: only what concerns it fails, and what waited for it comes when it is back. */
@Timeout(180)
class ShardAwayTest {
    private static final long NOW = 1_800_000_000_000L;

    private static String user(Predicate<String> wanted) {
        return IntStream.range(0, 10_000)
                .mapToObj(i -> "u" + i)
                .filter(wanted)
                .findFirst()
                .orElseThrow();
    }

    private static boolean inOne(String uid) {
        return Slots.ofUser(uid) < 512;
    }

    private static boolean inOne(Conversation conversation) {
        return Slots.of(conversation) < 512;
    }

    private static Draft draft(String from, String to, String id) {
        return new Draft(Conversation.direct(from, to), from, "android:phone", id, new byte[] {1});
    }

    @Test
    void whatConcernsTheOtherDatabaseGoesOn() {
        try (MariaDb second = MariaDb.started()) {
            ShardedFixture.drop(MariaDb.shared(), "away_one");
            Map<String, MysqlSettings> databases = new LinkedHashMap<>();
            databases.put("one", MysqlFixture.settings(MariaDb.shared(), "away_one"));
            databases.put("two", MysqlFixture.settings(second, "away_two"));
            try (ShardedStorage storage = ShardedFixture.open(new ShardedSettings(databases), GroupLimits.DEFAULT)) {
                goOn(storage, second);
            }
        }
    }

    private static void goOn(ShardedStorage storage, MariaDb second) {
        String here = user(ShardAwayTest::inOne);
        String near = user(uid -> inOne(uid) && !uid.equals(here) && inOne(Conversation.direct(here, uid)));
        String far = user(uid -> !inOne(uid) && !inOne(Conversation.direct(here, uid)));
        String between = user(uid -> !inOne(uid) && inOne(Conversation.direct(here, uid)));
        List.of(here, near, far, between).forEach(storage.ports().users()::ensure);
        append(storage, draft(here, near, "a1"), draft(here, far, "a2"), draft(here, between, "a3"));

        second.kill();
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            append(storage, draft(here, far, "looks"));
            return storage.counters().values().get("two_away") == 1;
        });
        List<Appended> results =
                append(storage, draft(here, near, "b1"), draft(here, far, "b2"), draft(here, between, "b3"));

        assertThat(results.get(0)).isInstanceOf(Appended.Stored.class);
        assertThat(results.get(1)).isInstanceOf(Appended.NotStored.class);
        Appended.Stored left = (Appended.Stored) results.get(2);
        assertThat(left.fanOut()).isEqualTo(Appended.FanOut.BY_MARKER);
        assertThat(left.positions()).extracting(InboxPosition::uid).containsExactly(here);
        assertThat(storage.ports().inbox().head(near)).isEqualTo(2);
        List<Marker> open = storage.ports().fanOut().open("worker", 10, NOW);
        assertThat(open).hasSize(1);
        assertThat(storage.ports()
                        .fanOut()
                        .advance(open, "worker", 10, NOW, 1_000)
                        .written())
                .isEmpty();

        second.start();
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            storage.tasks().get(1).work().run();
            return storage.counters().values().get("two_away") == 0;
        });
        assertThat(append(storage, draft(here, far, "b2")).get(0))
                .isInstanceOfAny(Appended.Stored.class, Appended.Repeated.class);
        List<Marker> again = storage.ports().fanOut().open("worker", 10, NOW + 5_000);
        storage.ports().fanOut().advance(again, "worker", 10, NOW + 5_000, 1_000);
        assertThat(storage.ports().inbox().head(between)).isEqualTo(2);
        assertThat(storage.ports().fanOut().open("worker", 10, NOW + 10_000)).isEmpty();
    }

    /** Gives nothing where all of it has failed. */
    private static List<Appended> append(ShardedStorage storage, Draft... drafts) {
        try {
            return storage.ports().log().append(List.of(drafts), NOW);
        } catch (StorageException trouble) {
            return List.of();
        }
    }
}
