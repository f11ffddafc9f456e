package io.hongyan.servers;

import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of {@code scripts/servers}. */
@Command(
        name = "servers",
        description = "Real servers for tests and local runs.",
        subcommands = {RocketMqCommand.class, ConsumeCommand.class})
public final class ServersMain {
    private ServersMain() {}

    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT);
        int code;
        try {
            code = new CommandLine(new ServersMain()).execute(args);
        } catch (Error unexpected) {
            unexpected.printStackTrace();
            code = 1;
        }
        if (code != 0) {
            // Threads of RocketMQ would keep the process alive.
            System.exit(code);
        }
    }
}
