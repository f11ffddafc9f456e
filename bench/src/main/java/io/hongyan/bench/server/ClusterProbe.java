package io.hongyan.bench.server;

import io.hongyan.bench.report.Result;
import io.hongyan.bench.time.BenchTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Reads what a cluster has used of the machine, of its Redis and of the links between gates and nodes; the difference
 * of the last two readings becomes figures.
 */
public final class ClusterProbe implements Supplier<Usage> {
    private static final String CPU_OF = "cpu_us_of_";
    private static final String CALLS_OF = "redis_";
    private static final double NANOS_PER_SECOND = 1e9;

    private final HongyanCluster cluster;
    private final RedisFigures redis;
    private final BenchTime time;
    private final Map<String, List<ProcessFigures>> processes = new LinkedHashMap<>();
    private Map<String, Long> before = Map.of();
    private Map<String, Long> last = Map.of();
    private long beforeNanos;
    private long lastNanos;

    ClusterProbe(HongyanCluster cluster, ClusterStores stores, BenchTime time) {
        this.cluster = cluster;
        this.redis = stores.redisFigures();
        this.time = time;
        processes.put("nodes", figures(cluster.nodes()));
        processes.put("gates", figures(cluster.gates()));
        processes.put("mariadb", List.of(new ProcessFigures(stores.mariaDbPid())));
        processes.put("redis", List.of(new ProcessFigures(stores.redisPid())));
    }

    private static List<ProcessFigures> figures(List<HongyanServer> servers) {
        List<ProcessFigures> figures = new ArrayList<>();
        servers.forEach(server -> figures.add(new ProcessFigures(server.pid())));
        return figures;
    }

    /** The CPU time of all processes so far. */
    @Override
    public Usage get() {
        before = last;
        beforeNanos = lastNanos;
        Map<String, Long> now = new LinkedHashMap<>();
        long cpuMicros = 0;
        for (Map.Entry<String, List<ProcessFigures>> kind : processes.entrySet()) {
            long micros = kind.getValue().stream()
                    .mapToLong(ProcessFigures::cpuMicros)
                    .sum();
            now.put(CPU_OF + kind.getKey(), micros);
            cpuMicros += micros;
        }
        RedisFigures.Reading reading = redis.read();
        now.put(CALLS_OF + "commands", reading.commands());
        now.put(CALLS_OF + "publishes", reading.calls().getOrDefault("spublish", 0L));
        now.put(CALLS_OF + "bytes", reading.bytes());
        now.put("link_bytes_to_gates", ofNodes("link_bytes_sent_total"));
        now.put("link_bytes_to_nodes", ofNodes("link_bytes_received_total"));
        now.put("link_messages_to_gates", ofNodes("link_messages_sent_total"));
        now.put("link_messages_to_nodes", ofNodes("link_messages_received_total"));
        last = now;
        lastNanos = time.nanos();
        return new Usage(cpuMicros, Usage.UNKNOWN);
    }

    private long ofNodes(String metric) {
        return cluster.nodes().stream()
                .mapToLong(node -> node.api().metric(metric))
                .sum();
    }

    /** How many commands per second Redis got between the last two readings, e.g. while nothing happened. */
    public double redisCommandsPerSecond() {
        return used("redis_commands") * NANOS_PER_SECOND / (lastNanos - beforeNanos);
    }

    /**
     * Adds the difference of the last two readings to a result.
     *
     * @param of what is counted, e.g. a message
     * @param count how many of them there were in that time
     */
    public Result addTo(Result result, String of, double count) {
        for (String figure : last.keySet()) {
            result.figure(figure + "_per_" + of, used(figure) / count);
        }
        return result;
    }

    private double used(String figure) {
        return last.get(figure) - before.getOrDefault(figure, 0L);
    }
}
