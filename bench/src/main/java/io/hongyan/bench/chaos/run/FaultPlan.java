package io.hongyan.bench.chaos.run;

import io.hongyan.bench.chaos.history.HistoryEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * The faults of a cluster run, drawn from the seed. Every kind of fault occurs before one is repeated, in an order
 * drawn from the seed; usually the next one waits until the last is healed, sometimes it does not. One kill of a gate
 * and one of a node in each round are alone. With two databases each round begins with a move of slots, which is alone,
 * and there is one more before every fourth fault, which the next fault does not wait for.
 */
record FaultPlan(List<Fault> faults) {
    static final String MARIADB = "mariadb";
    static final String REDIS = "redis";
    /** For links: all clients of the cluster. */
    static final String CLIENT = "client";

    private static final double TOGETHER_PART = 0.15;
    /** Longer than the checker allows for the after-effects of a fault: kills are measured. */
    private static final long GAP_MILLIS_MIN = 5_200;

    private static final long GAP_MILLIS_MAX = 8_500;
    private static final long TOGETHER_MILLIS_MAX = 3_000;
    private static final long DOWN_MILLIS_MIN = 200;
    private static final long DOWN_MILLIS_MAX = 6_000;
    /** Shorter than every lease and silence limit, and longer than those of links and nodes (5 s). */
    private static final long SHORT_MILLIS_MAX = 3_500;

    private static final long LONG_MILLIS_MIN = 6_000;
    private static final long LONG_MILLIS_MAX = 12_000;
    /** On a quiet machine a move takes one second after its first slot. */
    private static final long MOVE_MILLIS_MAX = 750;

    private static final int FAULTS_PER_MOVE = 4;
    /** Approximate time to start a process: used only for how many faults a run may have. */
    private static final long START_MILLIS = 2_500;

    private static final long END_MILLIS_MAX = 12_000;
    private static final int END_PART = 4;

    /** The kinds of faults. */
    enum Kind {
        /** SIGKILL, and a start after a while. */
        KILL,
        /** SIGSTOP, and SIGCONT after a while. */
        PAUSE,
        CUT,
        STALL,
        SLOW,
        /** Shut down and started at once, with its data. */
        RESTART,
        /** Drained, then restarted. */
        DRAIN,
        /** Slots move to another database; sometimes the program that moves them is killed and started again. */
        MOVE;

        /** Its name in a history. */
        String written() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One fault.
     *
     * @param gapMillis time to wait before it, since all before it are healed, or since the last began; a move begins with its first slot
     * @param together whether it does not wait until those before it are healed
     * @param millis how long it lasts; of a move, how long after its first slot its program is killed, 0 if it is
     *     not
     */
    record Fault(int number, Kind kind, String target, long gapMillis, boolean together, long millis) {
        @Override
        public String toString() {
            String when = together ? " ms after the one before began: " : " ms after all is well: ";
            String what = kind == Kind.MOVE ? ", its program killed after " : " for ";
            String length = millis == 0 ? "" : what + millis + " ms";
            return number + ". " + gapMillis + when + kind.written() + ' ' + target + length;
        }
    }

    /**
     * As many faults as fit into so many seconds.
     *
     * @param uids users whose slots are moved, where there are two databases
     */
    static FaultPlan draw(ClusterSize size, List<String> uids, int seconds, RandomGenerator random) {
        List<Fault> faults = new ArrayList<>();
        long nominal = 0;
        List<Draw> deck = new ArrayList<>();
        Draw drawn = null;
        SlotMove.Plan moves = size.databases() > 1 ? new SlotMove.Plan(uids, random) : null;
        while (nominal < lastBeginMillis(seconds)) {
            if (deck.isEmpty()) {
                deck = shuffled(random);
                if (moves != null) {
                    addMoves(deck);
                }
            }
            boolean alone = drawn != null && drawn.alone();
            boolean moving = drawn != null && drawn.kind() == Kind.MOVE;
            drawn = deck.remove(0);
            String before =
                    faults.isEmpty() ? "" : faults.get(faults.size() - 1).target();
            String target = drawn.target(size, moves, random);
            boolean together = !faults.isEmpty()
                    && !alone
                    && !drawn.alone()
                    && (moving || random.nextDouble() < TOGETHER_PART)
                    && !faults.get(faults.size() - 1).together()
                    && !touch(before, target);
            long gap = together
                    ? random.nextLong(moving ? MOVE_MILLIS_MAX : TOGETHER_MILLIS_MAX)
                    : random.nextLong(GAP_MILLIS_MIN, GAP_MILLIS_MAX);
            long millis = drawn.millis(random);
            faults.add(new Fault(faults.size() + 1, drawn.kind(), target, gap, together, millis));
            nominal += gap + (together ? 0 : millis + START_MILLIS);
        }
        return new FaultPlan(List.copyOf(faults));
    }

    /** After that no fault begins: users of a gate killed last must be served again before the writing ends. */
    static long lastBeginMillis(int seconds) {
        long millis = seconds * 1_000L;
        return millis - Math.min(END_MILLIS_MAX, millis / END_PART);
    }

    private static boolean touch(String one, String other) {
        List<String> parts = List.of(one.split(String.valueOf(HistoryEvent.LINK)));
        return List.of(other.split(String.valueOf(HistoryEvent.LINK))).stream().anyMatch(parts::contains);
    }

    private enum Where {
        GATE,
        NODE,
        MARIADB,
        REDIS,
        LINK,
        SLOTS
    }

    /** @param alone nothing else is disturbed meanwhile: what is served then, or how soon again, is measured */
    private record Draw(Kind kind, Where where, boolean alone) {
        Draw(Kind kind, Where where) {
            this(kind, where, false);
        }

        String target(ClusterSize size, SlotMove.Plan moves, RandomGenerator random) {
            String gate = "gate-" + (1 + random.nextInt(size.gates()));
            String node = "node-" + (1 + random.nextInt(size.nodes()));
            return switch (where) {
                case GATE -> gate;
                case NODE -> node;
                case MARIADB -> FaultPlan.MARIADB;
                case REDIS -> FaultPlan.REDIS;
                case LINK -> link(gate, node, random);
                case SLOTS -> moves.next().toString();
            };
        }

        private static String link(String gate, String node, RandomGenerator random) {
            return switch (random.nextInt(5)) {
                case 0 -> CLIENT + HistoryEvent.LINK + gate;
                case 1 -> gate + HistoryEvent.LINK + node;
                case 2 -> node + HistoryEvent.LINK + FaultPlan.MARIADB;
                case 3 -> node + HistoryEvent.LINK + FaultPlan.REDIS;
                default -> CLIENT + HistoryEvent.LINK + node;
            };
        }

        long millis(RandomGenerator random) {
            return switch (kind) {
                case KILL -> random.nextLong(DOWN_MILLIS_MIN, DOWN_MILLIS_MAX);
                case RESTART, DRAIN -> 0;
                case MOVE -> random.nextBoolean() ? 0 : random.nextLong(1, MOVE_MILLIS_MAX);
                default ->
                    random.nextBoolean()
                            ? random.nextLong(DOWN_MILLIS_MIN, SHORT_MILLIS_MAX)
                            : random.nextLong(LONG_MILLIS_MIN, LONG_MILLIS_MAX);
            };
        }
    }

    private static void addMoves(List<Draw> deck) {
        for (int at = deck.size() / FAULTS_PER_MOVE * FAULTS_PER_MOVE; at >= 0; at -= FAULTS_PER_MOVE) {
            deck.add(at, new Draw(Kind.MOVE, Where.SLOTS, at == 0));
        }
    }

    private static List<Draw> shuffled(RandomGenerator random) {
        List<Draw> deck = new ArrayList<>(List.of(
                new Draw(Kind.KILL, Where.GATE, true),
                new Draw(Kind.KILL, Where.GATE),
                new Draw(Kind.KILL, Where.NODE, true),
                new Draw(Kind.KILL, Where.NODE),
                new Draw(Kind.KILL, Where.MARIADB),
                new Draw(Kind.KILL, Where.REDIS),
                new Draw(Kind.PAUSE, Where.GATE),
                new Draw(Kind.PAUSE, Where.NODE),
                new Draw(Kind.PAUSE, random.nextBoolean() ? Where.MARIADB : Where.REDIS),
                new Draw(Kind.CUT, Where.LINK),
                new Draw(Kind.STALL, Where.LINK),
                new Draw(Kind.SLOW, Where.LINK),
                new Draw(Kind.RESTART, random.nextBoolean() ? Where.MARIADB : Where.REDIS),
                new Draw(Kind.DRAIN, Where.GATE)));
        for (int i = deck.size() - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            Draw swapped = deck.get(i);
            deck.set(i, deck.get(other));
            deck.set(other, swapped);
        }
        return deck;
    }
}
