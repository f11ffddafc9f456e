package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.settings.Defaults;
import io.hongyan.settings.Fixed;
import io.hongyan.settings.Setting;

/**
 * A MySQL or MariaDB server and what may be asked of it.
 *
 * @param url {@code jdbc:mysql://HOST:PORT/DATABASE}, with options of the driver if need be
 * @param password may be empty
 * @param messagesInFeed whether messages are noted for the feed
 */
public record MysqlSettings(
        @Fixed("") String url,

        @Fixed("") String user,

        @Fixed("") String password,

        @Setting(value = "Connections that write; further writes wait.", defaultValue = "8", min = 2, max = 1_000)
        int writersMax,

        @Setting(value = "Connections that read; further reads wait.", defaultValue = "8", min = 2, max = 1_000)
        int readersMax,

        @Setting(
                value = "How long a read or write waits for a connection; then it fails.",
                defaultValue = "10_000",
                unit = "ms",
                min = 250,
                max = 600_000)
        long waitMillis,

        @Setting(value = "Time to connect.", defaultValue = "5_000", unit = "ms", min = 100, max = 600_000)
        int connectMillisMax,

        @Setting(
                value = "How long the server may be silent within a statement; then the connection is given up.",
                defaultValue = "15_000",
                unit = "ms",
                min = 100,
                max = 600_000)
        int answerMillisMax,

        @Setting(
                value = "How long a statement waits for a row that another transaction has locked.",
                defaultValue = "3",
                unit = "s",
                min = 1,
                max = 600)
        int lockWaitSeconds,

        @Setting(
                value = "How often a transaction is tried that met a deadlock or a lock time-out.",
                defaultValue = "5",
                min = 1,
                max = 100)
        int attemptsMax,

        @Setting(
                value = "Users, conversations and memberships whose row numbers are kept in memory, so many of each.",
                defaultValue = "100_000",
                min = 1)
        int cachedKeysMax,

        @Fixed("true") boolean messagesInFeed) {

    /** The settings that fit most installations. */
    public static MysqlSettings defaults(String url, String user, String password) {
        return Defaults.of(MysqlSettings.class).at(url, user, password, true);
    }

    /** The same for a database. */
    public MysqlSettings at(String database, String name, String secret, boolean withFeed) {
        return new MysqlSettings(
                database,
                name,
                secret,
                writersMax,
                readersMax,
                waitMillis,
                connectMillisMax,
                answerMillisMax,
                lockWaitSeconds,
                attemptsMax,
                cachedKeysMax,
                withFeed);
    }

    /** Without options, which may hold secrets. */
    String server() {
        int options = url.indexOf('?');
        return options < 0 ? url : url.substring(0, options);
    }

    @Override
    public String toString() {
        return "MySQL at " + server();
    }
}
