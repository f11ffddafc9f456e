package io.hongyan.bench.report;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The figures of one measurement, in the order they are to be shown; their names are those of the JSON lines. */
public final class Result {
    private final Map<String, Object> figures = new LinkedHashMap<>();

    public Result(String name) {
        figures.put("name", name);
    }

    public Result text(String key, String value) {
        figures.put(key, value);
        return this;
    }

    public Result count(String key, long value) {
        figures.put(key, value);
        return this;
    }

    /** A figure rounded to a sensible number of digits; not shown if it is not a number. */
    public Result figure(String key, double value) {
        if (Double.isFinite(value)) {
            figures.put(key, rounded(value));
        }
        return this;
    }

    /** The value of a figure, if it is there and a number. */
    public Optional<Double> number(String key) {
        return figures.get(key) instanceof Number number ? Optional.of(number.doubleValue()) : Optional.empty();
    }

    /** A figure as text; "null" if it is not there. */
    String text(String key) {
        return String.valueOf(figures.get(key));
    }

    Map<String, Object> figures() {
        return figures;
    }

    private static double rounded(double value) {
        double magnitude = Math.abs(value);
        double scale = magnitude >= 1000 ? 1 : magnitude >= 10 ? 10 : magnitude >= 1 ? 100 : 1000;
        return Math.rint(value * scale) / scale;
    }
}
