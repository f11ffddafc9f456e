package io.hongyan.im.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.feed.FeedBody.Reported;
import io.hongyan.im.core.feed.FeedEvent;
import io.hongyan.im.core.feed.FeedPartitions.Held;
import io.hongyan.im.core.feed.FeedPosition;
import io.hongyan.im.core.feed.Occurrence;
import io.hongyan.im.core.feed.Partitions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process is killed while it appends events and moves positions; what it was told is stored is there. */
@Timeout(120)
class EventKillTest {
    private static final int KILLS = 3;

    @TempDir
    Path directory;

    @Test
    void eventsAndPositionsSurviveKillingTheProcess() throws IOException, InterruptedException {
        long seed = Long.getLong("seed", new Random().nextLong());
        System.out.println("eventsAndPositionsSurviveKillingTheProcess: seed " + seed);
        Random random = new Random(seed);
        List<String> acknowledged = new ArrayList<>();
        for (int kill = 0; kill < KILLS; kill++) {
            acknowledged.addAll(appendUntilKilled("run" + kill, 20 + random.nextInt(80)));
        }

        try (SqliteStorage storage = SqliteStorage.open(SqliteSettings.defaults(directory), System::nanoTime)) {
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

    private List<String> appendUntilKilled(String run, int lines) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Appender.class.getName(),
                        directory.toString(),
                        run)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> printed = new ArrayList<>();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
            String line = output.readLine();
            while (line != null) {
                // The last line may be cut in two by the kill.
                if (line.endsWith(".")) {
                    printed.add(line.substring(0, line.length() - 1));
                }
                if (printed.size() == lines) {
                    // Unlike Process.destroyForcibly this leaves the pipe open, with what was printed in it.
                    process.toHandle().destroyForcibly();
                }
                line = output.readLine();
            }
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor()).as("killed, not ended").isEqualTo(137);
        assertThat(printed.size()).isGreaterThanOrEqualTo(lines);
        return printed;
    }

    /** The process that is killed: appends an event, moves all positions behind it, prints its name, for ever. */
    static final class Appender {
        public static void main(String[] arguments) {
            SqliteStorage storage =
                    SqliteStorage.open(SqliteSettings.defaults(Path.of(arguments[0])), System::nanoTime);
            var feed = storage.ports().feed();
            List<Held> held = feed.partitions().claim(arguments[1], Partitions.all(), 1, 1);
            for (int i = 0; i < 1_000_000; i++) {
                String name = arguments[1] + "-" + i;
                feed.events().append(List.of(new Occurrence(i, new Reported("alice", "iot:a", name, new byte[100]))));
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
