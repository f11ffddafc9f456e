package io.hongyan.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * Whether memory, threads and files of a server stay flat while it is attacked: after a first fifth to warm up, the
 * median of the second half is at most that of the first plus a small allowance. Its log may grow a little each minute.
 */
final class Steadiness {
    private static final int WARM_UP_PARTS = 5;
    private static final double GROWTH_MAX = 1.2;
    private static final long MEGA = 1_000_000;
    private static final int SAMPLES_MIN = 5;
    private static final int HEAP_SAMPLES_MIN = 2;

    /** Bytes of log per minute: summaries once a minute, not one line per request of a client. */
    private static final long LOG_BYTES_PER_MINUTE_MAX = 64_000;

    private Steadiness() {}

    /** What is not flat, one line each; empty if everything is. */
    static List<String> faults(List<ServerState> minutes) {
        List<ServerState> warm = minutes.subList(minutes.size() / WARM_UP_PARTS, minutes.size());
        if (warm.size() < SAMPLES_MIN) {
            return List.of("only " + minutes.size() + " samples of what the server holds");
        }
        List<String> faults = new ArrayList<>();
        List<ServerState> read = warm.stream().filter(ServerState::heapRead).toList();
        if (read.size() < HEAP_SAMPLES_MIN) {
            faults.add("only " + read.size() + " samples of the live heap");
        } else {
            grown("live heap", read, ServerState::heapBytes, 8 * MEGA, faults);
        }
        grown("direct memory", warm, ServerState::directBytes, 16 * MEGA, faults);
        grown("threads", warm, ServerState::threads, 4, faults);
        grown("open files", warm, state -> state.openFiles() - state.connections(), 50, faults);
        long logged = warm.get(warm.size() - 1).logBytes() - warm.get(0).logBytes();
        long perMinute = logged / (warm.size() - 1);
        if (perMinute > LOG_BYTES_PER_MINUTE_MAX) {
            faults.add("log: " + perMinute + " bytes a minute");
        }
        return faults;
    }

    private static void grown(
            String what, List<ServerState> warm, ToLongFunction<ServerState> figure, long slack, List<String> faults) {
        long first = median(warm.subList(0, warm.size() / 2), figure);
        long second = median(warm.subList(warm.size() / 2, warm.size()), figure);
        if (second > GROWTH_MAX * first + slack) {
            faults.add(String.format(Locale.ROOT, "%s: %,d in the first half, %,d in the second", what, first, second));
        }
    }

    private static long median(List<ServerState> states, ToLongFunction<ServerState> figure) {
        return states.stream()
                .mapToLong(figure)
                .sorted()
                .skip(states.size() / 2)
                .findFirst()
                .orElse(0);
    }
}
