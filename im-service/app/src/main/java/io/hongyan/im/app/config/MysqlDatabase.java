package io.hongyan.im.app.config;

import io.hongyan.settings.Setting;

/** One of several databases, below {@code storage.mysql.databases.NAME}. */
public record MysqlDatabase(
        @Setting(
                value = "URL of the database, as in `storage.mysql.url`. The first database is home: it has what is"
                        + " neither a conversation's nor a user's. If any database is named, `storage.mysql.url`"
                        + " is not used.",
                defaultValue = "")
        String url,

        @Setting(value = "User name for this database; empty = `storage.mysql.user`.", defaultValue = "")
        String user,

        @Setting(
                value = "File with the password, `off` = none; empty = `storage.mysql.password_file`.",
                defaultValue = "")
        String passwordFile) {}
