package io.hongyan.bench.load;

import io.hongyan.bench.mqtt.MqttLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The pairs of one loop with what they share; used on the loop's thread. */
final class LoopShare {
    private final MqttLoop loop;
    private final PairPlan plan;
    private final Connector connector;
    private final LoadStats stats = new LoadStats();
    private final List<Pair> pairs = new ArrayList<>();
    private OpenLoopTask openLoopTask;

    /** The state of a share while it runs. */
    record Status(long sent, long acknowledged, long received) {}

    /** @param numbers of the pairs */
    LoopShare(MqttLoop loop, PairPlan plan, Addressing addressing, List<Integer> numbers) {
        this.loop = loop;
        this.plan = plan;
        this.connector = new Connector(loop, PairPlan.CONNECTING_MAX);
        DeliveryReader reader = new DeliveryReader();
        for (int number : numbers) {
            SplittableRandom random = new SplittableRandom(plan.seed() * 1_000_003L + number);
            SendTemplate template = new SendTemplate(addressing.receiverUid(number), plan.textBytes(), random);
            pairs.add(new Pair(number, loop, addressing, template, stats, reader, plan.replies()));
        }
    }

    void connect() {
        for (Pair pair : pairs) {
            pair.connectReceiver(connector);
            pair.connectSender(connector);
        }
        loop.addTurnTask(connector);
    }

    /**
     * Starts the load.
     *
     * @param share number of this share
     * @param shares how many there are; an open loop's messages go to them in turn
     */
    void begin(long baseNanos, int share, int shares) {
        loop.removeTurnTask(connector);
        long measureNanos = baseNanos + plan.warmUpMillis() * 1_000_000L;
        long stopNanos = measureNanos + plan.measureMillis() * 1_000_000L;
        stats.measureBetween(measureNanos, stopNanos);
        if (!plan.openLoop()) {
            pairs.forEach(pair -> pair.begin(SendPacer.closedLoop(plan.window(), stopNanos), plan.window()));
            return;
        }
        double stepNanos = 1e9 / plan.ratePerSecond();
        for (int i = 0; i < pairs.size(); i++) {
            SendPacer.OpenLoop own =
                    new SendPacer.OpenLoop(baseNanos, stepNanos, shares * pairs.size(), share + shares * i);
            pairs.get(i)
                    .begin(
                            SendPacer.openLoop(own, PairPlan.OPEN_LOOP_IN_FLIGHT_MAX, stopNanos),
                            PairPlan.OPEN_LOOP_IN_FLIGHT_MAX);
        }
        openLoopTask = new OpenLoopTask(pairs, new SendPacer.OpenLoop(baseNanos, stepNanos, shares, share), stopNanos);
        loop.addTurnTask(openLoopTask);
    }

    /** What is due is sent first: a loop that had no turn for long would seem to have nothing more to do. */
    Status status() {
        if (openLoopTask != null) {
            openLoopTask.run(loop.nowNanos());
        }
        return new Status(stats.sentCount(), stats.acknowledgedCount(), stats.receivedCount());
    }

    Connector.State connecting() {
        return connector.state();
    }

    /** Ends the load and returns its figures. */
    LoadStats finish() {
        loop.removeTurnTask(connector);
        if (openLoopTask != null) {
            loop.removeTurnTask(openLoopTask);
        }
        pairs.forEach(Pair::disconnect);
        return stats;
    }

    int lost() {
        return pairs.stream().mapToInt(Pair::lost).sum();
    }

    /** Why connections ended too early. */
    List<String> ends() {
        return pairs.stream().map(Pair::end).filter(end -> !end.isEmpty()).toList();
    }
}
