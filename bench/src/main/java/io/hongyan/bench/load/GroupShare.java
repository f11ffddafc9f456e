package io.hongyan.bench.load;

import io.hongyan.bench.mqtt.MqttLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** The readers of one loop, and some of the writers; used on the loop's thread. */
final class GroupShare {
    private final MqttLoop loop;
    private final GroupPlan plan;
    private final Connector connector;
    private final GroupStats stats = new GroupStats();
    private final List<GroupReader> readers = new ArrayList<>();
    private final List<GroupWriter> writers = new ArrayList<>();
    private final List<Integer> groupsWritten = new ArrayList<>();

    /** The state of a share while it runs. */
    record Status(long sent, long acknowledged, long received) {}

    /** @param numbers of readers: those of the first group first */
    GroupShare(
            MqttLoop loop, GroupPlan plan, GroupAddressing addressing, List<Arrivals> arrivals, List<Integer> numbers) {
        this.loop = loop;
        this.plan = plan;
        this.connector = new Connector(loop, PairPlan.CONNECTING_MAX);
        DeliveryReader reader = new DeliveryReader();
        for (int number : numbers) {
            int group = number / plan.online();
            int member = 1 + number % plan.online();
            readers.add(new GroupReader(
                    group,
                    addressing.filter(group, member),
                    () -> addressing.settings(group, member),
                    loop,
                    connector,
                    reader,
                    arrivals.get(group),
                    stats));
            // A group's writer is on the loop of its first reader.
            if (member == 1) {
                SplittableRandom random = new SplittableRandom(plan.seed() * 1_000_003L + group);
                SendTemplate template = new SendTemplate(addressing.peer(group), plan.textBytes(), random);
                writers.add(new GroupWriter(
                        group,
                        addressing.uid(group, 0),
                        () -> addressing.settings(group, 0),
                        loop,
                        connector,
                        template,
                        reader,
                        stats));
                groupsWritten.add(group);
            }
        }
    }

    void connect() {
        readers.forEach(GroupReader::connect);
        writers.forEach(GroupWriter::connect);
        loop.addTurnTask(connector);
    }

    void begin(long baseNanos) {
        loop.removeTurnTask(connector);
        long measureNanos = baseNanos + plan.warmUpMillis() * 1_000_000L;
        long stopNanos = measureNanos + plan.measureMillis() * 1_000_000L;
        stats.measureBetween(measureNanos, stopNanos);
        for (int i = 0; i < writers.size(); i++) {
            SendPacer.OpenLoop times =
                    new SendPacer.OpenLoop(baseNanos, 1e9 / plan.ratePerSecond(), plan.groups(), groupsWritten.get(i));
            writers.get(i)
                    .begin(
                            plan.openLoop()
                                    ? SendPacer.openLoop(times, plan.inFlightMax(), stopNanos)
                                    : SendPacer.closedLoop(plan.window(), stopNanos));
        }
    }

    Connector.State connecting() {
        return connector.state();
    }

    /** What is due is sent first: a loop that had no turn for long would seem to have nothing more to do. */
    Status status() {
        if (plan.openLoop()) {
            writers.forEach(GroupWriter::sendDue);
        }
        return new Status(stats.load.sentCount(), stats.load.acknowledgedCount(), stats.load.receivedCount());
    }

    /** Ends the load and returns its figures. */
    GroupStats finish() {
        loop.removeTurnTask(connector);
        readers.forEach(GroupReader::disconnect);
        writers.forEach(GroupWriter::disconnect);
        return stats;
    }

    /** Why connections ended too early. */
    List<String> ends() {
        return Stream.concat(
                        readers.stream().map(GroupReader::end), writers.stream().map(GroupWriter::end))
                .filter(end -> !end.isEmpty())
                .toList();
    }
}
