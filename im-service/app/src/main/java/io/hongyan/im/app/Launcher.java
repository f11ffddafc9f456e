package io.hongyan.im.app;

import io.hongyan.im.app.config.ConfigException;
import io.hongyan.im.app.config.GateSettings;
import io.hongyan.im.app.config.Role;
import io.hongyan.im.app.config.Settings;
import io.hongyan.im.app.config.SettingsReader;
import io.hongyan.im.core.Storage;
import io.hongyan.settings.FilePaths;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The life of the server process: arguments, start, waiting for the end, exit code. */
public final class Launcher {
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int MISUSED = 2;
    /** A stop that takes longer is aborted. */
    private static final long STOP_MILLIS_MAX = 9_500;

    private static final String USAGE = """
            usage: hongyan [--config FILE] [--print-settings]

              --config FILE     settings in YAML; every setting has a default
              --print-settings  print every setting as it holds, KEY=VALUE, and end
              --version         print the version and end
              --help            print this and end

            Environment variables HONGYAN_… go before the file: listen.mqtt is HONGYAN_LISTEN_MQTT.
            SIGTERM ends the server after it has told its clients and written what it holds.
            Exit code: 0 ended as asked, 1 could not start or had to end, 2 asked wrongly.
            """;

    private final PrintStream out;
    private final PrintStream err;
    private final Map<String, String> environment;
    private final UnaryOperator<Storage> storageDecorator;
    private final CompletableFuture<Integer> end = new CompletableFuture<>();

    /** @param storageDecorator wraps the storage; for tests of storage failures */
    public Launcher(
            PrintStream out,
            PrintStream err,
            Map<String, String> environment,
            UnaryOperator<Storage> storageDecorator) {
        this.out = out;
        this.err = err;
        this.environment = environment;
        this.storageDecorator = storageDecorator;
    }

    /** @return the exit code */
    public int run(String... arguments) {
        List<String> given = new ArrayList<>(List.of(arguments));
        if (given.equals(List.of("--help"))) {
            out.print(USAGE);
            return DONE;
        }
        if (given.equals(List.of("--version"))) {
            out.println("hongyan " + version());
            return DONE;
        }
        boolean printing = given.remove("--print-settings");
        boolean withFile = given.size() == 2 && given.get(0).equals("--config");
        if (!given.isEmpty() && !withFile) {
            err.print(USAGE);
            return MISUSED;
        }
        Path file = withFile ? FilePaths.parse(given.get(1)).orElse(null) : null;
        if (withFile && file == null) {
            err.println("--config takes a path" + FilePaths.reason(given.get(1)));
            return MISUSED;
        }
        try {
            if (printing) {
                SettingsReader.read(file, environment).describeEach().forEach(out::println);
                return DONE;
            }
            return serve(SettingsReader.readToStart(file, environment), file);
        } catch (ConfigException unusable) {
            err.println(unusable.getMessage());
            return MISUSED;
        }
    }

    private int serve(Settings settings, Path file) {
        Logger log = LoggerFactory.getLogger(Launcher.class);
        try {
            PrivateDirectory directory = new PrivateDirectory(settings.dataDirectory());
            directory.secure();
            if (!settings.process().log().isOff()) {
                LogFile.open(settings.process().log(), settings.process().log().in(settings.dataDirectory()));
            }
        } catch (StartException unable) {
            err.println("hongyan: " + unable.getMessage());
            return FAILED;
        }
        log.info("Hongyan {} starts with", version());
        settings.describe().forEach(line -> log.info("  {}", line));
        Consumer<String> onFault = fault -> {
            log.error("the server has to stop: {}", fault);
            end.complete(FAILED);
        };
        ServerProcess server = settings.role() == Role.BROKER
                ? new GateServer(settings, onFault)
                : new Server(settings, storageDecorator, onFault);
        try {
            server.start();
        } catch (StartException unable) {
            return couldNotStart(server, unable.getMessage(), log);
        } catch (RuntimeException | Error mistake) {
            log.error("could not start", mistake);
            return couldNotStart(server, mistake.toString(), log);
        }
        Thread onSignal = new Thread(() -> stopOnSignal(server, log), "stop");
        Runtime.getRuntime().addShutdownHook(onSignal);
        Runnable readAgain = () -> readAgain(server, settings, file, log);
        HangupSignal.add(readAgain);
        log.info("ready after {} ms: {}", uptimeMillis(), server.addresses());
        int exitCode = end.join();
        HangupSignal.remove(readAgain);
        stop(server, log);
        return exitCode;
    }

    /** Limits are what can change while the server runs; if anything is wrong, nothing changes. */
    private void readAgain(ServerProcess server, Settings started, Path file, Logger log) {
        try {
            GateSettings gate = SettingsReader.read(file, environment).gate();
            started.require(gate.limits());
            server.changeLimits(gate);
            log.info("the configuration was read again: the limits on clients apply from now on: flood, sizes"
                    + " and numbers of mqtt, and tls.handshakes_per_address_max; all else needs a restart");
        } catch (ConfigException unusable) {
            log.error(
                    "the configuration was read again and ignored, because it has mistakes: {}", unusable.getMessage());
        }
    }

    private int couldNotStart(ServerProcess server, String why, Logger log) {
        String line = why == null ? "" : why.lines().findFirst().orElse("");
        log.error("could not start: {}", line);
        err.println("hongyan: " + line);
        closeInTime(server, log);
        return FAILED;
    }

    /** SIGTERM and SIGINT: a clean end has exit code 0, which the JVM by itself would not give. */
    private void stopOnSignal(ServerProcess server, Logger log) {
        boolean asked = !end.isDone();
        stop(server, log);
        if (asked) {
            Runtime.getRuntime().halt(DONE);
        }
    }

    private void stop(ServerProcess server, Logger log) {
        closeInTime(server, log);
        log.info("stopped");
    }

    private static void closeInTime(ServerProcess server, Logger log) {
        Thread guard = new Thread(() -> haltLate(log), "stop-guard");
        guard.setDaemon(true);
        guard.start();
        server.close();
        guard.interrupt();
    }

    private static void haltLate(Logger log) {
        try {
            TimeUnit.MILLISECONDS.sleep(STOP_MILLIS_MAX);
        } catch (InterruptedException inTime) {
            Thread.currentThread().interrupt();
            return;
        }
        log.error("the stop took longer than {} ms and is aborted", STOP_MILLIS_MAX);
        Runtime.getRuntime().halt(FAILED);
    }

    private static long uptimeMillis() {
        return ManagementFactory.getRuntimeMXBean().getUptime();
    }

    private static String version() {
        return BuildInfo.ofThisBuild().version();
    }
}
