package io.hongyan.bench.hostile;

import io.hongyan.bench.time.BenchTime;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Hostile clients of every kind, a thread for each kind, until they are stopped. */
public final class Crowd implements AutoCloseable {
    /** Sockets of the attacks have source addresses 127.{this + number of the attack}.x.y. */
    private static final int FIRST_NET = 100;

    private static final int THREAD_END_MILLIS = 60_000;
    private static final int REFUSED_PAUSE_MILLIS = 100;

    private final AtomicBoolean over = new AtomicBoolean();
    private final List<Thread> threads = new ArrayList<>();
    private final List<Raw.Sockets> opened = new CopyOnWriteArrayList<>();
    private final Map<String, LongAdder> rounds = new TreeMap<>();
    private final BenchTime time;

    private Crowd(BenchTime time) {
        this.time = time;
    }

    private static List<Attack> attacks() {
        return Stream.of(
                        SocketAttacks.all(),
                        TlsAttacks.all(),
                        WebAttacks.all(),
                        UserAttacks.all(),
                        ValidAttacks.all(),
                        ChangeAttacks.all())
                .flatMap(Collection::stream)
                .toList();
    }

    /** Names of all kinds, and what they do. */
    public static List<String> described() {
        return attacks().stream()
                .map(attack -> "%-18s %s".formatted(attack.name(), attack.what()))
                .toList();
    }

    /** Names of all kinds. */
    public static List<String> names() {
        return attacks().stream().map(Attack::name).toList();
    }

    /**
     * Starts them.
     *
     * @param only names of kinds
     * @param around makes the target for them, from the condition under which they end
     * @throws IllegalArgumentException there is no such kind
     */
    public static Crowd start(List<String> only, TargetOf around, BenchTime time) {
        List<Attack> all = attacks();
        for (String name : only) {
            if (all.stream().noneMatch(attack -> attack.name().equals(name))) {
                throw new IllegalArgumentException("there is no attack " + name + "; --list names them");
            }
        }
        Crowd crowd = new Crowd(time);
        Target target = around.target(crowd.over::get);
        for (int i = 0; i < all.size(); i++) {
            if (only.contains(all.get(i).name())) {
                crowd.begin(all.get(i), target, FIRST_NET + i);
            }
        }
        crowd.threads.forEach(Thread::start);
        return crowd;
    }

    /** Makes the target of a crowd. */
    @FunctionalInterface
    public interface TargetOf {
        Target target(BooleanSupplier over);
    }

    private void begin(Attack attack, Target target, int net) {
        LongAdder done = new LongAdder();
        rounds.put(attack.name(), done);
        Thread thread = new Thread(() -> attack(attack, target, net, done), "hostile-" + attack.name());
        thread.setDaemon(true);
        threads.add(thread);
    }

    private void attack(Attack attack, Target target, int net, LongAdder done) {
        try (Raw.Sockets sockets = new Raw.Sockets(net, time)) {
            opened.add(sockets);
            // Each kind makes a round, also where it gets its turn late.
            int number = 0;
            do {
                try {
                    attack.round().run(target, sockets, number++);
                } catch (IOException closed) {
                    // The server refuses the attack, or nothing more comes.
                    time.pause(REFUSED_PAUSE_MILLIS);
                } catch (InterruptedException end) {
                    Thread.currentThread().interrupt();
                    return;
                }
                sockets.closeAll();
                done.increment();
                time.pause(attack.pauseMillis());
            } while (!over.get());
        }
    }

    /** Kind → number of rounds. */
    public Map<String, Long> rounds() {
        Map<String, Long> counted = new TreeMap<>();
        rounds.forEach((name, count) -> counted.put(name, count.sum()));
        return counted;
    }

    /** Stops them and waits until they have closed their sockets. */
    @Override
    public void close() {
        over.set(true);
        opened.forEach(Raw.Sockets::closeAll);
        for (Thread thread : threads) {
            try {
                thread.join(THREAD_END_MILLIS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
