package io.hongyan.servers;

import java.io.PrintStream;
import java.util.Base64;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Consumes a topic in order with one of RocketMQ's own clients and prints every message, before it is acknowledged, as
 * a line {@code event BASE64.} of its body, until it is killed. Readers of its output ignore a last line without the
 * full stop.
 */
@Command(name = "consume", description = "Prints the bodies of a topic's messages in base64, until it is killed.")
final class ConsumeCommand implements Callable<Integer> {
    @Option(names = "--topic", required = true, description = "name of the topic")
    private String topic;

    @Option(names = "--group", required = true, description = "consumer group; for gRPC it must exist and be ordered")
    private String group;

    @Option(names = "--namesrv", description = "HOST:PORT: use the remoting client")
    private String nameServer;

    @Option(names = "--grpc", description = "HOST:PORT of the proxy: use the gRPC client")
    private String proxy;

    @Override
    public Integer call() throws Exception {
        if ((nameServer == null) == (proxy == null)) {
            System.err.println("one of --namesrv and --grpc is needed");
            return 2;
        }
        PrintStream out = System.out;
        // The logs of the clients must not mix with the messages of the topic.
        System.setOut(System.err);
        Subscription subscription = new Subscription(topic, group, body -> print(out, body));
        try {
            if (proxy == null) {
                subscription.overRemoting(nameServer);
            } else {
                subscription.overGrpc(proxy);
            }
        } catch (Exception unable) {
            unable.printStackTrace();
            // Threads that did start would keep the process alive.
            System.exit(1);
        }
        new CountDownLatch(1).await();
        return 0;
    }

    private static void print(PrintStream out, byte[] body) {
        String line = "event " + Base64.getEncoder().encodeToString(body) + ".\n";
        synchronized (out) {
            out.print(line);
            out.flush();
        }
    }
}
