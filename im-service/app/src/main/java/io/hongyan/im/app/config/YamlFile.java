package io.hongyan.im.app.config;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.Event.ID;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.reader.ReaderException;

/**
 * A YAML document as nested sections, lists and single values, each with its line. Other features of YAML (anchors,
 * aliases, tags, more documents) are refused, because otherwise they would be ignored or mean something unexpected.
 */
final class YamlFile {
    static final int DEPTH_MAX = 16;
    private static final Set<String> NOTHING = Set.of("", "~", "null", "Null", "NULL");

    private final ConfigFaults faults;
    private final Iterator<Event> events;

    /** A value of the file. */
    sealed interface Node {
        int line();
    }

    record Section(Map<String, Node> entries, int line) implements Node {
        static final Section EMPTY = new Section(Map.of(), 1);
    }

    /** @param text as written, without quotes */
    record Scalar(String text, int line) implements Node {}

    record Listing(List<String> items, int line) implements Node {}

    private YamlFile(String text, ConfigFaults faults) {
        this.faults = faults;
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(ConfigText.BYTES_MAX);
        events = new Yaml(new SafeConstructor(options))
                .parse(new StringReader(text))
                .iterator();
    }

    /** The parts that could be read; the others are among the faults. */
    static Section read(String text, ConfigFaults faults) {
        try {
            return new YamlFile(text, faults).document();
        } catch (MarkedYAMLException malformed) {
            int line = malformed.getProblemMark() == null
                    ? 1
                    : malformed.getProblemMark().getLine() + 1;
            faults.add(line, "not YAML: " + malformed.getProblem());
        } catch (ReaderException character) {
            int line = ConfigText.line(text, text.offsetByCodePoints(0, character.getPosition()));
            faults.add(line, String.format(Locale.ROOT, "not YAML: the character U+%04X", character.getCodePoint()));
        } catch (YAMLException malformed) {
            faults.addGeneral("not YAML: " + malformed.getMessage());
        }
        return Section.EMPTY;
    }

    private Section document() {
        events.next();
        Event start = events.next();
        if (!(start instanceof DocumentStartEvent)) {
            return Section.EMPTY;
        }
        Event first = events.next();
        Section root = Section.EMPTY;
        if (first instanceof MappingStartEvent mapping) {
            check(mapping);
            root = section("", line(first), 1);
        } else if (!(first instanceof ScalarEvent scalar && scalar.getValue().isEmpty())) {
            faults.add(line(first), "expected 'key: value'");
            skip(first);
        }
        events.next();
        Event end = events.next();
        if (end instanceof DocumentStartEvent) {
            faults.add(line(end), "a second document begins here; a configuration has only one");
        }
        return root;
    }

    private Section section(String path, int start, int depth) {
        Map<String, Node> entries = new LinkedHashMap<>();
        Map<String, Integer> lines = new LinkedHashMap<>();
        for (Event key = events.next(); !key.is(ID.MappingEnd); key = events.next()) {
            if (!(key instanceof ScalarEvent name)) {
                faults.add(line(key), "expected 'key: value', where the key is one word");
                skip(key);
                skip(events.next());
                continue;
            }
            check(name);
            String whole = Keys.child(path, name.getValue());
            Integer before = lines.putIfAbsent(name.getValue(), line(key));
            Node node = node(whole, line(key), depth);
            if (before != null) {
                faults.add(line(key), whole + " is given twice, before in line " + before);
            } else if (node != null) {
                entries.put(name.getValue(), node);
            }
        }
        return new Section(entries, start);
    }

    /** Null if there is a fault. */
    private Node node(String path, int line, int depth) {
        Event event = events.next();
        if (event instanceof AliasEvent alias) {
            faults.add(line(event), "the alias *" + alias.getAnchor() + " is not supported; write the value itself");
            return null;
        }
        check((NodeEvent) event);
        if (depth == DEPTH_MAX) {
            faults.add(line, path + " is nested too deeply");
            skip(event);
            return null;
        }
        if (event instanceof MappingStartEvent) {
            return new Section(section(path, line, depth + 1).entries, line);
        }
        if (event instanceof SequenceStartEvent) {
            return new Listing(items(path), line);
        }
        return new Scalar(text((ScalarEvent) event), line);
    }

    private List<String> items(String path) {
        List<String> items = new ArrayList<>();
        for (Event item = events.next(); !item.is(ID.SequenceEnd); item = events.next()) {
            if (item instanceof ScalarEvent scalar) {
                check(scalar);
                items.add(text(scalar));
            } else {
                faults.add(line(item), path + " must be a list of single values");
                skip(item);
            }
        }
        return items;
    }

    private static String text(ScalarEvent scalar) {
        boolean nothing = scalar.getScalarStyle() == ScalarStyle.PLAIN && NOTHING.contains(scalar.getValue());
        return nothing ? "" : scalar.getValue();
    }

    private void check(NodeEvent event) {
        if (event.getAnchor() != null) {
            faults.add(
                    line(event),
                    "the anchor &" + event.getAnchor() + " is not supported; write the value where it is used");
        }
        String tag = event instanceof ScalarEvent scalar
                ? scalar.getTag()
                : event instanceof CollectionStartEvent collection ? collection.getTag() : null;
        if (tag != null) {
            faults.add(line(event), "the tag " + tag + " is not supported; values have the type of their key");
        }
    }

    /** Skips the rest of a structure that has begun. */
    private void skip(Event begun) {
        int open = begun instanceof CollectionStartEvent ? 1 : 0;
        while (open > 0) {
            Event event = events.next();
            open += event instanceof CollectionStartEvent ? 1 : 0;
            open -= event.is(ID.MappingEnd) || event.is(ID.SequenceEnd) ? 1 : 0;
        }
    }

    private static int line(Event event) {
        return event.getStartMark().getLine() + 1;
    }
}
