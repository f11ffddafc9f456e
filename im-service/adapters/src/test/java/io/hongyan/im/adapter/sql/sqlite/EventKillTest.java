package io.hongyan.im.adapter.sql.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.contract.StorageContract;
import io.hongyan.im.core.feed.EventDraft;
import io.hongyan.im.core.feed.FeedBody.Reported;
import io.hongyan.im.core.feed.FeedEvent;
import io.hongyan.im.core.feed.FeedPartitions.Held;
import io.hongyan.im.core.feed.FeedPosition;
import io.hongyan.im.core.feed.Partitions;
import io.hongyan.starters.Seeds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A process is killed while it appends events and moves positions; what it was told is stored is there. */
@Tag("long")
@Timeout(120)
class EventKillTest {
    private static final int KILLS = 3;

    @TempDir
    Path directory;

    static List<Long> seeds() {
        return Seeds.of(EventKillTest.class);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void eventsAndPositionsSurviveKillingTheProcess(long seed) throws IOException, InterruptedException {
        Random random = new Random(seed);
        List<String> acknowledged = new ArrayList<>();
        for (int kill = 0; kill < KILLS; kill++) {
            acknowledged.addAll(KilledProgram.run(Appender.class, 20 + random.nextInt(80), directory, "run" + kill));
        }

        try (SqliteStorage storage =
                SqliteStorage.open(SqliteSettings.defaults(directory), StorageContract.rules(), System::nanoTime)) {
            List<FeedEvent> events = storage.ports()
                    .feed()
                    .feed()
                    .read(FeedPosition.START, FeedPosition.END, Partitions.all(), 1_000_000, 1L << 40)
                    .events();
            assertThat(events.stream().map(event -> ((Reported) event.body()).destination()))
                    .as("seed %d", seed)
                    .containsAll(acknowledged)
                    .doesNotHaveDuplicates();
            for (int i = 0; i < events.size(); i++) {
                assertThat(events.get(i).keySeq()).isEqualTo(i + 1L);
            }
            List<Held> held = storage.ports().feed().partitions().claim("test", Partitions.all(), 2, 3);
            assertThat(held).hasSize(Partitions.COUNT).allSatisfy(one -> {
                assertThat(one.position().event()).isGreaterThanOrEqualTo(acknowledged.size());
                assertThat(one.position().event()).isLessThanOrEqualTo(events.size());
            });
        }
    }

    /** The process that is killed: appends an event, moves all positions behind it, prints its name, for ever. */
    static final class Appender {
        public static void main(String[] arguments) {
            SqliteStorage storage = SqliteStorage.open(
                    SqliteSettings.defaults(Path.of(arguments[0])), StorageContract.rules(), System::nanoTime);
            var feed = storage.ports().feed();
            List<Held> held = feed.partitions().claim(arguments[1], Partitions.all(), 1, 1);
            for (int i = 0; i < 1_000_000; i++) {
                String name = arguments[1] + "-" + i;
                feed.events().append(List.of(new EventDraft(i, new Reported("alice", "iot:a", name, new byte[100]))));
                FeedPosition end = feed.feed()
                        .read(held.get(0).position(), FeedPosition.END, Partitions.all(), 1_000_000, 1L << 40)
                        .next();
                held = held.stream()
                        .map(one -> new Held(one.partition(), end, one.fence()))
                        .toList();
                feed.partitions().moveTo(held);
                System.out.println(name + ".");
                System.out.flush();
            }
        }
    }
}
