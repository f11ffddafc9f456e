package io.hongyan.im.app.config;

import io.hongyan.settings.Setting;

/** One of several databases, below {@code storage.mysql.databases.NAME}. */
public record MysqlDatabase(
        @Setting(
                value =
                        "Where it is, as `storage.mysql.url`. The first one is home to what is neither a conversation's nor a"
                                + " user's. Where any database is named, `storage.mysql.url` is not used.",
                defaultValue = "")
        String url,

        @Setting(value = "As whom to log in; empty = `storage.mysql.user`.", defaultValue = "")
        String user,

        @Setting(
                value = "A file with the password, `off` = none; empty = `storage.mysql.password_file`.",
                defaultValue = "")
        String passwordFile) {}
