package io.hongyan.bench.server;

import io.hongyan.bench.load.LoginProtocol;
import io.hongyan.bench.load.MqttLogin;
import io.hongyan.bench.load.XmppLogin;
import io.hongyan.bench.time.BenchTime;
import io.hongyan.starters.MariaDb;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Debian's ejabberd with everything of its users in MariaDB, and the modules that a messenger needs: roster, offline
 * messages, time of the last logout. It listens for XMPP, and for MQTT, where it has none of these.
 */
public final class EjabberdServer implements AutoCloseable {
    private static final String DOMAIN = "localhost";
    private static final String DATABASE = "ejabberd";
    private static final String PASSWORD = "secret";
    private static final long READY_MILLIS_MAX = 60_000;
    private static final Path PROGRAM = Path.of("/usr/sbin/ejabberdctl");
    private static final Path SCHEMA = Path.of("/usr/share/ejabberd/sql/mysql.sql");

    private final ChildProcess process;
    private final InetSocketAddress mqtt;
    private final InetSocketAddress xmpp;

    private EjabberdServer(ChildProcess process, InetSocketAddress mqtt, InetSocketAddress xmpp) {
        this.process = process;
        this.mqtt = mqtt;
        this.xmpp = xmpp;
    }

    /** Makes the accounts u0, u1 … in a new database of the server, unless it is there. */
    public static void prepare(MariaDb database, long accounts) {
        if (!Files.exists(PROGRAM)) {
            throw new IllegalStateException(
                    "ejabberd is not installed; install it with: apt-get install --no-install-recommends ejabberd");
        }
        try {
            // It cannot log in without a password.
            sql(
                    database,
                    "",
                    "CREATE DATABASE " + DATABASE + " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin; CREATE USER "
                            + DATABASE + " IDENTIFIED BY '" + PASSWORD + "'; GRANT ALL ON " + DATABASE + ".* TO "
                            + DATABASE);
            sql(database, DATABASE, Files.readString(SCHEMA));
            sql(
                    database,
                    DATABASE,
                    "INSERT INTO users (username, password, serverkey, salt, iterationcount) SELECT CONCAT('u', seq), '"
                            + PASSWORD + "', '', '', 0 FROM seq_0_to_" + (accounts - 1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param database that has been prepared */
    public static EjabberdServer start(MariaDb database, Path workDirectory, BenchTime time) {
        InetSocketAddress mqtt = free();
        InetSocketAddress xmpp = free();
        String configuration = String.join(
                "\n",
                "hosts: [" + DOMAIN + "]",
                "loglevel: warning",
                "auth_method: sql",
                "sql_type: mysql",
                "sql_server: " + database.host(),
                "sql_port: " + database.port(),
                "sql_database: " + DATABASE,
                "sql_username: " + DATABASE,
                "sql_password: " + PASSWORD,
                "listen:",
                "  - port: " + mqtt.getPort(),
                "    ip: 127.0.0.1",
                "    module: mod_mqtt",
                "  - port: " + xmpp.getPort(),
                "    ip: 127.0.0.1",
                "    module: ejabberd_c2s",
                "default_db: sql",
                "modules:",
                "  mod_mqtt: {}",
                "  mod_roster: {}",
                "  mod_offline: {}",
                "  mod_last: {}",
                "");
        try {
            Path spool = Files.createDirectories(workDirectory.resolve("spool"));
            Path file = Files.writeString(workDirectory.resolve("ejabberd.yml"), configuration);
            ChildProcess process = ChildProcess.start(
                    List.of(
                            "erl",
                            "-noinput",
                            "-mnesia",
                            "dir",
                            '"' + spool.toString() + '"',
                            "-s",
                            "ejabberd",
                            "-kernel",
                            "inet_dist_use_interface",
                            "{127,0,0,1}"),
                    workDirectory,
                    Map.of(
                            "ERL_LIBS", libraries(),
                            "EJABBERD_CONFIG_PATH", file.toString(),
                            "EJABBERD_LOG_PATH",
                                    workDirectory.resolve("ejabberd.log").toString(),
                            "HOME", workDirectory.toString()));
            EjabberdServer server = new EjabberdServer(process, mqtt, xmpp);
            process.awaitPort(mqtt, time, READY_MILLIS_MAX);
            process.awaitPort(xmpp, time, READY_MILLIS_MAX);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InetSocketAddress free() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), ChildProcess.freePort());
    }

    /** As Debian's script sets them. */
    private static String libraries() throws IOException {
        return Files.readAllLines(PROGRAM).stream()
                .filter(line -> line.startsWith("ERL_LIBS="))
                .map(line -> line.substring(line.indexOf('=') + 1).replace("'", ""))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(PROGRAM + " does not set ERL_LIBS"));
    }

    private static void sql(MariaDb database, String name, String statements) throws IOException {
        List<String> command = List.of(
                "mariadb",
                "--no-defaults",
                "--host=" + database.host(),
                "--port=" + database.port(),
                "--user=" + database.user(),
                "--database=" + name);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().write(statements.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!output.isBlank()) {
            throw new IllegalStateException("the database refused a statement for ejabberd: " + output);
        }
    }

    public InetSocketAddress mqtt() {
        return mqtt;
    }

    public InetSocketAddress xmpp() {
        return xmpp;
    }

    /**
     * Of its accounts, at {@link #mqtt}.
     *
     * @param filters what a user subscribes to, null for nothing
     */
    public static LoginProtocol overMqtt(UnaryOperator<String> filters) {
        return uid -> new MqttLogin(uid + ":android:phone", uid + "@" + DOMAIN, PASSWORD, filters.apply(uid));
    }

    /** Of its accounts, at {@link #xmpp}. */
    public static LoginProtocol overXmpp() {
        return uid -> new XmppLogin(uid, DOMAIN, PASSWORD);
    }

    public long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.close();
    }
}
