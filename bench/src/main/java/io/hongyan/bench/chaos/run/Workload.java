package io.hongyan.bench.chaos.run;

import io.hongyan.bench.chaos.run.CrashPlan.DevicePlan;
import io.hongyan.bench.mqtt.ConnectionSettings;
import io.hongyan.bench.mqtt.MqttLoop;
import io.hongyan.bench.mqtt.MqttLoops;
import io.hongyan.bench.mqtt.TurnTask;
import io.hongyan.bench.time.BenchTime;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * All devices of a run, on one loop, so that what they do and see has one order. Called by the thread that drives the
 * run.
 */
final class Workload implements AutoCloseable {
    private static final int KEEP_ALIVE_SECONDS = 30;
    private static final long POLL_MILLIS = 20;
    private static final long READY_MILLIS_MAX = 60_000;
    private static final long QUIET_MILLIS_MAX = 90_000;
    /** After so long without anything on any device the run counts as quiet. */
    private static final long STILL_MILLIS = 2_000;
    /** A burst fills between nothing and all of the window. */
    private static final double BURST_PART_OF_WINDOW = 0.5;

    private final MqttLoops loops;
    private final MqttLoop loop;
    private final BenchTime time;
    private final List<ChaosClient> clients = new ArrayList<>();

    /**
     * @param routes gives a device its route to the server
     * @param messagesPerSecond of all devices together, as long as the server keeps up
     */
    Workload(
            CrashPlan plan,
            BiFunction<DevicePlan, SplittableRandom, Route> routes,
            Journal journal,
            SplittableRandom random,
            double messagesPerSecond,
            BenchTime time) {
        this.time = time;
        loops = new MqttLoops(1, time::nanos);
        loop = loops.forIndex(0);
        double burstMean = plan.devices().stream()
                .mapToDouble(d -> Math.max(1, d.window() * BURST_PART_OF_WINDOW))
                .sum();
        long burstIntervalNanos = (long) (TimeUnit.SECONDS.toNanos(1) * burstMean / messagesPerSecond);
        for (DevicePlan device : plan.devices()) {
            SplittableRandom own = random.split();
            clients.add(
                    new ChaosClient(device, loop, routes.apply(device, own.split()), journal, own, burstIntervalNanos));
        }
    }

    /** The route of a device if there is one server. */
    static BiFunction<DevicePlan, SplittableRandom, Route> oneServer(
            InetSocketAddress server, UnaryOperator<String> token) {
        return (device, random) -> new OneServer(
                new ConnectionSettings(
                        server,
                        null,
                        device.clientId(),
                        device.uid(),
                        token.apply(device.uid()),
                        KEEP_ALIVE_SECONDS,
                        device.cleanSession()),
                random);
    }

    /** Further tasks on the devices' loop. */
    void add(TurnTask task) {
        onLoop(() -> loop.addTurnTask(task));
    }

    /** The loop of all devices. */
    MqttLoop loop() {
        return loop;
    }

    /** Connects all devices and waits until each reads its inbox. */
    void connect() {
        onLoop(() -> clients.forEach(loop::addTurnTask));
        long giveUp = time.nanos() + TimeUnit.MILLISECONDS.toNanos(READY_MILLIS_MAX);
        while (!ask(() -> clients.stream().allMatch(ChaosClient::isReady))) {
            if (time.nanos() > giveUp) {
                throw new IllegalStateException("the clients could not connect: " + unready());
            }
            time.pause(POLL_MILLIS);
        }
    }

    /** Starts the writing. */
    void start() {
        onLoop(() -> clients.forEach(ChaosClient::startSending));
    }

    /**
     * Ends the sending and waits until everything is acknowledged and nothing moves any more; returns null, or what
     * still moves.
     */
    String becomeQuiet() {
        onLoop(() -> clients.forEach(ChaosClient::stopSending));
        long giveUp = time.nanos() + TimeUnit.MILLISECONDS.toNanos(QUIET_MILLIS_MAX);
        String restless = restless();
        while (restless != null && time.nanos() < giveUp) {
            time.pause(POLL_MILLIS);
            restless = restless();
        }
        String complaint = complaint();
        return complaint != null ? complaint : restless;
    }

    /** Something a client saw that no server may do, or null. */
    private String complaint() {
        return ask(() -> {
            for (ChaosClient client : clients) {
                if (client.complaint() != null) {
                    return client.complaint();
                }
            }
            return null;
        });
    }

    private String restless() {
        long stillSince = time.nanos() - TimeUnit.MILLISECONDS.toNanos(STILL_MILLIS);
        return ask(() -> {
            for (ChaosClient client : clients) {
                if (!client.isReady()) {
                    return client.clientId() + " is not connected";
                }
                if (client.unacknowledged() > 0) {
                    return client.clientId() + " waits for " + client.unacknowledged() + " acknowledgements";
                }
                if (client.lastEventNanos() > stillSince) {
                    return client.clientId() + " still receives";
                }
            }
            return null;
        });
    }

    private String unready() {
        return ask(() -> clients.stream()
                .filter(client -> !client.isReady())
                .map(ChaosClient::clientId)
                .toList()
                .toString());
    }

    /** Returns when it is done. */
    void onLoop(Runnable task) {
        ask(() -> {
            task.run();
            return true;
        });
    }

    private <T> T ask(Supplier<T> question) {
        if (loop.failure() != null) {
            throw new IllegalStateException("the clients' loop has failed", loop.failure());
        }
        return loop.ask(question)
                .orTimeout(READY_MILLIS_MAX, TimeUnit.MILLISECONDS)
                .join();
    }

    @Override
    public void close() {
        loops.close();
    }
}
