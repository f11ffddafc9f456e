package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("servers")
final class HangupSignalTest {
    private final AtomicInteger first = new AtomicInteger();
    private final AtomicInteger second = new AtomicInteger();

    private static void raise() throws Exception {
        Class<?> signal = Class.forName("sun.misc.Signal");
        signal.getMethod("raise", signal)
                .invoke(null, signal.getConstructor(String.class).newInstance("HUP"));
    }

    /** Certificates and limits are read again by different parts. */
    @Test
    void everyTaskIsRunWhateverBecomesOfTheOthers() throws Exception {
        Runnable fails = () -> {
            first.incrementAndGet();
            throw new IllegalStateException("cannot");
        };
        HangupSignal.add(fails);
        HangupSignal.add(second::incrementAndGet);
        raise();
        await().atMost(Duration.ofSeconds(30)).until(() -> first.get() == 1 && second.get() == 1);
        HangupSignal.remove(fails);
        raise();
        await().atMost(Duration.ofSeconds(30)).until(() -> second.get() == 2);
        assertThat(first).hasValue(1);
    }
}
