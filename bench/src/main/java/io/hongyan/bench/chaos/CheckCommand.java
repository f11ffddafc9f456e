package io.hongyan.bench.chaos;

import io.hongyan.bench.chaos.check.Checker;
import io.hongyan.bench.chaos.check.Verdict;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks a kept history again. */
@Command(name = "check", description = "Checks the history of an earlier run again.", mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
    /** The server writes cursors within a second; the rest is for a busy machine. */
    static final long SETTLED_MILLIS = 4_000;

    @Parameters(paramLabel = "HISTORY", description = "JSON lines, as docs/chaos.md describes them.")
    private Path history;

    @Option(
            names = "--settled-millis",
            paramLabel = "N",
            description = "What a device acknowledged so many milliseconds before it was cut off must not come again"
                    + " (default ${DEFAULT-VALUE}).")
    private long settledMillis = SETTLED_MILLIS;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Verdict verdict = new Checker(settledMillis).check(history);
        VerdictPrinter.print(verdict, "history: " + history, spec.commandLine().getOut());
        return verdict.held() ? 0 : ChaosMain.BROKEN;
    }
}
