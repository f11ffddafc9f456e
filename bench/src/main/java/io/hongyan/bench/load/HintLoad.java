package io.hongyan.bench.load;

import io.hongyan.bench.mqtt.MqttLoop;
import io.hongyan.bench.mqtt.MqttLoops;
import io.hongyan.bench.report.Progress;
import io.hongyan.bench.time.BenchTime;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Writers who send to users who are away, in passes of one message for each. */
public final class HintLoad implements AutoCloseable {
    private static final long QUIET_MILLIS_MAX = 20_000;
    private static final long PASS_MILLIS_MAX = 30 * 60_000L;

    private final HintPlan plan;
    private final HintLedger ledger;
    private final Watch watch;
    private final PerLoop<Share> shares;

    /** @param run prefix of the users' uids */
    public HintLoad(
            MqttLoops loops,
            HongyanAddressing addressing,
            String run,
            HintPlan plan,
            BenchTime time,
            Progress progress) {
        this.plan = plan;
        this.ledger = new HintLedger(plan);
        this.watch = new Watch("hints", time, progress);
        this.shares = new PerLoop<>(
                loops, plan.writers(), (loop, numbers) -> new Share(loop, addressing, run, plan, ledger, numbers));
    }

    public HintLedger ledger() {
        return ledger;
    }

    /** Returns when all writers are connected. */
    public void connect() {
        shares.tellAll(Share::connect);
        watch.untilConnected(() -> shares.ask(share -> share.connector.state()), PairRun.CONNECT_MILLIS_MAX);
        shares.tellAll(Share::connected);
    }

    /**
     * One message to each user; returns when all are acknowledged.
     *
     * @throws LoadFailure if they are not
     */
    public void pass(String phase) {
        long wanted = ledger.acknowledgedCount() + plan.users();
        shares.tellAll(Share::pass);
        if (!watch.untilNone(() -> wanted - ledger.acknowledgedCount(), phase, QUIET_MILLIS_MAX, PASS_MILLIS_MAX)) {
            throw new LoadFailure("messages were not acknowledged: " + ends());
        }
    }

    /** Waits until every user's hint has come, or none comes for a while. */
    public void awaitHints(long quietMillisMax) {
        watch.untilNone(
                () -> plan.users() - ledger.hintedCount(), "waiting for hints", quietMillisMax, PASS_MILLIS_MAX);
    }

    private List<String> ends() {
        return shares.ask(Share::ends).stream().flatMap(List::stream).limit(3).toList();
    }

    @Override
    public void close() {
        shares.ask(Share::disconnect);
    }

    /** The writers of one loop; used on its thread. */
    private static final class Share {
        private final MqttLoop loop;
        private final Connector connector;
        private final List<AwayWriter> writers = new ArrayList<>();

        Share(
                MqttLoop loop,
                HongyanAddressing addressing,
                String run,
                HintPlan plan,
                HintLedger ledger,
                List<Integer> numbers) {
            this.loop = loop;
            this.connector = new Connector(loop, PairPlan.CONNECTING_MAX);
            DeliveryReader reader = new DeliveryReader();
            for (int number : numbers) {
                SplittableRandom random = new SplittableRandom(plan.seed() * 1_000_003L + number);
                AwayTemplate template = new AwayTemplate(run, plan.textBytes(), random);
                writers.add(new AwayWriter(number, plan, addressing, loop, connector, template, reader, ledger));
            }
        }

        void connect() {
            writers.forEach(AwayWriter::connect);
            loop.addTurnTask(connector);
        }

        void connected() {
            loop.removeTurnTask(connector);
        }

        void pass() {
            writers.forEach(AwayWriter::pass);
        }

        List<String> ends() {
            return writers.stream()
                    .map(AwayWriter::end)
                    .filter(end -> !end.isEmpty())
                    .toList();
        }

        boolean disconnect() {
            loop.removeTurnTask(connector);
            writers.forEach(AwayWriter::disconnect);
            return true;
        }
    }
}
