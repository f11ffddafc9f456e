package io.hongyan.bench;

import io.hongyan.bench.load.LoginRun;
import io.hongyan.bench.load.LoginRun.Outcome;
import io.hongyan.bench.load.MqttLogin;
import io.hongyan.bench.report.Result;
import io.hongyan.bench.server.DatabaseCounts;
import io.hongyan.bench.server.EjabberdServer;
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
            "Logins of new users, then of known users, each with its subscription: rate, time until SUBACK, CPU; with",
            "MariaDB also statements and fsyncs. Each right after the start of a server (cold) and after it has warmed up."
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

    @Option(
            names = "--peer",
            description =
                    "ejabberd: Debian's ejabberd beside, with its users in the same MariaDB; its accounts are made"
                            + " before, so there are known ones only.")
    private Peer peer;

    @Option(names = "--connect-only", description = "Clients do not subscribe: the time is that until CONNACK.")
    private boolean connectOnly;

    @Option(names = "--json", description = "One JSON object per result on standard output.")
    private boolean json;

    enum Peer {
        EJABBERD
    }

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
        if (peer != null && engine != Engine.MARIADB) {
            throw new IllegalArgumentException("--peer needs --engine mariadb: both have their users there");
        }
        try (WorkDirectory work = new WorkDirectory();
                MariaDb database = engine == Engine.MARIADB ? MariaDb.started(work.of("mariadb")) : null) {
            AtomicLong made = new AtomicLong();
            List<Result> results = new ArrayList<>(ofHongyan(work, database, "new", made, LoginsCommand::uid));
            long known = made.get();
            results.addAll(ofHongyan(work, database, "known", new AtomicLong(), number -> uid(number % known)));
            if (peer != null) {
                EjabberdServer.prepare(database, known);
                results.addAll(ofPeer(work, database, number -> uid(number % known)));
            }
            console.results(results, json);
            return 0;
        }
    }

    private static String uid(long number) {
        return "u" + number;
    }

    /** All of the user's own topics; null where clients do not subscribe. */
    private String filter(String uid) {
        return connectOnly ? null : "u/" + uid + "/#";
    }

    private String until() {
        return connectOnly ? "CONNACK" : "SUBACK";
    }

    private List<Result> ofHongyan(
            WorkDirectory work, MariaDb database, String kind, AtomicLong logins, LongFunction<String> users) {
        try (HongyanServer server = servers.started("logins", settings(database), work.of("hongyan"), time)) {
            TokenSigner signer = TokenSigner.fromFile(server.secretFile(), time.epochMillis() / 1_000);
            LoginRun run = new LoginRun(
                    server.mqtt(),
                    uid -> new MqttLogin(uid + ":android:phone", uid, signer.token(uid), filter(uid)),
                    clients,
                    time);
            return measured(new Part("hongyan", until(), server.pid(), database, kind, run, logins, users));
        }
    }

    private List<Result> ofPeer(WorkDirectory work, MariaDb database, LongFunction<String> users) {
        List<Result> results = new ArrayList<>();
        try (EjabberdServer server = EjabberdServer.start(database, work.of("ejabberd"), time)) {
            LoginRun xmpp = new LoginRun(server.xmpp(), EjabberdServer.overXmpp(), clients, time);
            LoginRun mqtt = new LoginRun(server.mqtt(), EjabberdServer.overMqtt(this::filter), clients, time);
            AtomicLong logins = new AtomicLong();
            long pid = server.pid();
            results.addAll(
                    measured(new Part("ejabberd, XMPP", "presence", pid, database, "known", xmpp, logins, users)));
            results.addAll(measured(new Part("ejabberd, MQTT", until(), pid, database, "known", mqtt, logins, users)));
        }
        return results;
    }

    private List<Result> measured(Part part) {
        Result cold = part.measure("cold", coldSeconds);
        console.progress().note(part.of + ": logins of " + part.kind + " users, warming up");
        part.run.during(warmUpSeconds, part.logins, part.users);
        return List.of(cold, part.measure("warm", seconds));
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

    /** @param until which answer ends a login */
    private record Part(
            String of,
            String until,
            long pid,
            MariaDb database,
            String kind,
            LoginRun run,
            AtomicLong logins,
            LongFunction<String> users) {
        Result measure(String temperature, double seconds) {
            try (UsageProbe probe = new UsageProbe(pid)) {
                DatabaseCounts counted = database == null ? null : DatabaseCounts.read(database);
                Usage before = probe.read();
                Outcome outcome = run.during(seconds, logins, users);
                Usage used = probe.read().since(before);
                int count = outcome.nanos().length;
                Result result = new Result("logins")
                        .text("of", of)
                        .text("until", until)
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
