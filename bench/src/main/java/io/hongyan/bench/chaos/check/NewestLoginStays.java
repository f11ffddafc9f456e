package io.hongyan.bench.chaos.check;

import io.hongyan.bench.chaos.check.Finding.Kind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * P5: of the devices of one class of a user at most one is online, the newest; a displaced one is told or cut off.
 * Suspended while Redis, a node or a gate of the two is disturbed, and for five seconds after.
 */
final class NewestLoginStays implements Checker.Rule {
    /** Displacing takes a moment; if its notice is lost it takes a little longer. */
    static final long TWO_ONLINE_MILLIS_MAX = 3_000;

    static final long RESTORED_MILLIS = 5_000;
    private static final String P5 = "P5";

    @Override
    public void check(RunFacts facts, Findings findings) {
        Map<String, List<LoginStory>> seats = facts.logins().stream().collect(Collectors.groupingBy(LoginStory::seat));
        for (List<LoginStory> rivals : seats.values()) {
            for (int i = 0; i < rivals.size(); i++) {
                for (int j = i + 1; j < rivals.size(); j++) {
                    notBoth(rivals.get(i), rivals.get(j), facts, findings);
                }
                displacedByANewer(rivals.get(i), rivals, facts, findings);
            }
        }
    }

    private static void notBoth(LoginStory one, LoginStory other, RunFacts facts, Findings findings) {
        long from = Math.max(one.onlineAt, other.onlineAt);
        long to = Math.min(Math.min(one.overAt(), other.overAt()), facts.lastAt);
        if (one.device.equals(other.device) || to - from <= TWO_ONLINE_MILLIS_MAX) {
            return;
        }
        long millis = undisturbed(from, to, Set.of(one.gate, other.gate), facts);
        if (millis > TWO_ONLINE_MILLIS_MAX) {
            findings.add(
                    Kind.TWO_ONLINE,
                    P5,
                    one + " and " + other + " were both online from " + from + " to " + to + ", " + millis
                            + " ms of that undisturbed");
        }
    }

    /** The longest part of this time in which P5 is not suspended. */
    private static long undisturbed(long from, long to, Set<String> gates, RunFacts facts) {
        long longest = 0;
        long begin = from;
        // Faults are listed in the order in which they began.
        for (Faults.Fault fault : facts.faults.all()) {
            if (fault.concernsLoginsAt(gates) && fault.end(RESTORED_MILLIS) > begin) {
                longest = Math.max(longest, Math.min(fault.at, to) - begin);
                begin = fault.end(RESTORED_MILLIS);
            }
            if (begin >= to) {
                return longest;
            }
        }
        return Math.max(longest, to - begin);
    }

    private static void displacedByANewer(
            LoginStory displaced, List<LoginStory> rivals, RunFacts facts, Findings findings) {
        boolean suspended = facts.faults.all().stream()
                .anyMatch(fault -> fault.concernsLoginsAt(Set.of(displaced.gate))
                        && fault.touches(displaced.askedAt, displaced.toldAt, RESTORED_MILLIS));
        if (displaced.toldAt == Long.MAX_VALUE || suspended) {
            return;
        }
        // A device that was online before the other one asked is surely older.
        boolean newer = rivals.stream()
                .anyMatch(rival -> !rival.device.equals(displaced.device)
                        && rival.askedAt <= displaced.toldAt
                        && rival.onlineAt > displaced.askedAt);
        if (!newer) {
            findings.add(Kind.TWO_ONLINE, P5, displaced + " was displaced, and nobody had logged in after it");
        }
    }
}
