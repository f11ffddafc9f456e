package io.hongyan.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Several servers over several rounds: medians of measurements, sums of counts, ratios to the first. */
public final class Comparison {
    private static final String RATE = "messages_per_s";
    private static final String CPU = "server_cpu_us_per_message";
    private static final String LATENCY = "e2e_p50_ms";

    private final String name;
    private final Map<String, List<Result>> roundsOf = new LinkedHashMap<>();
    private final Map<String, Integer> failuresOf = new LinkedHashMap<>();

    public Comparison(String name, List<String> servers) {
        this.name = name;
        servers.forEach(server -> roundsOf.put(server, new ArrayList<>()));
    }

    public void add(String server, Result round) {
        roundsOf.get(server).add(round);
    }

    /** A round in which the server could not be measured at all. */
    public void failed(String server) {
        failuresOf.merge(server, 1, Integer::sum);
    }

    /** One result per server. */
    public List<Result> results() {
        List<Result> results = new ArrayList<>();
        roundsOf.forEach((server, rounds) -> results.add(summary(server, rounds)));
        Result first = results.get(0);
        String suffix = "_to_" + first.text("server");
        for (Result result : results) {
            ratio(result, first, RATE, "rate" + suffix);
            ratio(result, first, CPU, "cpu" + suffix);
            ratio(result, first, LATENCY, "latency" + suffix);
        }
        return results;
    }

    private Result summary(String server, List<Result> rounds) {
        Result summary = new Result(name)
                .text("server", server)
                .count("rounds", rounds.size())
                .count("rounds_failed", failuresOf.getOrDefault(server, 0));
        Set<String> keys = new LinkedHashSet<>();
        rounds.forEach(round -> keys.addAll(round.figures().keySet()));
        for (String key : keys) {
            List<Object> values = rounds.stream()
                    .map(round -> round.figures().get(key))
                    .filter(Number.class::isInstance)
                    .toList();
            if (values.isEmpty()) {
                continue;
            }
            if (values.get(0) instanceof Long) {
                summary.count(
                        key, values.stream().mapToLong(value -> (Long) value).sum());
            } else {
                summary.figure(
                        key, median(values.stream().map(Double.class::cast).toList()));
            }
        }
        return summary;
    }

    private static void ratio(Result result, Result first, String key, String name) {
        result.number(key)
                .ifPresent(own ->
                        first.number(key).filter(base -> base > 0).ifPresent(base -> result.figure(name, own / base)));
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
