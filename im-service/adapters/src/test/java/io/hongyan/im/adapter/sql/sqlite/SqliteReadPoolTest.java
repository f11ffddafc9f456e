package io.hongyan.im.adapter.sql.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hongyan.im.adapter.sql.StorageCounter;
import io.hongyan.im.adapter.sql.StorageCounters;
import io.hongyan.im.adapter.sql.UserMapper;
import io.hongyan.im.core.contract.StorageContract;
import io.hongyan.im.core.message.StorageException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SqliteReadPoolTest {
    @TempDir
    Path directory;

    private final StorageCounters counters = new StorageCounters();
    private final AtomicInteger opened = new AtomicInteger();
    private SqliteStorage storage;
    private SqliteReadPool readPool;

    @BeforeEach
    void open() {
        SqliteSettings settings = new SqliteSettings(directory, 1 << 20, 1 << 20, 2, 64, 16, 50, 20_000, 0, 100);
        storage = SqliteStorage.open(settings, StorageContract.rules(), System::nanoTime);
        storage.ports().users().ensure("alice");
        SqliteConnectionFactory connections = new SqliteConnectionFactory(settings);
        readPool = new SqliteReadPool(
                () -> {
                    opened.incrementAndGet();
                    return connections.openReader();
                },
                settings,
                System::nanoTime,
                counters);
    }

    @AfterEach
    void close() {
        readPool.close();
        storage.close();
    }

    @Test
    void connectionIsUsedAgain() {
        for (int i = 0; i < 5; i++) {
            assertThat(exists("alice")).isTrue();
        }

        assertThat(opened).hasValue(1);
    }

    @Test
    void readThatFindsAllConnectionsBusyFailsAfterItsTimeout() throws InterruptedException {
        CountDownLatch gate = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(2);
        CompletableFuture<?> one = CompletableFuture.runAsync(() -> hold(inside, gate));
        CompletableFuture<?> other = CompletableFuture.runAsync(() -> hold(inside, gate));
        inside.await();

        assertThatThrownBy(() -> exists("alice"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("no reading connection");

        gate.countDown();
        CompletableFuture.allOf(one, other).join();
        assertThat(exists("alice")).isTrue();
        assertThat(counters.value(StorageCounter.READS_REFUSED)).isEqualTo(1);
    }

    @Test
    void connectionThatFailedIsReplaced() {
        assertThatThrownBy(() -> readPool.read(connection -> {
                    throw new IllegalStateException("broken");
                }))
                .isInstanceOf(StorageException.class);

        assertThat(exists("alice")).isTrue();
        assertThat(opened).hasValue(2);
    }

    @Test
    void readerCannotWrite() {
        assertThatThrownBy(() -> readPool.read(connection -> {
                    connection.mapper(UserMapper.class).insert("mallory");
                    return null;
                }))
                .isInstanceOf(StorageException.class);

        assertThat(exists("mallory")).isFalse();
    }

    @Test
    void readSeesOneMoment() throws SQLException {
        String uid = "carol";

        boolean seen = readPool.read(connection -> {
            boolean before = connection.loginRows().userId(uid) != null;
            storage.ports().users().ensure(uid);
            return before || connection.loginRows().userId(uid) != null;
        });

        assertThat(seen).isFalse();
        assertThat(exists(uid)).isTrue();
    }

    private boolean exists(String uid) {
        return readPool.read(connection -> connection.loginRows().userId(uid) != null);
    }

    private void hold(CountDownLatch inside, CountDownLatch gate) {
        readPool.read(connection -> {
            inside.countDown();
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return null;
        });
    }
}
