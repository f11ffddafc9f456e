package io.hongyan.bench.load;

import io.hongyan.bench.mqtt.MqttLoop;
import io.hongyan.bench.mqtt.MqttLoops;
import io.hongyan.bench.report.Progress;
import io.hongyan.bench.time.BenchTime;
import java.util.ArrayList;
import java.util.List;

/** Users who are online and wait for pushes, all of one process. */
public final class PushCrowd implements AutoCloseable {
    /** The usual limit of 20,000 files minus those of a JVM. */
    public static final int USERS_MAX = 19_000;

    private static final long CONNECT_MILLIS_MAX = 600_000;

    private final HongyanAddressing addressing;
    private final int users;
    private final Watch watch;
    private final PerLoop<Share> shares;

    public PushCrowd(MqttLoops loops, HongyanAddressing addressing, int users, BenchTime time, Progress progress) {
        if (users < 1 || users > USERS_MAX) {
            throw new IllegalArgumentException("1 to " + USERS_MAX + " users can be online, not " + users);
        }
        this.addressing = addressing;
        this.users = users;
        this.watch = new Watch("push", time, progress);
        this.shares = new PerLoop<>(loops, users, (loop, numbers) -> new Share(loop, addressing, numbers));
    }

    /**
     * Returns when all are connected and subscribed.
     *
     * @throws LoadFailure if one could not, even when trying again
     */
    public void connect() {
        shares.tellAll(Share::connect);
        watch.untilConnected(() -> shares.ask(share -> share.connector.state()), CONNECT_MILLIS_MAX);
        shares.tellAll(Share::connected);
    }

    public int users() {
        return users;
    }

    String uid(int user) {
        return addressing.receiverUid(user);
    }

    /** Waits until so many have got a push, or nobody has for a while. */
    void await(PushPlan push, long quietMillisMax, long millisMax) {
        watch.untilNone(() -> push.expected() - received(push.number()), "pushing", quietMillisMax, millisMax);
    }

    private long received(int push) {
        return shares.ask(share -> share.stats.receivedCount(push)).stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** When each delivery of a push arrived. */
    List<Long> nanos(int push) {
        return shares.ask(share -> share.stats.nanos(push)).stream()
                .flatMap(List::stream)
                .toList();
    }

    long doubled(int push) {
        return shares.ask(share -> share.stats.doubledCount(push)).stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** Why connections ended too early. */
    public List<String> ends() {
        return shares.ask(Share::ends).stream().flatMap(List::stream).toList();
    }

    @Override
    public void close() {
        shares.ask(Share::disconnect);
    }

    /** The users of one loop; used on its thread. */
    private static final class Share {
        private final MqttLoop loop;
        private final Connector connector;
        private final PushStats stats = new PushStats();
        private final List<PushReader> readers = new ArrayList<>();

        Share(MqttLoop loop, HongyanAddressing addressing, List<Integer> numbers) {
            this.loop = loop;
            this.connector = new Connector(loop, PairPlan.CONNECTING_MAX);
            DeliveryReader reader = new DeliveryReader();
            for (int user : numbers) {
                readers.add(new PushReader(
                        addressing.receiveFilter(user),
                        () -> addressing.receiver(user),
                        loop,
                        connector,
                        reader,
                        stats));
            }
        }

        void connect() {
            readers.forEach(PushReader::connect);
            loop.addTurnTask(connector);
        }

        void connected() {
            loop.removeTurnTask(connector);
        }

        List<String> ends() {
            return readers.stream()
                    .map(PushReader::end)
                    .filter(end -> !end.isEmpty())
                    .toList();
        }

        boolean disconnect() {
            loop.removeTurnTask(connector);
            readers.forEach(PushReader::disconnect);
            return true;
        }
    }
}
