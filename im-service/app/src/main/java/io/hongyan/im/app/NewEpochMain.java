package io.hongyan.im.app;

import io.hongyan.im.adapter.sql.OpenStorage;
import io.hongyan.im.app.config.ConfigException;
import io.hongyan.im.app.config.SettingsReader;
import io.hongyan.im.core.cluster.ProcessStall;
import io.hongyan.im.core.data.DataEpoch;
import io.hongyan.im.core.message.StorageException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/**
 * Begins another epoch of the data, as {@code scripts/hongyan new-epoch} says: where the database is embedded, while no server
 * uses it; nodes that use a MySQL database find out. Exit code 0 done, 1 failed, 2 wrong arguments.
 */
public final class NewEpochMain {
    private NewEpochMain() {}

    public static void main(String[] arguments) {
        Main.fixSurroundings();
        System.exit(run(System.getenv(), arguments));
    }

    /** @param arguments none, or {@code --config FILE} */
    static int run(Map<String, String> environment, String... arguments) {
        boolean configured = arguments.length == 2 && arguments[0].equals("--config");
        if (arguments.length > 0 && !configured) {
            System.err.println("usage: scripts/hongyan [--config FILE] new-epoch");
            return 2;
        }
        Clock clock = Clock.systemUTC();
        try (OpenStorage storage = StorageChoice.open(
                SettingsReader.read(configured ? Path.of(arguments[1]) : null, environment),
                clock,
                ProcessStall.never())) {
            DataEpoch over = storage.dataEpochs().current();
            DataEpoch begun = storage.dataEpochs().begin(over, clock.millis());
            System.out.println("Epoch " + begun.id() + " of the data has begun; before it was " + over.id());
            return 0;
        } catch (ConfigException wrong) {
            System.err.println(wrong.getMessage());
            return 2;
        } catch (StorageException | IOException failed) {
            System.err.println("hongyan: " + failed.getMessage());
            return 1;
        }
    }
}
