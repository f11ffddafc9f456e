package io.hongyan.im.app.config;

import io.hongyan.im.app.config.YamlFile.Listing;
import io.hongyan.im.app.config.YamlFile.Node;
import io.hongyan.im.app.config.YamlFile.Scalar;
import io.hongyan.im.app.config.YamlFile.Section;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Puts settings together: defaults, over them the file, over that the environment. Every fault is reported, with the
 * line or the variable it is in.
 */
public final class SettingsReader {
    private static final Pattern SECTION_NAME = Pattern.compile("[A-Za-z0-9_-]{1,32}");

    private final Path file;
    private final Map<String, String> environment;
    private final List<String> faults = new ArrayList<>();
    /** That some setting is read from. */
    private final Set<String> variables = new LinkedHashSet<>();

    /** Where a value comes from, for messages. */
    private record Source(String text, String place) {}

    private SettingsReader(Path file, Map<String, String> environment) {
        this.file = file;
        this.environment = environment;
    }

    /**
     * @param file null = none
     * @param environment of the process; only names that begin with {@code HONGYAN_} matter
     */
    public static Settings read(Path file, Map<String, String> environment) throws ConfigException {
        SettingsReader reader = new SettingsReader(file, environment);
        Section root = file == null ? new Section(Map.of(), 1) : YamlFile.read(file);
        Settings settings = (Settings) reader.read(Settings.DEFAULT, root, "");
        reader.checkEnvironment();
        if (reader.faults.isEmpty()) {
            reader.faults.addAll(settings.contradictions());
        }
        if (!reader.faults.isEmpty()) {
            throw new ConfigException(reader.faults);
        }
        return settings;
    }

    private void checkEnvironment() {
        environment.keySet().stream()
                .filter(name -> name.startsWith(Keys.ENVIRONMENT_PREFIX) && !variables.contains(name))
                .sorted()
                .forEach(name -> faults.add("environment: unknown variable " + name + "; did you mean "
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
                faults.add(
                        place(node) + "the name " + name + " below " + path + " takes 1-32 letters, digits, _ and -");
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
                faults.add(place(node) + "unknown key " + Keys.child(path, name) + "; did you mean "
                        + nearestKey(name, path, known) + "?");
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
            return section;
        }
        if (node instanceof Listing) {
            faults.add(place(node) + key + " takes no list");
        }
        if (node instanceof Scalar scalar && !scalar.text().isEmpty()) {
            faults.add(place(node) + key + " takes settings of its own, indented below it");
        }
        return new Section(Map.of(), 1);
    }

    private Object setting(RecordComponent component, String key, Object standard, Node node) {
        Source source = source(key, node, component.getType() == List.class);
        if (source == null) {
            return standard;
        }
        Object value = parse(component, source.text);
        if (value == null) {
            String shown = component.getType() == Secret.class ? "" : ", not '" + source.text + "'";
            faults.add(source.place + key + " takes " + expected(component) + shown);
            return standard;
        }
        return value;
    }

    private Source source(String key, Node node, boolean list) {
        String variable = Keys.environmentName(key);
        variables.add(variable);
        if (environment.containsKey(variable)) {
            return new Source(environment.get(variable).strip(), "environment: " + variable + ": ");
        }
        if (node instanceof Scalar scalar) {
            return new Source(scalar.text(), place(node));
        }
        if (node instanceof Listing listing && list) {
            return new Source(String.join(",", listing.items()), place(node));
        }
        if (node != null) {
            faults.add(place(node)
                    + key
                    + (node instanceof Listing ? " takes no list" : " takes one value, not settings below it"));
        }
        return null;
    }

    private String place(Node node) {
        return Objects.toString(file) + ':' + node.line() + ": ";
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
        if (text.isEmpty()) {
            return null;
        }
        return type == Path.class ? path(text) : text;
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

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException unusable) {
            return null;
        }
    }

    private static Object number(RecordComponent component, String text) {
        Setting setting = component.getAnnotation(Setting.class);
        try {
            long value = Long.parseLong(text.replace("_", ""));
            if (value < setting.min() || value > setting.max()) {
                return null;
            }
            return component.getType() == int.class ? (Object) (int) value : (Object) value;
        } catch (NumberFormatException notANumber) {
            return null;
        }
    }

    private static String expected(RecordComponent component) {
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
        return type == Path.class ? "a path" : "a text that is not empty";
    }
}
