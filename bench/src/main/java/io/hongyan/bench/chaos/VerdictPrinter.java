package io.hongyan.bench.chaos;

import io.hongyan.bench.chaos.check.Finding;
import io.hongyan.bench.chaos.check.Verdict;
import java.io.PrintWriter;

/** Prints the findings; the summary is the last line. */
final class VerdictPrinter {
    private VerdictPrinter() {}

    /** @param repeat how to repeat the run; printed if a promise was broken */
    static void print(Verdict verdict, String repeat, PrintWriter out) {
        for (Finding finding : verdict.findings()) {
            out.println(finding.kind() + " " + finding.promise() + ": " + finding.detail());
        }
        if (!verdict.held()) {
            out.println(repeat);
        }
        out.println(verdict.summary());
        out.flush();
    }
}
