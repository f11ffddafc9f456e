package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class ServerThreadsTest {
    @Test
    void deadThreadKeepsTheServerFromBeingReady() {
        AtomicBoolean alive = new AtomicBoolean(true);
        ServerThreads threads = new ServerThreads();
        threads.of(watch -> watch.mustLive("the lane", alive::get), null);
        ServerReadiness readiness = new ServerReadiness(null);
        readiness.require(threads);
        readiness.started();
        assertThat(readiness.obstacles()).isEmpty();
        alive.set(false);
        assertThat(readiness.obstacles())
                .containsExactly("A thread the server depends on is missing: the lane has died.");
    }
}
