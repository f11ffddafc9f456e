package io.hongyan.bench.chaos.run;

import io.hongyan.bench.mqtt.MqttLoop;
import io.hongyan.bench.mqtt.TurnTask;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * Users whose two devices of one class sometimes log in at two gates at nearly the same time; only the newest may stay.
 * On the clients' loop.
 */
final class Duels implements TurnTask {
    private static final int USERS = 4;
    private static final List<String> DEVICES = List.of(":android:one", ":ios:two");
    private static final long PAUSE_MILLIS_MIN = 2_000;
    private static final long PAUSE_MILLIS_MAX = 6_000;
    private static final long APART_MILLIS_MAX = 60;
    private static final double BOTH_PART = 0.7;
    private static final long NANOS_PER_MILLI = 1_000_000L;

    private final List<List<Rival>> users = new ArrayList<>();
    private final long[] dueNanos = new long[USERS];
    private final RandomGenerator random;
    private boolean stopped;

    /** @param token makes a uid's token at each login: with the previous one a displaced device would have to wait */
    Duels(Gates gates, MqttLoop loop, UnaryOperator<String> token, Journal journal, RandomGenerator random) {
        this.random = random;
        for (int i = 0; i < USERS; i++) {
            String uid = "d" + i;
            users.add(DEVICES.stream()
                    .map(device -> new Rival(
                            uid + device,
                            GateRoute.of(gates, uid + device, uid, () -> token.apply(uid), true, random),
                            loop,
                            journal))
                    .toList());
        }
    }

    /** Nobody logs in any more; online devices stay. */
    void stop() {
        stopped = true;
    }

    @Override
    public long run(long nowNanos) {
        long next = NOT_DUE;
        for (int i = 0; i < USERS; i++) {
            if (!stopped && nowNanos >= dueNanos[i]) {
                if (dueNanos[i] > 0) {
                    begin(users.get(i), nowNanos);
                }
                dueNanos[i] = nowNanos + random.nextLong(PAUSE_MILLIS_MIN, PAUSE_MILLIS_MAX) * NANOS_PER_MILLI;
            }
            next = Math.min(next, stopped ? NOT_DUE : dueNanos[i]);
            for (Rival rival : users.get(i)) {
                next = Math.min(next, rival.run(nowNanos));
            }
        }
        return next;
    }

    private void begin(List<Rival> rivals, long nowNanos) {
        boolean both = random.nextDouble() < BOTH_PART;
        int first = random.nextInt(rivals.size());
        for (int i = 0; i < rivals.size(); i++) {
            if (both || i == first) {
                rivals.get(i).loginAt(nowNanos + random.nextLong(APART_MILLIS_MAX) * NANOS_PER_MILLI);
            }
        }
    }
}
