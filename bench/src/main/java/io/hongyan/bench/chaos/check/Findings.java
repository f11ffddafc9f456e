package io.hongyan.bench.chaos.check;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Collects findings: all are counted, the first ones of each kind are kept. */
final class Findings {
    static final int KEPT_PER_KIND_MAX = 20;

    private final Map<Finding.Kind, Long> counts = new EnumMap<>(Finding.Kind.class);
    private final Map<Whose, Integer> added = new HashMap<>();
    private final List<Finding> kept = new ArrayList<>();

    private record Whose(String reader, Finding.Kind kind) {}

    void add(Finding.Kind kind, String promise, String detail) {
        addOf("", kind, promise, detail);
    }

    /** Findings of one of several readers: those of one reader do not hide those of another. */
    void addOf(String reader, Finding.Kind kind, String promise, String detail) {
        counts.merge(kind, 1L, Long::sum);
        if (added.merge(new Whose(reader, kind), 1, Integer::sum) <= KEPT_PER_KIND_MAX) {
            kept.add(new Finding(kind, promise, detail));
        }
    }

    Map<Finding.Kind, Long> counts() {
        return Map.copyOf(counts);
    }

    List<Finding> kept() {
        return List.copyOf(kept);
    }
}
