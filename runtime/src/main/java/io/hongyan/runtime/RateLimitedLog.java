package io.hongyan.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Sums up events that clients cause, which must not be logged one by one. Each {@link #summarize}, called once a
 * minute, writes one line per reason, {@code event="login refused" times=12 example="…"}, with the count and the first
 * examples. Safe for many threads; counting takes no lock once the examples of the minute are taken.
 */
public final class RateLimitedLog {
    /** How often to call {@link #summarize}. */
    public static final int PERIOD_MILLIS = 60_000;

    static final int EXAMPLES_MAX = 3;
    static final int EXAMPLE_CHARACTERS_MAX = 160;
    /** Reasons are words of the code; if one should be made from what a client sends, there are still few lines. */
    static final int REASONS_MAX = 64;

    private static final String OTHER = "other reasons";

    private final Consumer<String> log;
    private final ConcurrentHashMap<String, Sum> sums = new ConcurrentHashMap<>();

    /** @param log takes the lines, such as {@code LOG::warn} */
    public RateLimitedLog(Consumer<String> log) {
        this.log = log;
    }

    /**
     * Counts one event.
     *
     * @param reason what happened, in words of the code such as "login refused: token expired"
     * @param example who or what it was, without secrets; computed only for the first events of a minute. It may hold
     *     what clients send: it is cut to {@value #EXAMPLE_CHARACTERS_MAX} characters, and control characters and quotes
     *     are replaced.
     */
    public void count(String reason, Supplier<String> example) {
        Sum sum = sums.get(reason);
        if (sum == null) {
            String known = sums.size() < REASONS_MAX ? reason : OTHER;
            sum = sums.computeIfAbsent(known, absent -> new Sum());
        }
        sum.add(example);
    }

    /** Writes the events since the last call. */
    public void summarize() {
        sums.forEach((reason, sum) -> {
            String line = sum.take(reason);
            if (line != null) {
                log.accept(line);
            }
        });
    }

    /** The events of one reason since the last summary. */
    private static final class Sum {
        private final List<String> examples = new ArrayList<>(EXAMPLES_MAX);
        private final AtomicLong count = new AtomicLong();

        void add(Supplier<String> example) {
            if (count.incrementAndGet() <= EXAMPLES_MAX) {
                String text = printable(example.get());
                synchronized (examples) {
                    // An event that was counted before the last summary may be added after it.
                    if (examples.size() < EXAMPLES_MAX) {
                        examples.add(text);
                    }
                }
            }
        }

        /** Null if there were none. */
        String take(String reason) {
            List<String> shown;
            long times = count.getAndSet(0);
            if (times == 0) {
                return null;
            }
            synchronized (examples) {
                shown = List.copyOf(examples);
                examples.clear();
            }
            StringBuilder line = new StringBuilder("event=\"" + reason + "\" times=" + times);
            shown.forEach(example -> line.append(" example=\"").append(example).append('"'));
            return line.toString();
        }
    }

    private static String printable(String text) {
        if (text == null) {
            return "-";
        }
        StringBuilder printed = new StringBuilder(Math.min(text.length(), EXAMPLE_CHARACTERS_MAX));
        for (int i = 0; i < text.length() && i < EXAMPLE_CHARACTERS_MAX; i++) {
            char character = text.charAt(i);
            printed.append(character == '"' ? '\'' : isPrintable(character) ? character : '?');
        }
        return printed.toString();
    }

    /** Line breaks would forge lines, and direction marks would hide text. */
    private static boolean isPrintable(char character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
