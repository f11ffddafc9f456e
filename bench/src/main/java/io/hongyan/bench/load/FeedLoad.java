package io.hongyan.bench.load;

import io.hongyan.bench.mqtt.MqttLoop;
import io.hongyan.bench.mqtt.MqttLoops;
import io.hongyan.bench.report.Progress;
import io.hongyan.bench.time.BenchTime;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/** Users in a ring who write until they are stopped; the ledger knows what was acknowledged. */
final class FeedLoad implements AutoCloseable {
    private static final long START_DELAY_NANOS = 20_000_000L;

    /** The consumer may pause for longer than a server that answers. */
    private static final long QUIET_MILLIS_MAX = 60_000;

    private final BenchTime time;
    private final Watch watch;
    private final FeedLedger ledger;
    private final PerLoop<Share> shares;

    FeedLoad(
            MqttLoops loops,
            HongyanAddressing addressing,
            FeedPlan plan,
            FeedLedger ledger,
            BenchTime time,
            Progress progress) {
        this.time = time;
        this.watch = new Watch("feed", time, progress);
        this.ledger = ledger;
        this.shares = new PerLoop<>(
                loops, plan.users(), (loop, numbers) -> new Share(loop, addressing, plan, ledger, numbers));
    }

    /** Connects everybody and starts to write. */
    void begin() {
        shares.tellAll(Share::connect);
        watch.untilConnected(() -> shares.ask(share -> share.connector.state()), PairRun.CONNECT_MILLIS_MAX);
        long base = time.nanos() + START_DELAY_NANOS;
        shares.tellAll(share -> share.begin(base));
    }

    void goOn(long millis, String phase) {
        watch.until(time.nanos() + millis * 1_000_000L, phase, ledger::acknowledgedCount);
    }

    boolean untilNone(LongSupplier left, String phase, long quietMillisMax, long millisMax) {
        return watch.untilNone(left, phase, quietMillisMax, millisMax);
    }

    /** Ends the writing and waits until pending messages are acknowledged and have reached the consumer. */
    void finish() {
        shares.ask(Share::stop);
        long sent = sent();
        watch.untilNone(
                () -> 2 * sent - ledger.acknowledgedCount() - ledger.fedCount(),
                "waiting for the rest",
                QUIET_MILLIS_MAX,
                PairPlan.DRAIN_MILLIS_MAX);
    }

    long sent() {
        return shares.ask(Share::sent).stream().mapToLong(Long::longValue).sum();
    }

    /** Why connections ended too early. */
    List<String> ends() {
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
        private final List<RingWriter> writers = new ArrayList<>();

        Share(MqttLoop loop, HongyanAddressing addressing, FeedPlan plan, FeedLedger ledger, List<Integer> numbers) {
            this.loop = loop;
            this.connector = new Connector(loop, PairPlan.CONNECTING_MAX);
            for (int number : numbers) {
                SplittableRandom random = new SplittableRandom(plan.seed() * 1_000_003L + number);
                SendTemplate template =
                        new SendTemplate(addressing.receiverUid((number + 1) % plan.users()), plan.textBytes(), random);
                writers.add(new RingWriter(number, plan, addressing, loop, connector, template, ledger));
            }
        }

        void connect() {
            writers.forEach(RingWriter::connect);
            loop.addTurnTask(connector);
        }

        void begin(long baseNanos) {
            loop.removeTurnTask(connector);
            writers.forEach(writer -> writer.begin(baseNanos));
        }

        boolean stop() {
            writers.forEach(RingWriter::stop);
            return true;
        }

        long sent() {
            return writers.stream().mapToLong(RingWriter::sent).sum();
        }

        List<String> ends() {
            return writers.stream()
                    .map(RingWriter::end)
                    .filter(end -> !end.isEmpty())
                    .toList();
        }

        boolean disconnect() {
            loop.removeTurnTask(connector);
            writers.forEach(RingWriter::disconnect);
            return true;
        }
    }
}
