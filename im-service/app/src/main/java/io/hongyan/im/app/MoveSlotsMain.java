package io.hongyan.im.app;

import io.hongyan.im.adapter.sql.mysql.SlotMover;
import io.hongyan.im.app.config.ConfigException;
import io.hongyan.im.app.config.Settings;
import io.hongyan.im.app.config.SettingsReader;
import io.hongyan.im.core.message.StorageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Moves slots between databases while nodes use them, as {@code scripts/move-slots} says. Exit code 0 done, 1 failed, 2
 * wrong arguments.
 */
public final class MoveSlotsMain {
    private static final Pattern SLOTS = Pattern.compile("([0-9]{1,4})(?:-([0-9]{1,4}))?");

    /** Shorter than nodes wait for a slot, and clients for an answer. */
    private static final long FROZEN_MILLIS_MAX = 5_000;

    private MoveSlotsMain() {}

    public static void main(String[] arguments) {
        Main.fixSurroundings();
        System.exit(run(arguments));
    }

    /** @param arguments CONFIGURATION, or CONFIGURATION SLOTS DATABASE */
    static int run(String... arguments) {
        Matcher slots = SLOTS.matcher(arguments.length == 3 ? arguments[1] : "0");
        if (arguments.length != 1 && arguments.length != 3 || !slots.matches()) {
            System.err.println("usage: scripts/move-slots --config FILE [FROM-TO DATABASE]");
            return 2;
        }
        try {
            Settings settings = SettingsReader.read(Path.of(arguments[0]), System.getenv());
            if (!settings.storage().mysql().isSharded()) {
                System.err.println("storage.mysql.databases names no databases");
                return 2;
            }
            try (SlotMover mover =
                    SlotMover.open(StorageChoice.databases(settings), FROZEN_MILLIS_MAX, System::nanoTime)) {
                if (arguments.length == 3) {
                    int from = Integer.parseInt(slots.group(1));
                    int to = slots.group(2) == null ? from : Integer.parseInt(slots.group(2));
                    mover.move(from, to, arguments[2]);
                }
                mover.plan().forEach(System.out::println);
            }
            return 0;
        } catch (ConfigException | IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage());
            return 2;
        } catch (StorageException | IOException failed) {
            System.err.println(failed.getMessage());
            return 1;
        }
    }
}
