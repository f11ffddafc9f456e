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
    private final List<Outage> outages = new ArrayList<>();
    private Outage serverOutage;
    private Outage databaseOutage;

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

        boolean moves() {
            return kind.equals(HistoryEvent.MOVE);
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

    /** A time without the only server, or without its database. */
    private static final class Outage {
        final long at;
        long overAt = Long.MAX_VALUE;

        Outage(long at) {
            this.at = at;
        }
    }

    /** Of runs with one server: kills, and when it was ready again. */
    boolean outage(HistoryEvent event) {
        if (event instanceof HistoryEvent.Kill) {
            serverOutage = begun(serverOutage, event.at());
        } else if (event instanceof HistoryEvent.Ready) {
            serverOutage = over(serverOutage, event.at());
        } else if (event instanceof HistoryEvent.DatabaseKill) {
            databaseOutage = begun(databaseOutage, event.at());
        } else if (event instanceof HistoryEvent.DatabaseReady) {
            databaseOutage = over(databaseOutage, event.at());
        } else {
            return false;
        }
        return true;
    }

    /** @param known that lasts, or null */
    private Outage begun(Outage known, long at) {
        if (known != null) {
            return known;
        }
        Outage outage = new Outage(at);
        outages.add(outage);
        return outage;
    }

    private static Outage over(Outage outage, long at) {
        if (outage != null) {
            outage.overAt = at;
        }
        return null;
    }

    /**
     * Whether nothing was away or disturbed in that time; slots may have moved.
     *
     * @param afterMillis so long after it was healed it counts as disturbed
     */
    boolean noneButMovesIn(long from, long to, long afterMillis) {
        return outages.stream().noneMatch(outage -> outage.at <= to && from <= outage.overAt)
                && all.stream().noneMatch(fault -> !fault.moves() && fault.touches(from, to, afterMillis));
    }

    /** The end of that time, or so long after the last move of slots that reaches into it, or into what that adds. */
    long afterMoves(long from, long to, long afterMillis) {
        long end = to;
        for (boolean later = true; later; ) {
            later = false;
            for (Fault fault : all) {
                if (fault.moves() && fault.touches(from, end, 0) && fault.end(afterMillis) > end) {
                    end = fault.end(afterMillis);
                    later = true;
                }
            }
        }
        return end;
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
