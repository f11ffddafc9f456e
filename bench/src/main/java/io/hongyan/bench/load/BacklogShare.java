package io.hongyan.bench.load;

import io.hongyan.bench.mqtt.MqttLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The users of one loop and their senders; used on the loop's thread. */
final class BacklogShare {
    private static final int CONNECTING_MAX = 48;

    private final MqttLoop loop;
    private final BacklogPlan plan;
    private final LoadStats stats = new LoadStats();
    private final List<Pair> pairs = new ArrayList<>();
    private Connector connector;

    BacklogShare(MqttLoop loop, BacklogPlan plan, Addressing addressing, List<Integer> numbers) {
        this.loop = loop;
        this.plan = plan;
        this.connector = new Connector(loop, CONNECTING_MAX);
        DeliveryReader reader = new DeliveryReader();
        for (int number : numbers) {
            SplittableRandom random = new SplittableRandom(plan.seed() * 1_000_003L + number);
            SendTemplate template = new SendTemplate(addressing.receiverUid(number), plan.textBytes(), random);
            pairs.add(new Pair(number, loop, addressing, template, stats, reader, false));
        }
    }

    void connectReceivers() {
        newConnector();
        pairs.forEach(pair -> pair.connectReceiver(connector));
    }

    void disconnectReceivers() {
        pairs.forEach(Pair::disconnectReceiver);
    }

    void connectSenders() {
        newConnector();
        pairs.forEach(pair -> pair.connectSender(connector));
    }

    void fill() {
        for (Pair pair : pairs) {
            pair.begin(SendPacer.closedLoopOf(plan.entries(), plan.window()), plan.window());
        }
    }

    Connector.State connecting() {
        return connector.state();
    }

    long unacknowledged() {
        return (long) plan.entries() * pairs.size() - stats.acknowledgedCount();
    }

    long notReceived() {
        return (long) plan.entries() * pairs.size() - stats.receivedCount();
    }

    /** When each complete user got the last entry. */
    List<Long> caughtUpNanos() {
        return pairs.stream()
                .filter(pair -> pair.receivedCount() >= plan.entries())
                .map(Pair::lastReceivedNanos)
                .toList();
    }

    LoadStats stats() {
        return stats;
    }

    List<String> ends() {
        return pairs.stream().map(Pair::end).filter(end -> !end.isEmpty()).toList();
    }

    boolean finish() {
        loop.removeTurnTask(connector);
        pairs.forEach(Pair::disconnect);
        return true;
    }

    private void newConnector() {
        loop.removeTurnTask(connector);
        connector = new Connector(loop, CONNECTING_MAX);
        loop.addTurnTask(connector);
    }
}
