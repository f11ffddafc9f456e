package io.hongyan.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.starters.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The operator's script, with its own server from the build. */
@Tag("long")
@Timeout(300)
class ScriptsTest {
    private static final Path SCRIPT =
            Path.of("..", "scripts", "hongyan").toAbsolutePath().normalize();

    @TempDir
    private Path data;

    @AfterEach
    void stop() throws Exception {
        run("stop");
    }

    @Test
    void aServerIsStartedShownAndStopped() throws Exception {
        assertThat(run("status").code()).isEqualTo(3);
        assertThat(run("key").code()).isOne();

        ScriptOutcome started = run(with(ports(), "start"));
        assertThat(started.code()).as(started.errors()).isZero();
        assertThat(started.output()).contains("Hongyan is ready", "mosquitto_sub", "mosquitto_pub");

        assertThat(run("start").output()).contains("already running");
        ScriptOutcome status = run("status");
        assertThat(status.code()).isZero();
        assertThat(status.output()).contains("ready      yes");
        ScriptOutcome token = run("token", "bob");
        assertThat(token.code()).isZero();
        assertThat(token.output().strip()).matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+");
        assertThat(run("key").output().strip()).matches("[\\w-]{43}");
        assertThat(run("logs").output()).isNotBlank();
        assertThat(flags(status)).contains("-XX:+ExitOnOutOfMemoryError", "-XX:GCTimeRatio=199");

        assertThat(run("stop").output()).contains("has stopped");
        assertThat(run("status").code()).isEqualTo(3);
        assertThat(run("token", "bob").code()).isEqualTo(3);
    }

    @Test
    void aServerIsDrainedAndTakesClientsAgain() throws Exception {
        assertThat(run("drain").code()).isEqualTo(3);
        assertThat(run(with(ports(), "start")).code()).isZero();

        ScriptOutcome drained =
                run("drain", "--seconds", "60", "--clients-per-second", "5", "--server-reference", "b.example:1883");
        assertThat(drained.code()).as(drained.errors()).isZero();
        assertThat(drained.output()).contains("Draining 0 clients, 5 per second", "no client is left");
        ScriptOutcome status = run("status");
        assertThat(status.code()).isOne();
        assertThat(status.errors()).contains("The server is draining.");

        assertThat(run("undrain").code()).isZero();
        assertThat(run("status").code()).isZero();
        assertThat(run("drain", "--seconds", "soon").errors()).contains("whole number");
        assertThat(run("drain", "--server-reference", "a\"b").code()).isEqualTo(2);
        assertThat(run("drain", "--key-file", "/no/such/file").errors()).contains("/no/such/file");
    }

    @Test
    void usersAreThrownOutByHand() throws Exception {
        assertThat(run("kick", "bob").code()).isEqualTo(3);
        assertThat(run(with(ports(), "start")).code()).isZero();
        assertThat(run("kick", "bob").errors()).contains("no such user");
        run("token", "bob");

        ScriptOutcome kicked = run("kick", "bob", "--revoke", "--device", "ios:phone");
        assertThat(kicked.code()).as(kicked.errors()).isZero();
        assertThat(kicked.output()).contains("was not connected", "Tokens issued up to now are void for ios:phone");
        assertThat(run("online").output()).isEmpty();
        assertThat(run("user", "disable", "bob").output()).isEqualTo("bob is disabled\n");
        assertThat(run("user", "show", "bob").output()).isEqualTo("bob is disabled\n");
        assertThat(run("user", "enable", "bob").output()).isEqualTo("bob is active\n");
        assertThat(run("user", "delete", "bob").output()).isEqualTo("bob is deleted\n");
        assertThat(run("user", "show", "bob").code()).isOne();

        assertThat(run("kick").code()).isEqualTo(2);
        assertThat(run("kick", "bob", "--device", "phone").errors()).contains("PLATFORM:NAME");
        assertThat(run("user", "praise", "bob").code()).isEqualTo(2);
        assertThat(run("online", "--user", "not a uid").code()).isEqualTo(2);
        assertThat(run("online", "--key-file", "/no/such/file").errors()).contains("/no/such/file");
    }

    @Test
    void anotherEpochOfTheDataIsBegunWhetherAServerRunsOrNot() throws Exception {
        assertThat(run("--data", data.resolve("none").toString(), "new-epoch").code())
                .isEqualTo(3);
        assertThat(run(with(ports(), "start")).code()).isZero();

        ScriptOutcome running = run("new-epoch");
        assertThat(running.code()).as(running.errors()).isZero();
        assertThat(running.output()).containsPattern("Epoch [0-9a-f]{16} of the data has begun");
        String first = running.output().split(" ")[1];
        assertThat(run("new-epoch", "--key-file", "/no/such/file").errors()).contains("/no/such/file");

        run("stop");
        ScriptOutcome stopped = run("new-epoch");
        assertThat(stopped.code()).as(stopped.errors()).isZero();
        assertThat(stopped.output()).contains("before it was " + first);
    }

    /** Of a copy of the script, beside which no other test starts a server. */
    @Test
    void classesAreArchivedOnceForABuildAndAJvm() throws Exception {
        Path copy = data.resolve("copy/scripts/hongyan");
        Path built = Path.of("im-service/app/target/hongyan");
        Path distribution = copy.resolve("../..").normalize().resolve(built);
        Files.createDirectories(copy.getParent());
        Files.createDirectories(distribution);
        for (String file : List.of("hongyan", "java.options")) {
            Files.copy(SCRIPT.resolveSibling(file), copy.resolveSibling(file), StandardCopyOption.COPY_ATTRIBUTES);
        }
        Path libraries = SCRIPT.resolve("../..").normalize().resolve(built).resolve("lib");
        Path link = Files.createSymbolicLink(distribution.resolve("lib"), libraries);
        Path archive = distribution.resolve("classes.jsa");
        Path madeFor = distribution.resolve("classes.jsa.jvm");
        List<String> script = List.of(copy.toString(), "--data", data.toString());

        assertThat(ScriptOutcome.of(and(script, "build"), data).output()).contains("Preparing quick starts");
        assertThat(archive).isNotEmptyFile();
        String jvm = Files.readString(madeFor);
        assertThat(ScriptOutcome.of(and(script, "build"), data).output()).isEmpty();

        Files.writeString(madeFor, "another JVM\n");
        ScriptOutcome started = ScriptOutcome.of(and(and(script, "start"), ports().toArray(String[]::new)), data);
        assertThat(started.code()).as(started.errors()).isZero();
        assertThat(started.output()).contains("Preparing quick starts");
        assertThat(madeFor).hasContent(jvm);
        String pid = pid(ScriptOutcome.of(and(script, "status"), data));
        assertThat(Path.of("/proc", pid, "maps")).content().contains(archive.toString());
        run("stop");
        Files.delete(link);
    }

    @Test
    void theDemoShowsWhatItPromises() throws Exception {
        ScriptOutcome demo = run(with(ports(), "demo"));

        assertThat(demo.code()).as(demo.output() + demo.errors()).isZero();
        assertThat(demo.output()).contains("While you were away, 3", "another device of yours has logged in");
        assertThat(demo.output()).contains("Everything happened as expected.\n");
    }

    @Test
    void theConfigurationIsReadByTheServerAlone() throws Exception {
        Path file = data.resolve("hongyan.yaml");
        Path directory = data.resolve("所有");
        List<String> ports = ports();
        Files.writeString(
                file,
                "\uFEFFlisten: {mqtt: '127.0.0.1:" + ports.get(1) + "', \"websocket\": off}\r\n\"data_directory\" : "
                        + directory + " # here\r\nrole : all\r\n");
        List<String> script = List.of(SCRIPT.toString(), "--config", file.toString());
        try {
            ScriptOutcome started = ScriptOutcome.of(and(script, "start", "--http-port", ports.get(5)), Path.of("/"));
            assertThat(started.code()).as(started.errors()).isZero();
            ScriptOutcome status = ScriptOutcome.of(and(script, "status"), data);
            assertThat(status.code()).isZero();
            assertThat(status.output())
                    .contains(
                            "127.0.0.1:" + ports.get(1) + "\n", "websocket  off\n", "http://127.0.0.1:" + ports.get(5))
                    .contains("data       " + directory + "\n");
        } finally {
            assertThat(ScriptOutcome.of(and(script, "stop"), data).output()).contains("has stopped");
        }
        Files.writeString(file, "lisen: x\nrole: al\n");
        ScriptOutcome refused = ScriptOutcome.of(and(script, "start"), data);
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.errors())
                .contains(file + ":1: unknown key lisen; did you mean listen")
                .contains(file + ":2: role takes all or broker or im-service, not 'al'");
    }

    private static List<String> and(List<String> command, String... more) {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(more));
        return all;
    }

    @Test
    void aPortInUseIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ScriptOutcome started = run(with(ports(), "start", "--ws-port", String.valueOf(taken.getLocalPort())));

            assertThat(started.code()).isOne();
            assertThat(started.errors())
                    .contains("port " + taken.getLocalPort())
                    .contains("--ws-port");
        }
    }

    @Test
    void wrongUseIsRefusedWithASentence() throws Exception {
        assertThat(run("fly").errors()).contains("unknown command 'fly'");
        assertThat(run("fly").code()).isEqualTo(2);
        assertThat(run("token", "not a uid").code()).isEqualTo(2);
        assertThat(run("token").errors()).contains("needs a uid");
        assertThat(run("start", "--http-port", "70000").errors()).contains("1 to 65535");
        assertThat(run("start", "--config", "/no/such/file").errors()).contains("/no/such/file");
        assertThat(run("help").output()).contains("usage: scripts/hongyan");
    }

    private static String pid(ScriptOutcome status) {
        Matcher pid = Pattern.compile("pid +(\\d+)").matcher(status.output());
        assertThat(pid.find()).isTrue();
        return pid.group(1);
    }

    /** Of the JVM of the server whose status this is. */
    private String flags(ScriptOutcome status) throws Exception {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        ScriptOutcome flags = ScriptOutcome.of(List.of(jcmd.toString(), pid(status), "VM.flags"), data);
        assertThat(flags.code()).as(flags.errors()).isZero();
        return flags.output();
    }

    private static List<String> ports() {
        List<String> options = new ArrayList<>();
        for (String option : List.of("--mqtt-port", "--ws-port", "--http-port")) {
            options.addAll(List.of(option, String.valueOf(FreePorts.draw())));
        }
        return options;
    }

    private static String[] with(List<String> options, String... arguments) {
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of(arguments));
        return all.toArray(String[]::new);
    }

    private ScriptOutcome run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(SCRIPT.toString(), "--data", data.toString()));
        command.addAll(List.of(arguments));
        return ScriptOutcome.of(command, data);
    }
}
