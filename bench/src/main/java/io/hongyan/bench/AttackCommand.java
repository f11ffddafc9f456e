package io.hongyan.bench;

import io.hongyan.bench.hostile.Crowd;
import io.hongyan.bench.hostile.Target;
import io.hongyan.bench.server.TokenSigner;
import io.hongyan.bench.time.BenchTime;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Started by {@code hostile} as the process of the attackers, with its own priority: prints {@code attacking}, waits
 * for the end of its input, prints {@code attacked NAME=ROUNDS,...}.
 */
@Command(name = "attack", hidden = true)
final class AttackCommand implements Callable<Integer> {
    static final String ATTACKING = "attacking";
    static final String ATTACKED = "attacked ";

    private final Console console;
    private final BenchTime time;

    @Option(names = "--mqtt", required = true)
    private int mqtt;

    @Option(names = "--mqtts", required = true)
    private int mqtts;

    @Option(names = "--web-socket", required = true)
    private int webSocket;

    @Option(names = "--http", required = true)
    private int http;

    @Option(names = "--secret-file", required = true)
    private Path secretFile;

    @Option(names = "--kinds", required = true, split = ",")
    private List<String> kinds;

    AttackCommand(Console console, BenchTime time) {
        this.console = console;
        this.time = time;
    }

    @Override
    public Integer call() throws IOException {
        TokenSigner tokens = TokenSigner.fromFile(secretFile, time.epochMillis() / 1000);
        String run = "h" + Long.toString(time.epochMillis(), Character.MAX_RADIX);
        Crowd crowd = Crowd.start(
                kinds,
                over -> new Target(port(mqtt), port(mqtts), port(webSocket), port(http), run, tokens::token, over),
                time);
        try (crowd) {
            console.say(ATTACKING);
            while (System.in.read() >= 0) {
                // Only the end of the input has a meaning.
            }
        }
        console.say(ATTACKED
                + crowd.rounds().entrySet().stream()
                        .map(kind -> kind.getKey() + "=" + kind.getValue())
                        .collect(Collectors.joining(",")));
        return 0;
    }

    /** Only this machine is ever attacked. */
    private static InetSocketAddress port(int port) {
        return new InetSocketAddress("127.0.0.1", port);
    }
}
