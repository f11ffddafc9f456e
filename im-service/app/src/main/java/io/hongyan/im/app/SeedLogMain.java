package io.hongyan.im.app;

import io.hongyan.im.adapter.sql.sqlite.SeedLog;
import io.hongyan.im.adapter.sql.sqlite.SqliteSettings;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.Text;
import java.nio.file.Path;

/**
 * Fills a data directory with a long log for measurements: {@code SeedLogMain DIRECTORY CONVERSATIONS MESSAGES-EACH}.
 * Exit code 0 done, 1 the storage failed, 2 wrong arguments.
 */
public final class SeedLogMain {
    private static final int TEXT_CHARACTERS = 100;

    private SeedLogMain() {}

    public static void main(String[] arguments) {
        Main.fixSurroundings();
        if (arguments.length != 3 || !isCount(arguments[1]) || !isCount(arguments[2])) {
            System.err.println("usage: scripts/bench seed-log DIRECTORY CONVERSATIONS MESSAGES-EACH");
            System.exit(2);
        }
        byte[] content = Content.newBuilder()
                .setText(Text.newBuilder().setText("x".repeat(TEXT_CHARACTERS)))
                .build()
                .toByteArray();
        SeedLog log = new SeedLog(SqliteSettings.defaults(Path.of(arguments[0])));
        try {
            log.run(
                    Integer.parseInt(arguments[1]),
                    Integer.parseInt(arguments[2]),
                    content,
                    System.currentTimeMillis(),
                    messages -> System.err.print("\r" + messages + " messages"));
        } catch (StorageException unable) {
            System.err.println(unable.getMessage());
            System.exit(1);
        }
        System.err.println();
    }

    private static boolean isCount(String argument) {
        return argument.matches("[1-9][0-9]{0,7}");
    }
}
