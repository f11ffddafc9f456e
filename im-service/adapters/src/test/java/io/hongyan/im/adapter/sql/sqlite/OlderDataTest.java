package io.hongyan.im.adapter.sql.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.adapter.sql.OlderData;
import io.hongyan.im.core.contract.StorageContract;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that the version before has written is upgraded with all it has. */
class OlderDataTest {
    @TempDir
    Path directory;

    private SqliteStorage open() {
        return SqliteStorage.open(
                SqliteSettings.defaults(directory), StorageContract.rules(OlderData.LIMITS), System::nanoTime);
    }

    @Test
    void whatTheVersionBeforeHasStoredIsThereAndTheRestGoesOn() throws IOException, SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("hongyan.db"));
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(OlderData.resource(OlderDataTest.class, "older-v8.sql"));
        }

        try (SqliteStorage storage = open()) {
            assertThat(OlderData.seen(storage)).isEqualTo(OlderData.resource(OlderDataTest.class, "older-seen.txt"));
            OlderData.assertGoesOn(storage.ports());
        }
        open().close();
    }
}
