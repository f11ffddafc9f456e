package io.hongyan.servers;

import io.hongyan.servers.RocketMqOptions.Part;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Runs RocketMQ in the foreground until the process is told to end. Prints a line that begins with "ready" once clients
 * can use it.
 */
@Command(name = "rocketmq", description = "Runs a RocketMQ name server and broker until SIGTERM.")
final class RocketMqCommand implements Callable<Integer> {
    private static final long LOOK_MILLIS = 50;

    @Mixin
    private RocketMqOptions options;

    @Override
    public Integer call() throws Exception {
        RocketMqServer server = new RocketMqServer(options);
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop"));
        RocketMqRequests requests = null;
        try {
            server.start();
            if (options.has(Part.BROKER)) {
                RocketMqAdmin admin = new RocketMqAdmin(options.nameServer(), options.broker());
                admin.make(options.topics, options.groups);
                requests = options.requests == null ? null : new RocketMqRequests(options.requests, admin);
            }
        } catch (Exception e) {
            e.printStackTrace();
            // Threads of the parts that did start would keep the process alive.
            System.exit(1);
        }
        System.out.println("ready: " + addresses());
        CountDownLatch never = new CountDownLatch(1);
        while (!never.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
            if (requests != null) {
                requests.answer();
            }
        }
        return 0;
    }

    private String addresses() {
        StringJoiner addresses = new StringJoiner(", ");
        if (options.has(Part.NAME_SERVER)) {
            addresses.add("name server " + options.nameServer());
        }
        if (options.has(Part.BROKER)) {
            addresses.add("broker " + options.broker());
            if (options.proxy) {
                addresses.add("gRPC proxy " + RocketMqOptions.HOST + ":" + options.proxyPort);
            }
        }
        return addresses.toString();
    }
}
