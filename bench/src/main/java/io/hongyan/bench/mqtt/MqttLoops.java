package io.hongyan.bench.mqtt;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Some loops, each with its thread. */
public final class MqttLoops implements AutoCloseable {
    private static final long JOIN_MILLIS_MAX = 5_000;

    private final List<MqttLoop> loops = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    public MqttLoops(int count, LongSupplier nanoClock) {
        for (int i = 0; i < count; i++) {
            MqttLoop loop = new MqttLoop(nanoClock);
            Thread thread = new Thread(loop, "bench-loop-" + i);
            thread.setDaemon(true);
            loops.add(loop);
            threads.add(thread);
            thread.start();
        }
    }

    public int size() {
        return loops.size();
    }

    /** The loop for the i-th of something, spread evenly. */
    public MqttLoop forIndex(int i) {
        return loops.get(Math.floorMod(i, loops.size()));
    }

    public List<MqttLoop> all() {
        return List.copyOf(loops);
    }

    /** Closes every connection and ends the threads. */
    @Override
    public void close() {
        loops.forEach(MqttLoop::stop);
        for (Thread thread : threads) {
            try {
                thread.join(JOIN_MILLIS_MAX);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
