package io.hongyan.im.app.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The mistakes of a configuration, and where each key was set, so that every mistake can be reported with its place.
 */
final class ConfigFaults {
    /** A setting in a sentence. */
    private static final Pattern KEY = Pattern.compile("[a-z][a-z0-9_]*(\\.[A-Za-z0-9_-]+)*");

    private static final int BEHIND_THE_FILE = Integer.MAX_VALUE;

    /** Null if there is none. */
    private final Path file;

    private final List<Fault> all = new ArrayList<>();
    private final Map<String, Place> places = new HashMap<>();
    /** Settings whose values are not those that the operator meant. */
    private final Set<String> faultyKeys = new HashSet<>();

    private record Fault(int line, String text) {}

    /** @param line of the file; {@link #BEHIND_THE_FILE} = elsewhere */
    private record Place(int line, String words) {}

    ConfigFaults(Path file) {
        this.file = file;
    }

    /** @param line of the file, from 1 */
    void add(int line, String text) {
        all.add(new Fault(line, words(line) + text));
    }

    /** Of no line of the file. */
    void addGeneral(String text) {
        all.add(new Fault(BEHIND_THE_FILE, text));
    }

    /** About the value of a key whose place is known. */
    void addOf(String key, String text) {
        faultyKeys.add(key);
        Place place = places.get(key);
        all.add(new Fault(place.line, place.words + text));
    }

    /** A key is in a line of the file. */
    void noteLine(String key, int line) {
        places.put(key, new Place(line, words(line)));
    }

    /** A key is set by a variable, whatever the file says. */
    void noteVariable(String key, String variable) {
        places.put(key, new Place(BEHIND_THE_FILE, "environment: " + variable + ": "));
    }

    /**
     * A sentence about several settings. Its place is that of the first setting it names that is not left to its
     * default. If one of them has a fault of its own nothing is reported: the sentence may be about the default used
     * instead.
     */
    void addContradiction(String sentence) {
        Place found = null;
        Matcher keys = KEY.matcher(sentence);
        while (keys.find()) {
            if (faultyKeys.contains(keys.group())) {
                return;
            }
            Place place = places.get(keys.group());
            found = found == null ? place : found;
        }
        all.add(found == null ? new Fault(BEHIND_THE_FILE, sentence) : new Fault(found.line, found.words + sentence));
    }

    private String words(int line) {
        return file + ":" + line + ": ";
    }

    /** One line each, in the order of the file; empty = there are none. */
    List<String> lines() {
        return all.stream()
                .sorted(Comparator.comparingInt(Fault::line))
                .map(fault -> fault.text.replaceAll("\\p{Cntrl}", "?"))
                .toList();
    }
}
