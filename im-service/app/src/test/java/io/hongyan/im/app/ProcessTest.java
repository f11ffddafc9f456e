package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.im.app.client.Payloads;
import io.hongyan.im.app.client.RawClient;
import io.hongyan.im.app.client.RawClient.Packet;
import io.hongyan.protocol.v1.Notice;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server as a process: how it starts, how it ends, and what it says when it cannot start. */
@Tag("long")
@Timeout(300)
final class ProcessTest {
    private static final Pattern READY =
            Pattern.compile("ready after \\d+ ms: MQTT 127.0.0.1:(\\d+), WebSocket off, HTTP 127.0.0.1:(\\d+)");
    /** The server itself aborts a stop of more than ten seconds, with exit code 1. */
    private static final long STOP_SECONDS_MAX = 60;

    @TempDir
    Path directory;

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void killWhatIsLeft() {
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    void sigtermTellsTheClientsWritesWhatIsHeldAndEndsWithZero() throws Exception {
        Process server = start("");
        Matcher ready = awaitReady();
        int port = Integer.parseInt(ready.group(1));
        String alice = token(ready.group(2), "alice");
        String bob = token(ready.group(2), "bob");
        try (RawClient sender = new RawClient(port, true);
                RawClient receiver = new RawClient(port, true)) {
            sender.connect("alice:iot:a", "alice", alice, null);
            receiver.connect("bob:iot:b", "bob", bob, null);
            receiver.subscribe(1, 1, "u/bob/#");
            sender.publish(1, 1, "im/send", Payloads.send("m1", "bob", "hello").toByteArray());
            Packet delivery = receiver.read();
            receiver.sendPuback(packetId(delivery, "u/bob/inbox"));
            receiver.ping();

            server.destroy();
            Packet notice = receiver.read();
            assertThat(notice.type()).isEqualTo(RawClient.PUBLISH);
            int payload = 2 + "u/bob/notice".length() + 1;
            assertThat(Notice.parseFrom(Arrays.copyOfRange(notice.body(), payload, notice.body().length))
                            .getGoingAway()
                            .getReconnectAfterMillis())
                    .isEqualTo(1_000);
            Packet disconnect = receiver.read();
            assertThat(disconnect.type()).isEqualTo(RawClient.DISCONNECT);
            assertThat(disconnect.reason()).isEqualTo(0x8B);
        }
        assertThat(server.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
        assertThat(server.exitValue()).isZero();

        start("");
        int portAgain = Integer.parseInt(awaitReady().group(1));
        try (RawClient receiver = new RawClient(portAgain, true)) {
            receiver.connect("bob:iot:b", "bob", bob, null);
            assertThat(receiver.subscribe(1, 1, "u/bob/inbox").reason()).isEqualTo(1);
            assertThat(receiver.ping().type())
                    .as("the cursor was written, so nothing comes before the answer to PING")
                    .isEqualTo(RawClient.PINGRESP);
        }
    }

    @Test
    void aSecondServerOnTheSameDataIsRefused() throws Exception {
        start("");
        awaitReady();
        Process second = start("");
        assertThat(second.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isEqualTo(1);
        assertThat(output()).contains("hongyan: another server uses this data directory: " + data());
    }

    @Test
    void theDataOfANewerVersionIsRefusedWithOneLineAndLeftAsItIs() throws Exception {
        Process server = start("");
        awaitReady();
        server.destroy();
        assertThat(server.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
        Path database = data().resolve("hongyan.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    INSERT INTO im_schema_history (installed_rank, version, description, type, script, checksum,
                        installed_by, execution_time, success)
                    VALUES (99, '99', 'from the future', 'SQL', 'V99__x.sql', 1, 'x', 1, 1)""");
        }
        byte[] before = Files.readAllBytes(database);

        Process older = start("");
        assertThat(older.waitFor(120, TimeUnit.SECONDS)).isTrue();

        assertThat(older.exitValue()).isEqualTo(1);
        assertThat(output().lines().filter(line -> line.startsWith("hongyan: ")))
                .singleElement()
                .asString()
                .matches("hongyan: the database " + Pattern.quote(database.toString())
                        + " was written by a newer version of this program: its tables are of version 99, this program"
                        + " knows them up to \\d+; start the newer version, or restore a backup from before the"
                        + " upgrade");
        assertThat(output()).doesNotContain("ready after").doesNotContain("\tat ");
        assertThat(Files.readAllBytes(database)).isEqualTo(before);
        assertThat(data().resolve("hongyan.db-wal"))
                .satisfiesAnyOf(
                        wal -> assertThat(wal).doesNotExist(),
                        wal -> assertThat(wal).isEmptyFile());
    }

    @Test
    void aPortInUseIsSaidPlainly() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Process mqtt = start("  mqtt: 127.0.0.1:" + taken.getLocalPort() + "\n");
            assertThat(mqtt.waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(mqtt.exitValue()).isEqualTo(1);
            assertThat(output()).contains("cannot listen on 127.0.0.1:" + taken.getLocalPort());
            Process http = start("  http: 127.0.0.1:" + taken.getLocalPort() + "\n");
            assertThat(http.waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(http.exitValue()).isEqualTo(1);
            assertThat(output()).contains("HTTP: cannot listen on 127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    void aBadConfigurationOrArgumentIsMisuse() throws Exception {
        Process server = start("  mqqt: x\n");
        assertThat(server.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(server.exitValue()).isEqualTo(2);
        assertThat(output()).contains("hongyan.yaml:").contains("did you mean listen.mqtt?");
        Process misused = run("--nonsense");
        assertThat(misused.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(misused.exitValue()).isEqualTo(2);
        assertThat(output()).contains("usage: ");
    }

    @Test
    void aPathThatTheLocaleCannotWriteIsRefusedWithTheReason() throws Exception {
        Path configuration =
                Files.writeString(directory.resolve("hongyan.yaml"), "data_directory: " + data() + "/数据\n");
        Process refused = run(Map.of("LC_ALL", "C"), List.of(), "--config", configuration.toString());
        assertThat(refused.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(refused.exitValue()).isEqualTo(2);
        assertThat(output())
                .contains("hongyan.yaml:1: data_directory takes a path that the locale can write: it has ")
                .contains("LC_ALL=C.UTF-8, not '" + data() + "/数据'");
    }

    @Test
    void theLocaleChangesNothingThatIsWritten() throws Exception {
        Path configuration = Files.writeString(
                directory.resolve("hongyan.yaml"),
                "data_directory: " + data()
                        + "\nlisten:\n  mqtt: 127.0.0.1:0\n  websocket: off\n  http: 127.0.0.1:0\n");
        List<String> arabic = List.of("-Duser.language=ar", "-Duser.country=EG", "-Duser.extensions=u-nu-arab");
        run(Map.of("LC_ALL", "C"), arabic, "--config", configuration.toString());
        Matcher ready = awaitReady();
        String port = ready.group(2);
        token(port, "alice");
        String metrics = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                                .build(),
                        BodyHandlers.ofString())
                .body();
        assertThat(metrics).isNotEmpty().matches("\\p{ASCII}*");
        assertThat(output()).matches("\\p{ASCII}*");
        processes.get(0).destroy();
        assertThat(processes.get(0).waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
        assertThat(processes.get(0).exitValue()).isZero();
    }

    /** As scripts/hongyan starts it, with less heap than a start takes. */
    @Test
    void aServerShortOfHeapEnds() throws Exception {
        Path options = Path.of("../../scripts/java.options");
        Process server = run(
                Map.of("HONGYAN_DATA_DIRECTORY", data().toString(), "HONGYAN_LISTEN_MQTT", "127.0.0.1:0"),
                List.of("@" + options, "-Xmx8m"));
        assertThat(server.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(output()).contains("Terminating due to java.lang.OutOfMemoryError");
        assertThat(server.exitValue()).isEqualTo(3);
    }

    @Test
    void dataAndLogAreForTheOwnUserAloneAndTheLogHasALimit() throws Exception {
        Path configuration = Files.writeString(
                directory.resolve("hongyan.yaml"),
                "data_directory: " + data() + "\nlisten:\n  mqtt: 127.0.0.1:0\n  websocket: off\n  http: 127.0.0.1:0\n"
                        + "log:\n  file: server.log\n  bytes_max: 4096\n  files_max: 2\n");
        for (int start = 0; start < 3; start++) {
            Process server = run(
                    List.of("sh", "-c", "umask 0; exec \"$@\"", "sh"),
                    Map.of(),
                    List.of(),
                    "--config",
                    configuration.toString());
            Path log = data().resolve("server.log");
            // While the log is begun anew there is none for a moment.
            await().atMost(Duration.ofSeconds(120))
                    .ignoreException(NoSuchFileException.class)
                    .until(() -> {
                        String text = Files.readString(log);
                        return text.lastIndexOf("ready after") > text.lastIndexOf("stopped");
                    });
            // Each writes log lines, so that the log is full also after the start.
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                if (Files.exists(data().resolve("server.log.2"))) {
                    return true;
                }
                hangUp(server);
                return false;
            });
            try (Stream<Path> files = Files.list(data())) {
                assertThat(files.toList())
                        .extracting(file -> file.getFileName() + " "
                                + PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .contains("hongyan.db rw-------", "hongyan.db-wal rw-------", "token-secret rw-------")
                        .contains("server.log rw-------", "server.log.1 rw-------")
                        .allMatch(shown -> shown.endsWith(" rw-------"));
            }
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data())))
                    .isEqualTo("rwx------");
            assertThat(output()).isEmpty();
            server.destroy();
            assertThat(server.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(data().resolve("server.log.2")).exists();
        assertThat(data().resolve("server.log.3")).doesNotExist();
        assertThat(Files.size(data().resolve("server.log.1"))).isBetween(4_096L, 8_192L);
    }

    @Test
    void whateverKeepsItFromStartingEndsItWithOneLine() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Map<String, String> environment = Map.of(
                "HONGYAN_DATA_DIRECTORY", data().toString(),
                "HONGYAN_LISTEN_MQTT", "127.0.0.1:0",
                "HONGYAN_LISTEN_WEBSOCKET", "off",
                "HONGYAN_LISTEN_HTTP", "127.0.0.1:0");
        Launcher launcher =
                new Launcher(System.out, new PrintStream(err, true, StandardCharsets.UTF_8), environment, storage -> {
                    throw new IllegalStateException("a mistake\nin two lines");
                });
        assertThat(launcher.run()).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("hongyan: java.lang.IllegalStateException: a mistake" + System.lineSeparator());
    }

    @Test
    void aSecretThatHttpCannotSendKeepsItFromStarting() throws Exception {
        Path secret = Files.writeString(directory.resolve("sign-on-secret"), "one line\nand another");
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Map<String, String> environment = Map.of(
                "HONGYAN_DATA_DIRECTORY", data().toString(),
                "HONGYAN_LISTEN_MQTT", "127.0.0.1:0",
                "HONGYAN_LISTEN_WEBSOCKET", "off",
                "HONGYAN_LISTEN_HTTP", "127.0.0.1:0",
                "HONGYAN_TOKENS_OPAQUE_URL", "https://127.0.0.1:1/",
                "HONGYAN_TOKENS_OPAQUE_SECRET_FILE", secret.toString());
        Launcher launcher = new Launcher(
                System.out, new PrintStream(err, true, StandardCharsets.UTF_8), environment, storage -> storage);
        assertThat(launcher.run()).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("hongyan: " + secret + " does not contain a secret that can be sent")
                .doesNotContain("and another");
    }

    @Test
    void settingsArePrintedAsTheyHold() throws Exception {
        Path configuration = Files.writeString(
                directory.resolve("hongyan.yaml"),
                "\uFEFFlisten: {mqtt: '127.0.0.1:2883'}\r\n\"data_directory\": " + data() + "\r\nhttp:\r\n  keys:\r\n"
                        + "    crm: {secret: 0123456789-0123456789-0123456789, scopes: groups}\r\n");
        Process asked = run(
                Map.of("HONGYAN_ROLE", "broker", "HONGYAN_LINK_NODES", "127.0.0.1:1"),
                List.of(),
                "--config",
                configuration.toString(),
                "--print-settings");
        assertThat(asked.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(asked.exitValue()).isZero();
        assertThat(output().lines())
                .contains("role=broker", "listen.mqtt=127.0.0.1:2883", "listen.websocket=127.0.0.1:8083")
                .contains("data_directory=" + data(), "http.keys.crm.secret=(secret)");
    }

    @Test
    void hangUpSignalMakesItReadTheLimitsAgain() throws Exception {
        Process server =
                start("flood:\n  connections_per_address_max: 1\nmqtt:\n  filters_max: 1\n  topic_levels_max: 3\n");
        Matcher ready = awaitReady();
        int port = Integer.parseInt(ready.group(1));
        String alice = token(ready.group(2), "alice");
        try (RawClient first = new RawClient(port, true)) {
            assertThat(first.connect("alice:iot:a", "alice", alice, null).reason())
                    .isZero();
            try (RawClient second = new RawClient(port, true)) {
                assertThat(second.connect("bob:iot:b", "bob", "none", null).type())
                        .isEqualTo(RawClient.CLOSED);
            }
            assertThat(first.subscribe(1, 1, "u/alice/inbox").reason()).isEqualTo(1);
            assertThat(first.subscribe(2, 1, "t/alice/x").reason()).isEqualTo(0x97);
        }
        Path configuration = directory.resolve("hongyan.yaml");
        Files.writeString(
                configuration, Files.readString(configuration).replace("address_max: 1", "address_max: none"));
        hangUp(server);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> output().contains("hongyan.yaml:7: flood.connections_per_address_max takes a number"));
        Files.writeString(
                configuration,
                Files.readString(configuration)
                        .replace("address_max: none", "address_max: 10")
                        .replace("filters_max: 1", "filters_max: 2")
                        .replace("levels_max: 3", "levels_max: 4\n  packet_bytes_max: 90000"));
        hangUp(server);
        await().atMost(Duration.ofSeconds(60)).until(() -> output().contains("the limits on clients apply"));
        try (RawClient first = new RawClient(port, true);
                RawClient second = new RawClient(port, true)) {
            assertThat(first.connect("alice:iot:a", "alice", "none", null).type())
                    .isEqualTo(RawClient.CONNACK);
            assertThat(second.connect("bob:iot:b", "bob", "none", null).type()).isEqualTo(RawClient.CONNACK);
        }
        try (RawClient first = new RawClient(port, true)) {
            first.connect("alice:iot:a", "alice", alice, null);
            assertThat(first.subscribe(1, 1, "u/alice/inbox").reason()).isEqualTo(1);
            assertThat(first.subscribe(2, 1, "t/alice/x/y").reason()).isEqualTo(1);
            assertThat(first.publish(3, 1, "t/alice/z", new byte[90_000]).reason())
                    .isEqualTo(0x95);
        }
        Files.writeString(
                configuration,
                Files.readString(configuration).replace("packet_bytes_max: 90000", "packet_bytes_max: 30000")
                        + "messages:\n  content_bytes_max: 20000\n");
        hangUp(server);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> output().contains("messages.content_bytes_max is above mqtt.packet_bytes_max"));
        // Logged once for everything that is read again: certificates too.
        assertThat(output()).contains("SIGHUP: configuration and certificates are read again");
        assertThat(server.isAlive()).isTrue();
    }

    @Test
    void hangUpSignalMakesItReadLimitsAndCertificatesAgain() throws Exception {
        DevelopmentCertificate certificate = DevelopmentCertificate.make(directory);
        Process server = start("  mqtts: 127.0.0.1:0\ntls:\n  certificate: " + certificate.file("server.pem")
                + "\n  key: " + certificate.file("server-key.pem") + "\n");
        await().atMost(Duration.ofSeconds(120)).until(() -> output().contains("ready after "));
        hangUp(server);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> output().contains("the limits on clients apply")
                        && output().contains("a new certificate is in use"));
        assertThat(server.isAlive()).isTrue();
    }

    private static void hangUp(Process server) throws Exception {
        assertThat(new ProcessBuilder("kill", "-HUP", Long.toString(server.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    @Test
    void helpAndVersionAreAnswered() throws Exception {
        for (String argument : new String[] {"--help", "--version"}) {
            Process asked = run(argument);
            assertThat(asked.waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(asked.exitValue()).isZero();
            assertThat(output()).contains("hongyan");
        }
    }

    private Process start(String listenLines) throws IOException {
        StringBuilder yaml = new StringBuilder("data_directory: " + data() + "\nlisten:\n  websocket: off\n");
        yaml.append(listenLines.contains("  mqtt:") ? "" : "  mqtt: 127.0.0.1:0\n");
        yaml.append(listenLines.contains("  http:") ? "" : "  http: 127.0.0.1:0\n");
        yaml.append(listenLines);
        Path configuration = Files.writeString(directory.resolve("hongyan.yaml"), yaml);
        return run("--config", configuration.toString());
    }

    private Process run(String... arguments) throws IOException {
        return run(Map.of(), List.of(), arguments);
    }

    private Process run(Map<String, String> environment, List<String> jvmOptions, String... arguments)
            throws IOException {
        return run(List.of(), environment, jvmOptions, arguments);
    }

    /** @param before words of the command before that of the JVM */
    private Process run(
            List<String> before, Map<String, String> environment, List<String> jvmOptions, String... arguments)
            throws IOException {
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1"));
        command.addAll(0, before);
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", classes, "io.hongyan.im.app.Main"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output-" + processes.size()).toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    private Path data() {
        return directory.resolve("data");
    }

    /** What the newest process has printed. */
    private String output() throws IOException {
        return Files.readString(directory.resolve("output-" + (processes.size() - 1)));
    }

    private Matcher awaitReady() {
        await().atMost(Duration.ofSeconds(120))
                .until(() -> READY.matcher(output()).find());
        try {
            Matcher found = READY.matcher(output());
            assertThat(found.find()).isTrue();
            return found;
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    private static int packetId(Packet publish, String topic) {
        int at = 2 + topic.length();
        return (publish.body()[at] & 0xFF) << 8 | publish.body()[at + 1] & 0xFF;
    }

    private static String token(String httpPort, String uid) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + httpPort + "/v1/dev/token?uid=" + uid);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString())
                .body()
                .strip();
    }
}
