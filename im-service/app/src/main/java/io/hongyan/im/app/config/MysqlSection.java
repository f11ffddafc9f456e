package io.hongyan.im.app.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A MySQL or MariaDB server, which several nodes may share. */
public record MysqlSection(
        @Setting("Where the database is: `jdbc:mysql://HOST:PORT/DATABASE`, with options of the driver if need be.")
        String url,

        @Setting("As whom to log in.") String user,

        @Setting("A file with the password, in `data_directory` unless absolute; `off` = no password.")
        String passwordFile,

        @Setting(value = "Connections that write; further writes wait.", min = 2, max = 1_000)
        int writersMax,

        @Setting(value = "Connections that read; further reads wait.", min = 2, max = 1_000)
        int readersMax,

        @Setting(
                value = "How long a read or write waits for a connection before it fails.",
                unit = "ms",
                min = 250,
                max = 600_000)
        long waitMillis,

        @Setting(value = "How long connecting may take.", unit = "ms", min = 100, max = 600_000)
        int connectMillisMax,

        @Setting(
                value = "How long the server may be silent within a statement before the connection is given up.",
                unit = "ms",
                min = 100,
                max = 600_000)
        int answerMillisMax,

        @Setting(
                value = "How long a statement waits for a row that another transaction holds.",
                unit = "s",
                min = 1,
                max = 600)
        int lockWaitSeconds,

        @Setting(value = "How often a transaction is tried that met a deadlock or waited too long.", min = 1, max = 100)
        int attemptsMax,

        @Setting(value = "Users, conversations and memberships whose row numbers are held in memory, each.", min = 1)
        int cachedKeysMax,

        Map<String, MysqlDatabase> databases) {
    private static final String URL = "jdbc:mysql://[^/?#\\s]+/[^/?#\\s]+(\\?\\S*)?";

    private static final Pattern CREDENTIALS = Pattern.compile(
            "(?i)[?&](user|password[0-9]?|trustCertificateKeyStorePassword|clientCertificateKeyStorePassword)=");

    static final String OFF = "off";

    static final MysqlSection DEFAULT = new MysqlSection(
            "jdbc:mysql://127.0.0.1:3306/hongyan",
            "hongyan",
            OFF,
            8,
            8,
            10_000,
            5_000,
            15_000,
            3,
            5,
            100_000,
            Map.of());

    /** Whether the data is in several databases. */
    public boolean isSharded() {
        return !databases.isEmpty();
    }

    /** The same section for one of the databases. */
    public MysqlSection of(MysqlDatabase database) {
        return new MysqlSection(
                database.url(),
                database.user().isEmpty() ? user : database.user(),
                database.passwordFile().isEmpty() ? passwordFile : database.passwordFile(),
                writersMax,
                readersMax,
                waitMillis,
                connectMillisMax,
                answerMillisMax,
                lockWaitSeconds,
                attemptsMax,
                cachedKeysMax,
                Map.of());
    }

    public boolean hasPassword() {
        return !passwordFile.equals(OFF);
    }

    List<String> contradictions() {
        List<String> found = new ArrayList<>();
        checkUrl("storage.mysql.url", url, found);
        Map<String, String> places = new HashMap<>();
        databases.forEach((name, database) -> {
            checkUrl("storage.mysql.databases." + name + ".url", database.url(), found);
            String before = places.put(database.url().replaceFirst("\\?.*", ""), name);
            if (before != null) {
                found.add("storage.mysql.databases." + name + ".url is that of " + before);
            }
        });
        if (answerMillisMax <= 1_000L * lockWaitSeconds) {
            found.add("storage.mysql.answer_millis_max is not above storage.mysql.lock_wait_seconds");
        }
        return found;
    }

    private static void checkUrl(String key, String url, List<String> found) {
        if (!url.matches(URL)) {
            found.add(key + " takes jdbc:mysql://HOST:PORT/DATABASE, perhaps with options");
        } else if (url.contains("@") || CREDENTIALS.matcher(url).find()) {
            found.add(key + " takes neither user nor password, as settings are shown in the log: give them as user and"
                    + " password_file");
        }
    }
}
