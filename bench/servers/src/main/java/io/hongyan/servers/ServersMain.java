package io.hongyan.servers;

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
        int code = new CommandLine(new ServersMain()).execute(args);
        if (code != 0) {
            System.exit(code);
        }
    }
}
