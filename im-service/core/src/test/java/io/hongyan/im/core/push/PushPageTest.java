package io.hongyan.im.core.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.Storage;
import io.hongyan.im.core.message.SendOutcome;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.session.LocalSessionDirectory;
import io.hongyan.im.core.simulation.InMemoryStorage;
import io.hongyan.metrics.Counters;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How much of a push is handed in at once. */
final class PushPageTest {
    private static final int LARGE = 64 << 10;

    private final Storage storage = new InMemoryStorage().ports();
    private final List<Draft> handedIn = new ArrayList<>();
    private long now = 1_800_000_000_000L;

    private List<Draft> firstPage(int contentBytes) {
        List<String> all = IntStream.range(0, 5_000).mapToObj(i -> "u" + i).toList();
        all.forEach(storage.users()::ensure);
        storage.pushes()
                .submit(new Push("p", "news", all, PushMode.STORE, new byte[contentBytes]), new byte[1], now, 9);
        PushRunner.Tools tools = new PushRunner.Tools(
                storage.pushes(),
                (draft, origin) -> {
                    handedIn.add(draft);
                    return new CompletableFuture<SendOutcome>();
                },
                storage.users(),
                new LocalSessionDirectory(),
                null,
                PushEvents.NONE,
                () -> Instant.ofEpochMilli(now));
        PushRunner runner = new PushRunner(tools, "one", PushLimits.DEFAULT, new Counters<>(PushCounter.class));
        for (int i = 0; i < 2; i++) {
            now += 1_000;
            runner.runOnce();
        }
        return handedIn;
    }

    @Test
    void smallContentGoesToManyAtOnce() {
        assertThat(firstPage(100)).hasSizeGreaterThan(500);
    }

    @Test
    void largeContentGoesToFewSoThatTheLaneHasRoomForOthers() {
        List<Draft> page = firstPage(LARGE);
        assertThat(page).isNotEmpty();
        assertThat(page.size() * LARGE).isLessThanOrEqualTo(5 << 20);
    }
}
