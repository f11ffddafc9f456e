package io.hongyan.bench;

import io.hongyan.bench.load.LoadFailure;
import io.hongyan.bench.time.BenchTime;
import io.hongyan.bench.time.SystemTime;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program behind {@code scripts/bench}. */
@Command(
        name = "bench",
        description = "Measures Hongyan, and other servers for comparison.",
        mixinStandardHelpOptions = true,
        usageHelpAutoWidth = true)
public final class BenchMain implements Runnable {
    private static final int FAILED = 2;

    @Spec
    private CommandLine.Model.CommandSpec spec;

    private BenchMain() {}

    public static void main(String[] arguments) {
        Locale.setDefault(Locale.ROOT);
        BenchTime time = new SystemTime();
        Console console = new Console(System.out, System.err, System.console() != null, time);
        System.exit(commandLine(console, time).execute(arguments));
    }

    static CommandLine commandLine(Console console, BenchTime time) {
        CommandLine line = new CommandLine(new BenchMain());
        line.addSubcommand(new C2cCommand(console, time));
        line.addSubcommand(new IdleCommand(console, time));
        line.addSubcommand(new HandshakesCommand(console, time));
        line.addSubcommand(new LoginsCommand(console, time));
        line.addSubcommand(new BacklogCommand(console, time));
        line.addSubcommand(new GroupsCommand(console, time));
        line.addSubcommand(new PushCommand(console, time));
        line.addSubcommand(new FeedCommand(console, time));
        line.addSubcommand(new HintsCommand(console, time));
        line.addSubcommand(new ClusterCommand(console, time));
        line.addSubcommand(new HostileCommand(console, time));
        line.addSubcommand(new CompareCommand(console, time));
        line.addSubcommand(new ReadyCommand(console, time));
        line.addSubcommand(new HoldCommand(console, time));
        line.addSubcommand(new AttackCommand(console, time));
        line.addSubcommand(new OccupyCommand(console));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((e, command, parsed) -> {
            if (e instanceof IllegalArgumentException
                    || e instanceof IllegalStateException
                    || e instanceof LoadFailure) {
                command.getErr().println(e.getMessage());
            } else {
                e.printStackTrace(command.getErr());
            }
            return FAILED;
        });
        return line;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing; --help lists them");
    }
}
