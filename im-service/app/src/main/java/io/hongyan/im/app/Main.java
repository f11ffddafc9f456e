package io.hongyan.im.app;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** Starts the server: {@code Main [--config FILE]}. */
public final class Main {
    private static final int FAILED = 1;

    private Main() {}

    /** Returns only when the process ends. */
    public static void main(String[] arguments) {
        fixSurroundings();
        int exitCode = FAILED;
        try {
            exitCode = new Launcher(System.out, System.err, System.getenv(), UnaryOperator.identity()).run(arguments);
        } catch (RuntimeException | Error mistake) {
            System.err.println("hongyan: " + mistake);
        } finally {
            // Threads that were started before would keep the process alive.
            System.exit(exitCode);
        }
    }

    /**
     * The locale of the machine changes nothing that is read or written, not even by libraries; an error after which
     * nothing can be relied on ends the process, whichever thread meets it.
     */
    static void fixSurroundings() {
        Locale.setDefault(Locale.ROOT);
        System.setOut(utf8(FileDescriptor.out));
        System.setErr(utf8(FileDescriptor.err));
        Thread.setDefaultUncaughtExceptionHandler(new FatalErrorEnd(System.err, Runtime.getRuntime()::halt));
    }

    private static PrintStream utf8(FileDescriptor stream) {
        return new PrintStream(new FileOutputStream(stream), true, StandardCharsets.UTF_8);
    }
}
