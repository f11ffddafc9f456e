package io.hongyan.metrics;

/** One of the things that a part counts: a constant of the enumeration of that part. */
public interface Counter {
    /** The name on the metrics page without its prefix, with a label where there is one; ends in {@code _total} before it. */
    String metric();

    /** What is counted; the same for all counters of one metric. */
    String help();
}
