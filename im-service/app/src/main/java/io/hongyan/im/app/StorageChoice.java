package io.hongyan.im.app;

import io.hongyan.im.adapter.sql.MysqlSettings;
import io.hongyan.im.adapter.sql.MysqlStorage;
import io.hongyan.im.adapter.sql.OpenStorage;
import io.hongyan.im.adapter.sql.SqliteStorage;
import io.hongyan.im.app.config.MysqlSection;
import io.hongyan.im.app.config.Settings;
import io.hongyan.im.app.config.StorageSettings.Engine;
import io.hongyan.im.core.message.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;

/** Opens the storage on the engine that is configured. */
final class StorageChoice {
    private StorageChoice() {}

    /**
     * @throws StorageException it cannot be used
     * @throws IOException the file with the password cannot be read
     */
    static OpenStorage open(Settings settings, InstantSource clock) throws IOException {
        return settings.storage().engine() == Engine.MYSQL
                ? MysqlStorage.open(mysql(settings), Limits.groups(settings), clock, System::nanoTime)
                : SqliteStorage.open(Limits.storage(settings), Limits.groups(settings), System::nanoTime);
    }

    private static MysqlSettings mysql(Settings settings) throws IOException {
        MysqlSection mysql = settings.storage().mysql();
        String password = "";
        if (mysql.hasPassword()) {
            Path file = settings.dataDirectory().resolve(mysql.passwordFile());
            if (!Files.isReadable(file)) {
                throw new IOException("storage.mysql.password_file cannot be read: " + file);
            }
            password = Files.readString(file).strip();
        }
        return Limits.mysql(settings, password);
    }
}
