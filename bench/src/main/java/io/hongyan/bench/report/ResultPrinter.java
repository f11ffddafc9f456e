package io.hongyan.bench.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Prints results: a table for people, or one JSON object per line for programs (the table then goes to the side). */
public final class ResultPrinter {
    private static final String GAP = "  ";

    private final PrintStream out;
    private final PrintStream side;
    private final boolean json;
    private final ObjectMapper mapper = new ObjectMapper();

    public ResultPrinter(PrintStream out, PrintStream side, boolean json) {
        this.out = out;
        this.side = side;
        this.json = json;
    }

    public void print(List<Result> results) {
        table(results).forEach((json ? side : out)::println);
        if (json) {
            results.forEach(result -> out.println(line(result)));
        }
    }

    private String line(Result result) {
        try {
            return mapper.writeValueAsString(result.figures());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One column per result: figures have long names and results are few. */
    static List<String> table(List<Result> results) {
        Set<String> keys = new LinkedHashSet<>();
        results.forEach(result -> keys.addAll(result.figures().keySet()));
        int keyWidth = keys.stream().mapToInt(String::length).max().orElse(0);
        List<Integer> widths = new ArrayList<>();
        for (Result result : results) {
            widths.add(result.figures().values().stream()
                    .mapToInt(value -> shown(value).length())
                    .max()
                    .orElse(0));
        }
        List<String> lines = new ArrayList<>();
        for (String key : keys) {
            StringBuilder line = new StringBuilder(padded(key, keyWidth, false));
            for (int i = 0; i < results.size(); i++) {
                Object value = results.get(i).figures().get(key);
                line.append(GAP).append(padded(value == null ? "-" : shown(value), widths.get(i), true));
            }
            lines.add(line.toString());
        }
        return lines;
    }

    private static String shown(Object value) {
        if (value instanceof Long count) {
            return String.format("%,d", count);
        }
        if (value instanceof Double number) {
            return Math.abs(number) >= 1000 ? String.format("%,.0f", number) : String.valueOf(number);
        }
        return String.valueOf(value);
    }

    private static String padded(String text, int width, boolean right) {
        String space = " ".repeat(Math.max(0, width - text.length()));
        return right ? space + text : text + space;
    }
}
