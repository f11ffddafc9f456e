package io.hongyan.im.app;

import io.hongyan.im.adapter.mqtt.MessageChangeEncoder;
import io.hongyan.im.adapter.sql.OpenStorage;
import io.hongyan.im.adapter.sql.mysql.MysqlSettings;
import io.hongyan.im.adapter.sql.mysql.ShardedSettings;
import io.hongyan.im.adapter.sql.mysql.ShardedStorage;
import io.hongyan.im.adapter.sql.sqlite.SqliteStorage;
import io.hongyan.im.app.config.MysqlDatabase;
import io.hongyan.im.app.config.MysqlSection;
import io.hongyan.im.app.config.Settings;
import io.hongyan.im.app.config.StorageSettings.Engine;
import io.hongyan.im.core.MessagingLimits;
import io.hongyan.im.core.cluster.ProcessStall;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.send.AppendRules;
import io.hongyan.im.core.send.MessageRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** Opens the storage with the configured engine. */
final class StorageChoice {
    private StorageChoice() {}

    /**
     * @throws StorageException it cannot be used
     * @throws IOException the file with the password cannot be read
     */
    static OpenStorage open(Settings settings, InstantSource clock, ProcessStall processStall) throws IOException {
        AppendRules rules = rules(settings.messaging());
        if (settings.storage().engine() != Engine.MYSQL) {
            return SqliteStorage.open(
                    settings.storage().sqlite().in(settings.dataDirectory()), rules, System::nanoTime);
        }
        return ShardedStorage.open(databases(settings), rules, clock, System::nanoTime, processStall);
    }

    /** What becomes of drafts, whatever stores them. */
    static AppendRules rules(MessagingLimits limits) {
        return new AppendRules(
                limits.groups(), new MessageRules(limits.messages().changes(), new MessageChangeEncoder()));
    }

    /**
     * The databases of the data; where there is no list, one.
     *
     * @throws IOException a file with a password cannot be read
     */
    static ShardedSettings databases(Settings settings) throws IOException {
        MysqlSection mysql = settings.storage().mysql();
        Map<String, MysqlSettings> all = new LinkedHashMap<>();
        if (!mysql.isSharded()) {
            all.put(MysqlSection.ONLY, database(settings, mysql));
        }
        for (Map.Entry<String, MysqlDatabase> one : mysql.databases().entrySet()) {
            all.put(one.getKey(), database(settings, mysql.of(one.getValue())));
        }
        return new ShardedSettings(all);
    }

    private static MysqlSettings database(Settings settings, MysqlSection mysql) throws IOException {
        String password = "";
        if (mysql.hasPassword()) {
            Path file = settings.dataDirectory().resolve(mysql.passwordFile());
            if (!Files.isReadable(file)) {
                throw new IOException("storage.mysql.password_file cannot be read: " + file);
            }
            password = Files.readString(file).strip();
        }
        boolean inFeed = settings.messaging().feed().enabled()
                || !settings.outlets().rocketmq().isOff();
        return mysql.limits().at(mysql.url(), mysql.user(), password, inFeed);
    }
}
