package io.hongyan.im.adapter.sql;

/**
 * A MySQL or MariaDB server and what may be asked of it.
 *
 * @param url {@code jdbc:mysql://HOST:PORT/DATABASE}, with options of the driver if need be
 * @param password may be empty
 * @param writersMax connections that write; further writes wait
 * @param readersMax connections that read; further reads wait
 * @param waitMillis how long a read or write waits for a connection before it fails
 * @param connectMillisMax how long connecting may take
 * @param answerMillisMax how long the server may be silent within a statement; above {@code lockWaitSeconds}
 * @param lockWaitSeconds how long a statement waits for a row that another transaction holds
 * @param attemptsMax how often a transaction is tried that met a deadlock or waited too long for a row
 * @param cachedKeysMax users, conversations and memberships whose row numbers are held in memory, each
 * @param messagesInFeed whether messages are noted for the feed
 */
public record MysqlSettings(
        String url,
        String user,
        String password,
        int writersMax,
        int readersMax,
        long waitMillis,
        int connectMillisMax,
        int answerMillisMax,
        int lockWaitSeconds,
        int attemptsMax,
        int cachedKeysMax,
        boolean messagesInFeed) {

    /** The settings that fit most installations. */
    public static MysqlSettings defaults(String url, String user, String password) {
        return new MysqlSettings(url, user, password, 8, 8, 10_000, 5_000, 15_000, 3, 5, 100_000, true);
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
