package io.hongyan.bench.chaos.check;

import io.hongyan.bench.chaos.check.Finding.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How long users wait after a kill. Users of a killed gate: until they are connected again and a send of theirs is
 * acknowledged. Users whose gate's node was killed: the longest time that a message which was unanswered then, or
 * written in the {@link #PAUSE_MILLIS_MAX} after it, waits for its PUBACK, counted from the kill or from its writing,
 * whichever is later.
 *
 * <p>Users are not measured who cut their own connection meanwhile, or whose waiting coincides with another fault of
 * any part, which lasts on or was healed less than {@link #AFTER_HEALED_MILLIS} before the kill; nor users who had
 * nothing to wait for, because writing was over.
 */
final class Recovery implements Checker.Rule {
    static final long SERVED_MILLIS_MAX = 10_000;
    static final long PAUSE_MILLIS_MAX = 5_000;
    static final long AFTER_HEALED_MILLIS = 5_000;

    private static final String RECOVERY = "recovery";

    private final List<Long> served = new ArrayList<>();
    private final List<Long> pauses = new ArrayList<>();

    /** A device that was connected to the killed process. */
    record Hit(Faults.Fault kill, DeviceStory story, DeviceStory.Connection connection) {}

    @Override
    public void check(RunFacts facts, Findings findings) {
        for (Hit hit : facts.gateHits) {
            long millis = served(hit);
            measure(hit, millis, SERVED_MILLIS_MAX, served, facts, findings, " was served again only ");
        }
        for (Hit hit : facts.nodeHits) {
            measure(hit, pause(hit), PAUSE_MILLIS_MAX, pauses, facts, findings, " had a message wait until ");
        }
        Collections.sort(served);
        Collections.sort(pauses);
    }

    /** Sorted, for users of killed gates. */
    List<Long> served() {
        return served;
    }

    /** Sorted, for users of killed nodes. */
    List<Long> pauses() {
        return pauses;
    }

    private static void measure(
            Hit hit, long millis, long millisMax, List<Long> into, RunFacts facts, Findings findings, String what) {
        long from = hit.kill().at;
        long to = from + Math.min(millis, Math.max(millisMax, facts.lastAt - from));
        if (millis < 0
                || from + millisMax > facts.calmAt
                || facts.faults.anyBut(hit.kill(), from, to, AFTER_HEALED_MILLIS)
                || leftItself(hit, to)) {
            return;
        }
        into.add(to - from);
        if (to - from > millisMax) {
            String after = (to - from) + " ms after " + hit.kill();
            findings.add(Kind.SLOW, RECOVERY, hit.story().device + what + after);
        }
    }

    private static boolean leftItself(Hit hit, long until) {
        return hit.story().connections.stream()
                .anyMatch(connection -> connection.number >= hit.connection().number
                        && connection.endedHere
                        && connection.goneAt <= until);
    }

    private static long served(Hit hit) {
        for (DeviceStory.Connection connection : hit.story().connections) {
            if (connection.number > hit.connection().number && !connection.acknowledged.isEmpty()) {
                return connection.acknowledged.get(0).at() - hit.kill().at;
            }
        }
        return Long.MAX_VALUE;
    }

    /** Below 0 if it had nothing to wait for. */
    private static long pause(Hit hit) {
        long killedAt = hit.kill().at;
        long longest = -1;
        for (DeviceStory.Connection connection : hit.story().connections) {
            if (connection.number < hit.connection().number || connection.begunAt > killedAt + PAUSE_MILLIS_MAX) {
                continue;
            }
            for (DeviceStory.Sending sending : connection.sendings) {
                if (sending.at() <= killedAt + PAUSE_MILLIS_MAX) {
                    long from = Math.max(killedAt, sending.at());
                    long acknowledgedAt = acknowledgedAt(hit, sending);
                    longest = acknowledgedAt < killedAt ? longest : Math.max(longest, acknowledgedAt - from);
                }
            }
        }
        return longest;
    }

    private static long acknowledgedAt(Hit hit, DeviceStory.Sending sending) {
        String id = sending.key().id();
        for (DeviceStory.Connection connection : hit.story().connections) {
            if (connection.number >= hit.connection().number) {
                for (DeviceStory.Acknowledged acknowledged : connection.acknowledged) {
                    if (acknowledged.at() >= sending.at() && acknowledged.id().equals(id)) {
                        return acknowledged.at();
                    }
                }
            }
        }
        return Long.MAX_VALUE;
    }
}
