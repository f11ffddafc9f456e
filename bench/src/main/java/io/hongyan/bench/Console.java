package io.hongyan.bench;

import io.hongyan.bench.report.Progress;
import io.hongyan.bench.report.Result;
import io.hongyan.bench.report.ResultPrinter;
import io.hongyan.bench.time.BenchTime;
import java.io.PrintStream;
import java.util.List;

/** Output of a command: results to standard output, progress to standard error. */
public final class Console {
    private final PrintStream out;
    private final PrintStream err;
    private final Progress progress;

    public Console(PrintStream out, PrintStream err, boolean terminal, BenchTime time) {
        this.out = out;
        this.err = err;
        this.progress = new Progress(err, terminal, time);
    }

    Progress progress() {
        return progress;
    }

    /** Prints a line for the program that started this one. */
    void say(String line) {
        out.println(line);
        out.flush();
    }

    void results(List<Result> results, boolean json) {
        progress.note("");
        new ResultPrinter(out, err, json).print(results);
    }
}
