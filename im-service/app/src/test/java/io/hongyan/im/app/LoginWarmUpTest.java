package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.hongyan.broker.server.GateCounter;
import io.hongyan.im.adapter.mqtt.MqttCounter;
import io.hongyan.im.adapter.sql.StorageCounter;
import io.hongyan.im.adapter.sql.sqlite.SqliteStorage;
import io.hongyan.im.app.config.Settings;
import io.hongyan.im.app.config.SettingsReader;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@Timeout(120)
final class LoginWarmUpTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final Logger LOG = (Logger) LoggerFactory.getLogger(LoginWarmUp.class);

    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @TempDir
    Path directory;

    private Map<String, String> more = Map.of();

    @BeforeEach
    void listen() {
        lines.start();
        LOG.addAppender(lines);
        LOG.setLevel(Level.DEBUG);
    }

    @AfterEach
    void listenNoMore() {
        LOG.setLevel(null);
        LOG.detachAppender(lines);
    }

    private Settings settings() throws Exception {
        Map<String, String> environment = new HashMap<>(Map.of("HONGYAN_DATA_DIRECTORY", directory.toString()));
        environment.putAll(more);
        return SettingsReader.read(null, environment);
    }

    private int logIn(SqliteStorage storage, LongSupplier nanoTime) throws Exception {
        try (LoginWarmUp warmUp =
                new LoginWarmUp(settings(), storage.ports(), Clock.systemUTC(), nanoTime, new SecureRandom())) {
            return warmUp.logIn();
        }
    }

    private SqliteStorage storage() throws Exception {
        Settings settings = settings();
        return SqliteStorage.open(
                settings.storage().sqlite().in(settings.dataDirectory()),
                StorageChoice.rules(settings.messaging()),
                System::nanoTime);
    }

    @Test
    void everyMadeUpClientIsAcceptedAndTheStorageIsNotAsked() throws Exception {
        try (SqliteStorage storage = storage()) {
            List<StorageCounter> asked =
                    List.of(StorageCounter.READS, StorageCounter.READS_REFUSED, StorageCounter.WRITES);
            List<Long> before = asked.stream().map(storage.counters()::value).toList();
            assertThat(logIn(storage, () -> 0)).isEqualTo(2 * LoginWarmUp.USERS_MAX);
            assertThat(asked).extracting(storage.counters()::value).isEqualTo(before);
            assertThat(storage.ports().users().exists("user-0")).isFalse();
        }
    }

    @Test
    void whereSettingsRefuseOneKindOfClientTheOtherLogsIn() throws Exception {
        more = Map.of("HONGYAN_CLIENTS_VERSION_MIN", "9", "HONGYAN_CLIENTS_VERSION_RECOMMENDED", "9");
        try (SqliteStorage storage = storage()) {
            assertThat(logIn(storage, () -> 0)).isEqualTo(LoginWarmUp.USERS_MAX);
        }
    }

    @Test
    void itEndsWhenItsTimeIsOver() throws Exception {
        AtomicLong now = new AtomicLong();
        try (SqliteStorage storage = storage()) {
            // Each look at the clock takes a millisecond.
            int users = logIn(storage, () -> now.getAndAdd(MILLI)) / 2;
            assertThat(users).isBetween(1, LoginWarmUp.USERS_MAX - 1);
            assertThat(now.get() / MILLI)
                    .isBetween(LoginWarmUp.MILLIS_MAX, LoginWarmUp.MILLIS_MAX * (users + 1) / users + 2);
        }
    }

    @Test
    void aServerThatHasWarmedUpLooksAsIfNobodyHadCome() throws Exception {
        try (RunningServer server = RunningServer.start(directory)) {
            assertThat(lines.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .singleElement()
                    .asString()
                    .matches("[1-9][0-9]* made-up clients have logged in");
            String page = server.http("GET", "/metrics").body();
            for (GateCounter counter : GateCounter.values()) {
                assertThat(page).contains("\nhongyan_" + counter.metric() + " 0");
            }
            for (MqttCounter counter : MqttCounter.values()) {
                assertThat(page).contains("\nhongyan_" + counter.metric() + " 0");
            }
            assertThat(page)
                    .contains("\nhongyan_gate_connect_seconds_count 0")
                    .contains("\nhongyan_messaging_sessions_opened_total 0")
                    .contains("\nhongyan_messaging_sessions_closed_total 0")
                    .contains("\nhongyan_messaging_logins_refused_total 0")
                    .contains("\nhongyan_work_done_total{queue=\"logins\"} 0")
                    .contains("\nhongyan_feed_events_stored_total 0")
                    .contains("\nhongyan_feed_events_waiting 0")
                    .contains("\nhongyan_sessions_open 0")
                    .contains("\nhongyan_connections_open 0");
        }
        assertThat(StoredData.<Boolean>ask(directory, storage -> storage.users().exists("user-0")))
                .isFalse();
    }

    @Test
    void aStartGoesOnWithoutIt() throws Exception {
        LoginWarmUp.run(settings(), null, Clock.systemUTC(), new SecureRandom());
        assertThat(lines.list)
                .singleElement()
                .satisfies(line -> assertThat(line.getLevel()).isEqualTo(Level.WARN));
    }
}
