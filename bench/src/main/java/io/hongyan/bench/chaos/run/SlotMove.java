package io.hongyan.bench.chaos.run;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;

/** Slots, as {@code scripts/move-slots} takes them, and the database they move to. */
record SlotMove(String slots, String database) {
    /** The name of a first database that once was the only one. */
    static final String MAIN = "main";

    static final String SECOND = "second";

    private static final String TO = " to ";
    private static final int SLOTS = 1_024;
    private static final int SLOTS_PER_MOVE = 16;
    private static final int OUT_AND_BACK = 3;

    /** @param target of a fault: the text of a move */
    static SlotMove of(String target) {
        String[] both = target.split(TO);
        return new SlotMove(both[0], both[1]);
    }

    @Override
    public String toString() {
        return slots + TO + database;
    }

    /**
     * Moves one after the other: of three, two bring slots out of the first database, and one back. Among the slots of each
     * move is that of a user.
     */
    static final class Plan {
        private final Deque<Integer> inMain;
        private final Deque<Integer> inSecond = new ArrayDeque<>();
        private int drawn;

        Plan(List<String> uids, RandomGenerator random) {
            List<Integer> firsts = new ArrayList<>(uids.stream()
                    .map(uid -> slot(uid) / SLOTS_PER_MOVE * SLOTS_PER_MOVE)
                    .distinct()
                    .sorted()
                    .toList());
            Collections.rotate(firsts, random.nextInt(firsts.size()));
            inMain = new ArrayDeque<>(firsts);
        }

        private static int slot(String uid) {
            CRC32 crc = new CRC32();
            crc.update(("user:" + uid).getBytes(StandardCharsets.UTF_8));
            return (int) (crc.getValue() % SLOTS);
        }

        SlotMove next() {
            drawn++;
            if (drawn % OUT_AND_BACK == 0 || inMain.isEmpty()) {
                return move(inSecond, inMain, MAIN);
            }
            return move(inMain, inSecond, SECOND);
        }

        private static SlotMove move(Deque<Integer> from, Deque<Integer> to, String database) {
            int first = from.removeFirst();
            to.addLast(first);
            return new SlotMove(first + "-" + (first + SLOTS_PER_MOVE - 1), database);
        }
    }
}
