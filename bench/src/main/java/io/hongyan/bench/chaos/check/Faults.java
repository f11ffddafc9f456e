package io.hongyan.bench.chaos.check;

import io.hongyan.bench.chaos.history.HistoryEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Which part of a cluster was disturbed when; none in a history of a single server. */
final class Faults {
    private static final String NODE = "node-";
    private static final String REDIS = "redis";

    private final List<Fault> all = new ArrayList<>();

    /** One fault, from just before it was done until it was undone and the part could be used again. */
    static final class Fault {
        final int number;
        final String kind;
        final String target;
        final long at;
        long healedAt = Long.MAX_VALUE;

        private final Set<String> parts;

        private Fault(HistoryEvent.Fault fault) {
            number = fault.number();
            kind = fault.kind();
            target = fault.target();
            at = fault.at();
            parts = Set.of(target.split(String.valueOf(HistoryEvent.LINK)));
        }

        boolean kills() {
            return kind.equals(HistoryEvent.KILL);
        }

        /** Whether it lasted into that time, or ended less than so long before. */
        boolean touches(long from, long to, long afterMillis) {
            return at <= to && from <= end(afterMillis);
        }

        /** So long after it was healed. */
        long end(long afterMillis) {
            return healedAt == Long.MAX_VALUE ? Long.MAX_VALUE : healedAt + afterMillis;
        }

        /**
         * Whether it may have cut off a device that logs in at one of these gates, or is to be told of another login.
         */
        boolean concernsLoginsAt(Set<String> gates) {
            return parts.stream().anyMatch(part -> part.equals(REDIS) || part.startsWith(NODE) || gates.contains(part));
        }

        @Override
        public String toString() {
            return kind + ' ' + target + " (fault " + number + ")";
        }
    }

    Fault add(HistoryEvent.Fault event) {
        Fault fault = new Fault(event);
        all.add(fault);
        return fault;
    }

    void heal(HistoryEvent.Healed healed) {
        all.stream().filter(fault -> fault.number == healed.number()).forEach(fault -> fault.healedAt = healed.at());
    }

    List<Fault> all() {
        return all;
    }

    /** Whether any other fault lasted into that time, or ended less than so long before. */
    boolean anyBut(Fault but, long from, long to, long afterMillis) {
        return all.stream().anyMatch(fault -> fault != but && fault.touches(from, to, afterMillis));
    }

    /**
     * Up to when acknowledgements on a connection that ended then were surely stored: the last moment that was followed
     * by so long a time in which nothing was disturbed and nothing ended.
     */
    long settledUntil(long end, long settledMillis) {
        long until = end - settledMillis;
        for (boolean moved = true; moved; ) {
            moved = false;
            for (Fault fault : all) {
                if (fault.at < until + settledMillis && fault.healedAt > until) {
                    until = fault.at - settledMillis;
                    moved = true;
                }
            }
        }
        return until;
    }
}
