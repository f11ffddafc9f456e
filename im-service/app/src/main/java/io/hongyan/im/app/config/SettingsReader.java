package io.hongyan.im.app.config;

import io.hongyan.im.app.config.YamlFile.Listing;
import io.hongyan.im.app.config.YamlFile.Node;
import io.hongyan.im.app.config.YamlFile.Scalar;
import io.hongyan.im.app.config.YamlFile.Section;
import io.hongyan.settings.Defaults;
import io.hongyan.settings.Fixed;
import io.hongyan.settings.Setting;
import io.hongyan.settings.Texts;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Combines settings: defaults, overridden by the file, overridden by the environment. Every fault is reported, with its
 * line or variable.
 */
public final class SettingsReader {
    private static final Pattern SECTION_NAME = Pattern.compile("[A-Za-z0-9_-]{1,32}");
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
    private static final KnownKeys KNOWN = new KnownKeys(Settings.DEFAULT);

    private final Map<String, String> environment;
    private final ConfigFaults faults;
    /** Values of the file, by key. */
    private final Map<String, Node> nodes = new HashMap<>();
    /** Names that the operator chose, by their section. */
    private final Map<String, List<String>> names = new HashMap<>();
    /** Keys that a setting was read from. */
    private final Set<String> variables = new LinkedHashSet<>();

    private SettingsReader(Map<String, String> environment, ConfigFaults faults) {
        this.environment = environment;
        this.faults = faults;
    }

    /**
     * @param file null = none
     * @param environment of the process; only names that begin with {@code HONGYAN_} matter
     */
    public static Settings read(Path file, Map<String, String> environment) throws ConfigException {
        return read(file, environment, false);
    }

    /** The same; also, files that settings name must exist. */
    public static Settings readToStart(Path file, Map<String, String> environment) throws ConfigException {
        return read(file, environment, true);
    }

    private static Settings read(Path file, Map<String, String> environment, boolean withFiles) throws ConfigException {
        ConfigFaults faults = new ConfigFaults(file);
        SettingsReader reader = new SettingsReader(environment, faults);
        String text = file == null ? "" : ConfigText.read(file, faults);
        Section root = text == null ? Section.EMPTY : YamlFile.read(text, faults);
        reader.walk(root, "", "");
        Settings settings = reader.read(Settings.DEFAULT, "");
        reader.checkEnvironment();
        settings.contradictions().forEach(faults::addContradiction);
        if (withFiles) {
            NamedFiles.unreadable(settings).forEach(faults::addContradiction);
        }
        if (!faults.lines().isEmpty()) {
            throw new ConfigException(faults.lines());
        }
        return settings;
    }

    /** The values of a section as texts, by key, as in a file. */
    public static Map<String, String> byKey(Record limits, String section) {
        Map<String, String> texts = new LinkedHashMap<>();
        Keys.flatten(section, limits)
                .forEach(entry -> texts.put(entry.key(), entry.value().toString()));
        return texts;
    }

    /**
     * Settings of one record with new values.
     *
     * @param section of the record, empty = the root
     * @param values texts by key, as in a file; keys that are not named stay
     * @throws ConfigException with everything that is wrong
     */
    public static <R extends Record> R change(R current, String section, Map<String, String> values)
            throws ConfigException {
        ConfigFaults faults = new ConfigFaults(null);
        Map<String, String> variables = new HashMap<>();
        values.forEach((key, value) -> variables.put(Keys.environmentName(key), value));
        SettingsReader reader = new SettingsReader(variables, faults);
        R changed = reader.read(current, section);
        Set<String> known = byKey(current, section).keySet();
        values.keySet().stream()
                .filter(key -> !known.contains(key))
                .forEach(key -> faults.addGeneral(
                        KNOWN.isSetting(key)
                                ? key + " cannot be changed while the server runs"
                                : "unknown limit " + key + "; did you mean " + Keys.nearest(key, known) + "?"));
        if (!faults.lines().isEmpty()) {
            throw new ConfigException(faults.lines());
        }
        return changed;
    }

    private void checkEnvironment() {
        environment.entrySet().stream()
                .filter(variable -> variable.getKey().startsWith(Keys.ENVIRONMENT_PREFIX))
                .filter(variable -> !variables.contains(variable.getKey()))
                .filter(variable -> !Kubernetes.sets(variable.getKey(), variable.getValue()))
                .map(Map.Entry::getKey)
                .sorted()
                .forEach(name -> faults.addGeneral("environment: unknown variable " + name + "; did you mean "
                        + Keys.nearest(name, variables) + "?"));
    }

    /**
     * Collects the values of the file.
     *
     * @param path of the section
     * @param section the same with {@link Keys#NAME} for names that the operator chose
     */
    private void walk(Section from, String path, String section) {
        from.entries().forEach((name, node) -> {
            String key = Keys.child(path, name);
            if (KNOWN.holdsNames(section)) {
                if (SECTION_NAME.matcher(name).matches()) {
                    names.computeIfAbsent(path, none -> new ArrayList<>()).add(name);
                    walk(subsection(node, key), key, Keys.child(section, Keys.NAME));
                } else {
                    faults.add(
                            node.line(),
                            "the name " + name + " below " + path + " takes 1-32 letters, digits, _ and -");
                }
            } else if (KNOWN.isSetting(Keys.child(section, name))) {
                nodes.put(key, node);
            } else if (KNOWN.isSection(Keys.child(section, name))) {
                walk(subsection(node, key), key, Keys.child(section, name));
            } else {
                faults.add(
                        node.line(),
                        "unknown key " + key + "; did you mean " + KNOWN.nearest(section, path, name) + "?");
            }
        });
    }

    private Section subsection(Node node, String key) {
        if (node instanceof Section section) {
            if (key.indexOf('.') > 0) {
                faults.noteLine(key, node.line());
            }
            return section;
        }
        if (node instanceof Listing) {
            faults.add(node.line(), key + " must not be a list");
        }
        if (node instanceof Scalar scalar && !scalar.text().isEmpty()) {
            faults.add(node.line(), key + " is a section: its settings must be indented below it");
        }
        return Section.EMPTY;
    }

    /** A record with the configured settings, and otherwise with its present values. */
    private <R extends Record> R read(R defaults, String path) {
        @SuppressWarnings("unchecked")
        Class<R> type = (Class<R>) defaults.getClass();
        return Defaults.record(type, component -> component(component, Keys.value(component, defaults), path));
    }

    private Object component(RecordComponent component, Object standard, String path) {
        if (component.isAnnotationPresent(Setting.class)) {
            return setting(component, Keys.ofSetting(path, component), standard);
        }
        if (component.isAnnotationPresent(Fixed.class)) {
            return standard;
        }
        String section = Keys.ofSection(path, component);
        return component.getType() == Map.class
                ? named(Keys.sectionDefault(component), section)
                : read((Record) standard, section);
    }

    /** Sections whose names the operator chooses. */
    private Map<String, Object> named(Record defaults, String path) {
        Map<String, Object> sections = new LinkedHashMap<>();
        names.getOrDefault(path, List.of()).forEach(name -> sections.put(name, read(defaults, Keys.child(path, name))));
        return sections;
    }

    private Object setting(RecordComponent component, String key, Object standard) {
        String text = text(key, nodes.get(key), component.getType() == List.class);
        if (text == null) {
            return standard;
        }
        if (CONTROL.matcher(text).find()) {
            faults.addOf(key, key + " must be one line without control characters");
            return standard;
        }
        try {
            return Texts.parse(component, text);
        } catch (IllegalArgumentException wrong) {
            faults.addOf(key, key + (wrong.getMessage().startsWith("takes ") ? " " : ": ") + wrong.getMessage());
            return standard;
        }
    }

    /** Null if it is not set. */
    private String text(String key, Node node, boolean list) {
        String variable = Keys.environmentName(key);
        variables.add(variable);
        if (environment.containsKey(variable)) {
            faults.noteVariable(key, variable);
            return environment.get(variable).strip();
        }
        if (node == null) {
            return null;
        }
        faults.noteLine(key, node.line());
        if (node instanceof Scalar scalar) {
            return scalar.text();
        }
        if (node instanceof Listing listing && list) {
            return String.join(",", listing.items());
        }
        faults.addOf(
                key,
                key
                        + (node instanceof Listing
                                ? " must not be a list"
                                : " must be a single value, without settings" + " below it"));
        return null;
    }
}
