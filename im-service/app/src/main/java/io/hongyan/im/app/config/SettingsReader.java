package io.hongyan.im.app.config;

import io.hongyan.im.app.config.YamlFile.Listing;
import io.hongyan.im.app.config.YamlFile.Node;
import io.hongyan.im.app.config.YamlFile.Scalar;
import io.hongyan.im.app.config.YamlFile.Section;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Puts settings together: defaults, over them the file, over that the environment. Every fault is reported, with the
 * line or the variable it is in.
 */
public final class SettingsReader {
    private static final Pattern SECTION_NAME = Pattern.compile("[A-Za-z0-9_-]{1,32}");
    /** Of ASCII digits: those of other scripts would be taken by the JDK. */
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(_[0-9]+)*");

    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private final Map<String, String> environment;
    private final Faults faults;
    /** That some setting is read from. */
    private final Set<String> variables = new LinkedHashSet<>();

    private SettingsReader(Map<String, String> environment, Faults faults) {
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

    /** The same, and the files that settings name must be there. */
    public static Settings readToStart(Path file, Map<String, String> environment) throws ConfigException {
        return read(file, environment, true);
    }

    private static Settings read(Path file, Map<String, String> environment, boolean withFiles) throws ConfigException {
        Faults faults = new Faults(file);
        SettingsReader reader = new SettingsReader(environment, faults);
        String text = file == null ? "" : ConfigText.read(file, faults);
        Section root = text == null ? Section.EMPTY : YamlFile.read(text, faults);
        Settings settings = (Settings) reader.read(Settings.DEFAULT, root, "");
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

    /**
     * Limits with other values than they have now.
     *
     * @param values texts by key, as a file would have them
     * @throws ConfigException with everything that is wrong
     */
    static FloodSettings change(FloodSettings current, Map<String, String> values) throws ConfigException {
        Faults faults = new Faults(null);
        Map<String, String> variables = new HashMap<>();
        values.forEach((key, value) -> variables.put(Keys.environmentName(key), value));
        SettingsReader reader = new SettingsReader(variables, faults);
        FloodSettings changed = (FloodSettings) reader.read(current, Section.EMPTY, FloodSettings.SECTION);
        Set<String> known = current.byKey().keySet();
        values.keySet().stream()
                .filter(key -> !known.contains(key))
                .forEach(key ->
                        faults.addGeneral("unknown limit " + key + "; did you mean " + Keys.nearest(key, known) + "?"));
        changed.contradictions().forEach(faults::addContradiction);
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

    private Object read(Object defaults, Section section, String path) {
        RecordComponent[] components = defaults.getClass().getRecordComponents();
        checkKeys(components, section, path);
        Object[] values = new Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < components.length; i++) {
            String name = Keys.name(components[i]);
            String key = Keys.child(path, name);
            Object standard = Keys.value(components[i], defaults);
            Node node = section.entries().get(name);
            types[i] = components[i].getType();
            if (components[i].isAnnotationPresent(Setting.class)) {
                values[i] = setting(components[i], key, standard, node);
            } else if (types[i] == Map.class) {
                values[i] = named(Keys.sectionDefault(components[i]), subsection(node, key), key);
            } else {
                values[i] = read(standard, subsection(node, key), key);
            }
        }
        try {
            return defaults.getClass().getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException("settings are public records", impossible);
        }
    }

    /** Sections whose names are the operator's. */
    private Map<String, Object> named(Object defaults, Section section, String path) {
        Map<String, Object> sections = new LinkedHashMap<>();
        section.entries().forEach((name, node) -> {
            String key = Keys.child(path, name);
            if (SECTION_NAME.matcher(name).matches()) {
                sections.put(name, read(defaults, subsection(node, key), key));
            } else {
                faults.add(node.line(), "the name " + name + " below " + path + " takes 1-32 letters, digits, _ and -");
            }
        });
        return sections;
    }

    private void checkKeys(RecordComponent[] components, Section section, String path) {
        Map<String, String> known = new LinkedHashMap<>();
        for (RecordComponent component : components) {
            known.put(Keys.name(component), Keys.child(path, Keys.name(component)));
        }
        section.entries().forEach((name, node) -> {
            if (!known.containsKey(name)) {
                faults.add(
                        node.line(),
                        "unknown key " + Keys.child(path, name) + "; did you mean " + nearestKey(name, path, known)
                                + "?");
            }
        });
    }

    /** A key of the same section if one is similar, else the most similar of all. */
    private static String nearestKey(String name, String path, Map<String, String> siblings) {
        List<String> all = new ArrayList<>(siblings.values());
        Keys.flatten(Settings.DEFAULT).forEach(entry -> all.add(entry.key()));
        return Keys.nearest(Keys.child(path, name), all);
    }

    private Section subsection(Node node, String key) {
        if (node instanceof Section section) {
            if (key.indexOf('.') > 0) {
                faults.noteLine(key, node.line());
            }
            return section;
        }
        if (node instanceof Listing) {
            faults.add(node.line(), key + " takes no list");
        }
        if (node instanceof Scalar scalar && !scalar.text().isEmpty()) {
            faults.add(node.line(), key + " takes settings of its own, indented below it");
        }
        return Section.EMPTY;
    }

    private Object setting(RecordComponent component, String key, Object standard, Node node) {
        String text = text(key, node, component.getType() == List.class);
        if (text == null) {
            return standard;
        }
        boolean secret = component.getType() == Secret.class;
        if (CONTROL.matcher(text).find()) {
            faults.addOf(key, key + " takes one line without control characters");
            return standard;
        }
        Object value = parse(component, text);
        if (value == null) {
            faults.addOf(key, key + " takes " + expected(component, text) + (secret ? "" : ", not '" + text + "'"));
            return standard;
        }
        return value;
    }

    /** Null where it is not set. */
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
                key, key + (node instanceof Listing ? " takes no list" : " takes one value, not settings below it"));
        return null;
    }

    /** Null where the text does not fit. */
    private static Object parse(RecordComponent component, String text) {
        Class<?> type = component.getType();
        if (type == int.class || type == long.class) {
            return number(component, text);
        }
        if (type == boolean.class) {
            return text.equals("true") ? Boolean.TRUE : text.equals("false") ? Boolean.FALSE : null;
        }
        if (type == Endpoint.class) {
            return Endpoint.parse(text).orElse(null);
        }
        if (type.isEnum()) {
            return constant(type, text);
        }
        if (type == List.class) {
            return list(itemType(component), text);
        }
        if (type == Secret.class) {
            return text.isEmpty() ? null : new Secret(text);
        }
        if (type == Path.class) {
            return FilePaths.parse(text).orElse(null);
        }
        return text.isEmpty() || text.indexOf('\uFFFD') >= 0 ? null : text;
    }

    private static Object constant(Class<?> type, String text) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant.toString().equals(text))
                .findFirst()
                .orElse(null);
    }

    private static Class<?> itemType(RecordComponent list) {
        return (Class<?>) ((ParameterizedType) list.getGenericType()).getActualTypeArguments()[0];
    }

    /** Texts or constants with commas between them; null where one does not fit. */
    private static List<?> list(Class<?> itemType, String text) {
        List<Object> items = new ArrayList<>();
        for (String item : text.isEmpty() ? new String[0] : text.split(",")) {
            items.add(itemType.isEnum() ? constant(itemType, item.strip()) : item.strip());
        }
        return items.contains(null) ? null : items;
    }

    private static Object number(RecordComponent component, String text) {
        Setting setting = component.getAnnotation(Setting.class);
        if (!NUMBER.matcher(text).matches()) {
            return null;
        }
        try {
            long value = Long.parseLong(text.replace("_", ""));
            if (value < setting.min() || value > setting.max()) {
                return null;
            }
            return component.getType() == int.class ? (Object) (int) value : (Object) value;
        } catch (NumberFormatException tooLong) {
            return null;
        }
    }

    private static String expected(RecordComponent component, String text) {
        Class<?> type = component.getType();
        Setting setting = component.getAnnotation(Setting.class);
        if (type == int.class || type == long.class) {
            return "a number from " + setting.min() + " to " + setting.max();
        }
        if (type == boolean.class) {
            return "true or false";
        }
        if (type == Endpoint.class) {
            return "HOST:PORT or off";
        }
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants()).map(Object::toString).collect(Collectors.joining(" or "));
        }
        if (type == List.class && itemType(component).isEnum()) {
            return "a list of "
                    + Arrays.stream(itemType(component).getEnumConstants())
                            .map(Object::toString)
                            .collect(Collectors.joining(", "));
        }
        return type == Path.class ? "a path" + FilePaths.reason(text) : "a text that is not empty, in UTF-8";
    }
}
