package io.hongyan.bench;

import io.hongyan.bench.load.LoginRun;
import io.hongyan.bench.load.LoginRun.Outcome;
import io.hongyan.bench.report.Result;
import io.hongyan.bench.server.DatabaseCounts;
import io.hongyan.bench.server.HongyanServer;
import io.hongyan.bench.server.TokenSigner;
import io.hongyan.bench.server.Usage;
import io.hongyan.bench.server.UsageProbe;
import io.hongyan.bench.time.BenchTime;
import io.hongyan.starters.MariaDb;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "logins",
        description = {
            "Logins of new users, then of known users: rate, time until CONNACK, CPU; with MariaDB also",
            "statements and fsyncs. Each right after the start of a server (cold) and after it has warmed up."
        },
        mixinStandardHelpOptions = true)
final class LoginsCommand implements Callable<Integer> {
    private static final double MEDIAN = 0.5;
    private static final double P99 = 0.99;

    private final Console console;
    private final BenchTime time;

    @Mixin
    private ServerOptions servers;

    @Option(names = "--engine", defaultValue = "sqlite", description = "sqlite or mariadb (${DEFAULT-VALUE}).")
    private Engine engine;

    @Option(names = "--clients", defaultValue = "32", description = "Logins at once (${DEFAULT-VALUE}).")
    private int clients;

    @Option(names = "--cold", defaultValue = "5", description = "Seconds that count as cold (${DEFAULT-VALUE}).")
    private double coldSeconds;

    @Option(names = "--warm-up", defaultValue = "20", description = "Seconds of warm-up after that (${DEFAULT-VALUE}).")
    private double warmUpSeconds;

    @Option(names = "--seconds", defaultValue = "15", description = "Measured time when warm (${DEFAULT-VALUE}).")
    private double seconds;

    @Option(names = "--json", description = "One JSON object per result on standard output.")
    private boolean json;

    enum Engine {
        SQLITE,
        MARIADB
    }

    LoginsCommand(Console console, BenchTime time) {
        this.console = console;
        this.time = time;
    }

    @Override
    public Integer call() {
        try (WorkDirectory work = new WorkDirectory();
                MariaDb database = engine == Engine.MARIADB ? MariaDb.started(work.of("mariadb")) : null) {
            AtomicLong made = new AtomicLong();
            List<Result> results = new ArrayList<>(measured(work, database, "new", made, LoginsCommand::uid));
            long known = made.get();
            results.addAll(measured(work, database, "known", new AtomicLong(), number -> uid(number % known)));
            console.results(results, json);
            return 0;
        }
    }

    private static String uid(long number) {
        return "u" + number;
    }

    private List<Result> measured(
            WorkDirectory work, MariaDb database, String kind, AtomicLong logins, LongFunction<String> users) {
        try (HongyanServer server = servers.started("logins", settings(database), work.of("hongyan"), time)) {
            TokenSigner signer = TokenSigner.fromFile(server.secretFile(), time.epochMillis() / 1_000);
            LoginRun run = new LoginRun(server.mqtt(), signer::token, clients, time);
            Part part = new Part(server, database, kind, run, logins, users);
            Result cold = part.measure("cold", coldSeconds);
            console.progress().note("logins: " + kind + ", warming up");
            run.during(warmUpSeconds, logins, users);
            return List.of(cold, part.measure("warm", seconds));
        }
    }

    private static Map<String, String> settings(MariaDb database) {
        Map<String, String> settings = new HashMap<>(Map.of("flood.exempt", "127.0.0.0/8"));
        if (database != null) {
            settings.put("storage.engine", "mysql");
            settings.put("storage.mysql.url", database.jdbcUrl("logins"));
            settings.put("storage.mysql.user", database.user());
        }
        return settings;
    }

    private record Part(
            HongyanServer server,
            MariaDb database,
            String kind,
            LoginRun run,
            AtomicLong logins,
            LongFunction<String> users) {
        Result measure(String temperature, double seconds) {
            try (UsageProbe probe = new UsageProbe(server.pid())) {
                DatabaseCounts counted = database == null ? null : DatabaseCounts.read(database);
                Usage before = probe.read();
                Outcome outcome = run.during(seconds, logins, users);
                Usage used = probe.read().since(before);
                int count = outcome.nanos().length;
                Result result = new Result("logins")
                        .text("users", kind)
                        .text("server", temperature)
                        .text("engine", database == null ? "sqlite" : "mariadb")
                        .count("logins", count)
                        .figure("per_second", outcome.perSecond())
                        .figure("p50_ms", outcome.millis(MEDIAN))
                        .figure("p99_ms", outcome.millis(P99))
                        .figure("server_cpu_us_per_login", (double) used.cpuMicros() / count);
                if (database != null) {
                    DatabaseCounts now = DatabaseCounts.read(database);
                    result.figure("statements_per_login", (double) (now.statements() - counted.statements()) / count)
                            .figure("fsyncs_per_login", (double) (now.syncs() - counted.syncs()) / count);
                }
                return result;
            }
        }
    }
}
