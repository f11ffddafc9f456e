package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class ServerReadinessTest {
    @TempDir
    Path directory;

    @Test
    void itIsReadyBetweenStartAndStopWhileAllIsWell() {
        AtomicBoolean well = new AtomicBoolean(true);
        ServerReadiness readiness = new ServerReadiness(directory);
        readiness.require(well::get, "Something is wrong.");
        assertThat(readiness.obstacles()).containsExactly("The server is starting.");
        readiness.started();
        assertThat(readiness.obstacles()).isEmpty();
        well.set(false);
        assertThat(readiness.obstacles()).containsExactly("Something is wrong.");
        readiness.stopping();
        assertThat(readiness.obstacles()).containsExactly("The server is stopping.");
    }

    @Test
    void aDirectoryThatCannotBeWrittenIsNamed() {
        ServerReadiness readiness = new ServerReadiness(directory.resolve("missing"));
        readiness.started();
        assertThat(readiness.obstacles()).containsExactly("The data directory cannot be written.");
    }
}
