package io.hongyan.bench;

import io.hongyan.bench.load.PairFigures;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whether well-behaved clients were hurt. Losses and disconnects always count; times and the samples of the server
 * count in runs that are long enough.
 */
final class HostileVerdict {
    /** How much longer than with occupied processors the slowest hundredth may take. */
    static final double P99_RATIO_MAX = 2;

    static final double LONG_RUN_SECONDS = 600;

    private HostileVerdict() {}

    /** What well-behaved clients lost, one line each; empty if nothing. */
    static List<String> losses(PairFigures figures) {
        List<String> faults = new ArrayList<>();
        count(faults, figures.undelivered(), "messages were never delivered");
        count(faults, figures.unanswered(), "messages were never acknowledged");
        count(faults, figures.lost(), "messages were acknowledged and never delivered");
        count(faults, figures.sums().faults().duplicates(), "messages came twice");
        count(faults, figures.sums().faults().outOfOrder(), "messages came out of order");
        count(faults, figures.sums().faults().unreadable(), "deliveries could not be read");
        count(faults, figures.sums().faults().inboxGaps(), "numbers of inboxes were left out");
        count(faults, figures.ends().size(), "clients were disconnected");
        if (figures.sums().sent() == 0) {
            faults.add("nothing was sent");
        }
        return faults;
    }

    /** What took too long, a line each; none if nothing. */
    static List<String> delays(PairFigures occupied, PairFigures disturbed) {
        List<String> faults = new ArrayList<>();
        delay(faults, "PUBACK", pubAckRatio(occupied, disturbed));
        delay(faults, "delivery", endToEndRatio(occupied, disturbed));
        return faults;
    }

    static double pubAckRatio(PairFigures baseline, PairFigures disturbed) {
        return disturbed.pubAckP99Millis() / baseline.pubAckP99Millis();
    }

    static double endToEndRatio(PairFigures baseline, PairFigures disturbed) {
        return disturbed.endToEndP99Millis() / baseline.endToEndP99Millis();
    }

    private static void count(List<String> faults, long count, String what) {
        if (count != 0) {
            faults.add(count + " " + what);
        }
    }

    private static void delay(List<String> faults, String what, double ratio) {
        // Not "greater": without any time there is no ratio, and that is a fault too.
        if (!(ratio <= P99_RATIO_MAX)) {
            faults.add(String.format(Locale.ROOT, "%s p99 %.2f times that with occupied processors", what, ratio));
        }
    }
}
