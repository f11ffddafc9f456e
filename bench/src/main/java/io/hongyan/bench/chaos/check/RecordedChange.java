package io.hongyan.bench.chaos.check;

import io.hongyan.bench.chaos.history.HistoryEvent;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A change of a message, as a history has it in the place of a text.
 *
 * @param kind {@link HistoryEvent#RECALLED} and so on
 * @param what the new text, the reaction with its sign, true or false, or counts
 */
record RecordedChange(String kind, long target, String what) {
    private static final int PARTS = 3;

    static boolean is(String text) {
        return text.startsWith(HistoryEvent.CHANGE);
    }

    static RecordedChange of(String text) {
        String[] parts = text.substring(HistoryEvent.CHANGE.length()).split(" ", PARTS);
        return new RecordedChange(parts[0], Long.parseLong(parts[1]), parts[2]);
    }

    Map<String, Integer> counts() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (String one : what.isEmpty() ? new String[0] : what.split(",")) {
            int end = one.lastIndexOf('=');
            counts.put(one.substring(0, end), Integer.parseInt(one.substring(end + 1)));
        }
        return counts;
    }

    /** With nothing of the text that an edit has brought: it was erased. */
    String erased() {
        return HistoryEvent.CHANGE + kind + ' ' + target + ' ';
    }
}
