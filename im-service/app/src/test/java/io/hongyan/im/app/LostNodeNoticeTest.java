package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.im.app.client.ChatClient.Received;
import io.hongyan.im.app.client.HiveMq5Client;
import io.hongyan.im.app.client.PahoClient;
import io.hongyan.protocol.v1.Notice;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A notice from one node to another is lost between Redis and the receiver, once, and neither notices. Nothing is sent
 * after it: the receiver finds the gap by itself, from the numbers of what it does get, and reads what it has missed.
 */
@Tag("servers")
@Timeout(180)
final class LostNodeNoticeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private PairOfServers servers;
    private long losses;

    @BeforeEach
    void startServers() throws Exception {
        servers = new PairOfServers(directory);
    }

    @AfterEach
    void stopServers() {
        servers.close();
    }

    @Test
    void messageIsDeliveredAndKickCarriedOutAlthoughNobodyWasToldOfThem() throws Exception {
        RunningServer one = servers.one();
        RunningServer two = servers.two();
        try (PahoClient alice = PahoClient.online(one, "alice:android:phone");
                PahoClient bob = PahoClient.online(two, "bob:android:phone")) {
            alice.send("m1", "bob", "is told");
            await().atMost(PATIENCE).until(() -> bob.inbox().size() == 1);

            long heals = loseOne("nobody hears of it", two);
            long begin = System.nanoTime();
            alice.send("m2", "bob", "nobody hears of it");
            await().atMost(PATIENCE).until(() -> bob.inbox().size() == 2);
            assertMadeUpFor(two, heals, begin);
            assertThat(bob.inbox()).extracting(Received::id).containsExactly("m1", "m2");

            heals = loseOne("ios:tablet", one);
            begin = System.nanoTime();
            try (HiveMq5Client newer = new HiveMq5Client(two, "alice:ios:tablet")) {
                await().atMost(PATIENCE).until(() -> alice.lost() != null);
                assertMadeUpFor(one, heals, begin);
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(alice.others("notice"))
                                .as("told why")
                                .anySatisfy(bytes -> assertThat(Notice.parseFrom(bytes)
                                                .getKicked()
                                                .getByDevice())
                                        .isEqualTo("ios:tablet")));
                assertThat(newer.ended()).isNull();
            }
        }
    }

    /** @return how often the receiver has recovered something so far */
    private long loseOne(String what, RunningServer receiver) {
        AtomicBoolean done = new AtomicBoolean();
        servers.redis().lose(published -> published.contains(what) && !done.getAndSet(true));
        return receiver.metric("peer_heals_total");
    }

    private void assertMadeUpFor(RunningServer receiver, long healsBefore, long beginNanos) {
        System.out.println("made up for after " + (System.nanoTime() - beginNanos) / 1_000_000 + " ms");
        assertThat(servers.redis().lost()).isEqualTo(++losses);
        assertThat(receiver.metric("peer_heals_total")).isGreaterThan(healsBefore);
    }
}
