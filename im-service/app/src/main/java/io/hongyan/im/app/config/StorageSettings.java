package io.hongyan.im.app.config;

import io.hongyan.im.adapter.sql.sqlite.SqliteSettings;
import io.hongyan.settings.InSection;
import io.hongyan.settings.Setting;
import java.util.List;
import java.util.Locale;

/** The storage of messages. Settings that are not under {@code mysql} are for the embedded database. */
public record StorageSettings(
        @Setting(
                value = "`sqlite` = embedded, for one node; `mysql` = a MySQL or MariaDB server, which several nodes"
                        + " may share.",
                defaultValue = "sqlite")
        Engine engine,

        @InSection(".") SqliteSettings sqlite,

        MysqlSection mysql) {

    /** The storage engine. */
    public enum Engine {
        SQLITE,
        MYSQL;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    List<String> contradictions() {
        return engine == Engine.MYSQL ? mysql.contradictions() : List.of();
    }
}
