package io.hongyan.bench;

import io.hongyan.bench.load.Addressing;
import io.hongyan.bench.load.Endpoint;
import io.hongyan.bench.load.HongyanAddressing;
import io.hongyan.bench.load.IdleCrowd;
import io.hongyan.bench.load.LoadFailure;
import io.hongyan.bench.load.PlainAddressing;
import io.hongyan.bench.mqtt.MqttLoops;
import io.hongyan.bench.server.TokenSigner;
import io.hongyan.bench.time.BenchTime;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Started by {@code idle} to hold a part of the connections, because a process has a limited number of files: prints
 * {@code held}, waits for the end of its input, prints {@code ended N RETRIED why}.
 */
@Command(name = "hold", hidden = true)
final class HoldCommand implements Callable<Integer> {
    static final String HELD = "held";
    static final String FAILED = "failed ";
    static final String ENDED = "ended ";

    private final Console console;
    private final BenchTime time;

    @Option(names = "--host", required = true)
    private String host;

    @Option(names = "--port", required = true)
    private int port;

    @Option(names = "--secret-file", description = "Of a Hongyan; if it is missing the server is a plain broker.")
    private Path secretFile;

    @Option(names = "--source-net", required = true)
    private int sourceNet;

    @Option(names = "--run", required = true)
    private String run;

    @Option(names = "--first", required = true)
    private int first;

    @Option(names = "--count", required = true)
    private int count;

    @Option(names = "--keep-alive", required = true)
    private int keepAliveSeconds;

    HoldCommand(Console console, BenchTime time) {
        this.console = console;
        this.time = time;
    }

    @Override
    public Integer call() throws IOException {
        try (MqttLoops loops = new MqttLoops(1, time::nanos)) {
            IdleCrowd crowd = new IdleCrowd(loops, addressing(), first, count, time, console.progress());
            crowd.connect();
            console.say(HELD);
            while (System.in.read() >= 0) {
                // Only the end of the input has a meaning.
            }
            console.say(ENDED + crowd.ended() + " " + crowd.retried() + " " + crowd.firstFailure());
            return 0;
        } catch (LoadFailure e) {
            console.say(FAILED + e.getMessage());
            return 1;
        }
    }

    private Addressing addressing() {
        Endpoint endpoint = new Endpoint(new InetSocketAddress(host, port), sourceNet, keepAliveSeconds);
        if (secretFile == null) {
            return new PlainAddressing(endpoint, run, false);
        }
        TokenSigner tokens = TokenSigner.fromFile(secretFile, time.epochMillis() / 1000);
        return new HongyanAddressing(endpoint, run, tokens::token);
    }
}
