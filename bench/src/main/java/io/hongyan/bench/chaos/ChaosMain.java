package io.hongyan.bench.chaos;

import io.hongyan.bench.time.SystemTime;
import java.io.UncheckedIOException;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program behind {@code scripts/chaos}. */
@Command(
        name = "scripts/chaos",
        description = "Disturbs a real server while clients use it, and checks that the promises hold.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:every promise held", "1:a promise was broken", "2:the run could not be carried out"})
public final class ChaosMain implements Runnable {
    /** A promise was broken. */
    static final int BROKEN = 1;
    /** The run could not be carried out, or the history not be read. */
    static final int FAILED = 2;

    @Spec
    private CommandSpec spec;

    private ChaosMain() {}

    public static void main(String[] arguments) {
        Locale.setDefault(Locale.ROOT);
        CommandLine line = new CommandLine(new ChaosMain());
        line.addSubcommand(new CrashCommand(new SystemTime()));
        line.addSubcommand(new ChaosClusterCommand(new SystemTime()));
        line.addSubcommand(new CheckCommand());
        line.setExecutionExceptionHandler((e, command, parsed) -> {
            command.getErr().println("chaos: " + e.getMessage());
            boolean expected = e instanceof IllegalStateException || e instanceof UncheckedIOException;
            if (!expected) {
                e.printStackTrace(command.getErr());
            }
            return FAILED;
        });
        System.exit(line.execute(arguments));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing; --help lists them");
    }
}
