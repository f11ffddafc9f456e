package io.hongyan.im.app;

import java.util.function.UnaryOperator;

/** Starts the server: {@code Main [--config FILE]}. */
public final class Main {
    private Main() {}

    /** Returns only when the process ends. */
    public static void main(String[] arguments) {
        Launcher launcher = new Launcher(System.out, System.err, System.getenv(), UnaryOperator.identity());
        System.exit(launcher.run(arguments));
    }
}
