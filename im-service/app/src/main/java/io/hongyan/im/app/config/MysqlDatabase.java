package io.hongyan.im.app.config;

/** One of several databases, below {@code storage.mysql.databases.NAME}. */
public record MysqlDatabase(
        @Setting("Where it is, as `storage.mysql.url`. The first one is home to what is neither a conversation's nor a"
                + " user's. Where any database is named, `storage.mysql.url` is not used.")
        String url,

        @Setting("As whom to log in; empty = `storage.mysql.user`.")
        String user,

        @Setting("A file with the password, `off` = none; empty = `storage.mysql.password_file`.")
        String passwordFile) {
    /** Where nothing is said. */
    public static final MysqlDatabase DEFAULT = new MysqlDatabase("", "", "");
}
