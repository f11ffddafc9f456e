package io.hongyan.bench.chaos.run;

import io.hongyan.bench.server.ApiClient;
import io.hongyan.bench.time.BenchTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/** Two drivers that change the run's groups at the same time. Called by the thread that drives the run. */
final class Changes implements AutoCloseable {
    private static final int DRIVERS = 2;
    private static final long END_MILLIS_MAX = 90_000;

    private final List<GroupDriver> drivers = new ArrayList<>();
    private final List<Future<?>> running = new ArrayList<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(DRIVERS, task -> {
        Thread thread = new Thread(task, "chaos-groups");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * @param api the API for each driver
     * @param token makes a uid's token
     * @param growAtMillis time in the run at which a group becomes large
     */
    Changes(
            List<ChaosGroup> groups,
            IntFunction<ApiClient> api,
            UnaryOperator<String> token,
            Journal journal,
            SplittableRandom random,
            long growAtMillis,
            BenchTime time) {
        Map<String, Set<String>> present = new ConcurrentHashMap<>();
        for (int i = 0; i < DRIVERS; i++) {
            drivers.add(
                    new GroupDriver("change" + i, groups, api.apply(i), token, journal, random.split(), present, time));
        }
        drivers.get(0).growAt(growAtMillis);
    }

    /** Creates the groups, and lets users join and leave. */
    void start() {
        drivers.get(0).prepare();
        drivers.forEach(driver -> running.add(threads.submit(driver::run)));
    }

    /** Completes the pending requests; returns null, or why the run cannot be trusted. */
    String stop() {
        drivers.forEach(GroupDriver::stop);
        for (int i = 0; i < running.size(); i++) {
            try {
                running.get(i).get(END_MILLIS_MAX, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                return "a change of a group is not answered";
            } catch (ExecutionException e) {
                throw new IllegalStateException("changing groups has failed", e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
            if (drivers.get(i).complaint() != null) {
                return drivers.get(i).complaint();
            }
        }
        return null;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
