package io.hongyan.im.app;

import io.hongyan.im.app.config.SettingsReader;
import io.hongyan.im.app.fault.Fault;
import io.hongyan.im.app.fault.LateDisk;
import java.nio.file.Path;

/** The server with a fault switched on: {@code BreakMain --break FAULT --config FILE}. Test builds only. */
public final class BreakMain {
    private static final int ARGUMENTS = 4;
    private static final int MISUSED = 2;

    private BreakMain() {}

    /** Returns only when the process ends. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length != ARGUMENTS
                || !arguments[0].equals("--break")
                || Fault.named(arguments[1]).isEmpty()) {
            System.err.println("usage: BreakMain --break FAULT --config FILE");
            System.exit(MISUSED);
        }
        Fault fault = Fault.named(arguments[1]).get();
        Path database = SettingsReader.read(Path.of(arguments[3]), System.getenv())
                .dataDirectory()
                .resolve("hongyan.db");
        if (fault == Fault.ACK_BEFORE_STORE) {
            LateDisk disk = new LateDisk(database);
            disk.crash();
            disk.start();
        }
        System.err.println("THIS SERVER IS BROKEN ON PURPOSE: " + arguments[1]);
        Launcher launcher =
                new Launcher(System.out, System.err, System.getenv(), storage -> fault.inject(storage, database));
        System.exit(launcher.run(arguments[2], arguments[3]));
    }
}
