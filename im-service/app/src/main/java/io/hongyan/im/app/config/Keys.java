package io.hongyan.im.app.config;

import io.hongyan.settings.Defaults;
import io.hongyan.settings.Fixed;
import io.hongyan.settings.InSection;
import io.hongyan.settings.Setting;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How components of records become keys: {@code listen.mqtt} in the file, {@code HONGYAN_LISTEN_MQTT} in the
 * environment.
 */
final class Keys {
    static final String ENVIRONMENT_PREFIX = "HONGYAN_";
    /** Placeholder for a name that the operator chooses. */
    static final String NAME = "NAME";

    private Keys() {}

    /** A setting with its value in some settings. */
    record Entry(String key, Setting setting, Object value) {
        private String section() {
            return key.substring(0, Math.max(0, key.indexOf('.')));
        }
    }

    /** A setting of a record whose own settings begin with the path. */
    static String ofSetting(String path, RecordComponent component) {
        String name = component.getAnnotation(Setting.class).name();
        return name.indexOf('.') > 0 ? name : child(path, name.isEmpty() ? snake(component) : name);
    }

    /** The prefix of the settings of a record that is a component of another one. */
    static String ofSection(String path, RecordComponent component) {
        InSection section = component.getAnnotation(InSection.class);
        if (section == null) {
            return child(path, snake(component));
        }
        return section.value().equals(".") ? path : section.value();
    }

    /** {@code dataDirectory} is written {@code data_directory}. */
    private static String snake(RecordComponent component) {
        return component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    static String child(String path, String name) {
        return path.isEmpty() ? name : path + '.' + name;
    }

    static String environmentName(String key) {
        return ENVIRONMENT_PREFIX + key.replace('.', '_').toUpperCase(Locale.ROOT);
    }

    static Object value(RecordComponent component, Object owner) {
        try {
            return component.getAccessor().invoke(owner);
        } catch (IllegalAccessException | InvocationTargetException impossible) {
            throw new IllegalStateException("settings are public records", impossible);
        }
    }

    /** The values without configuration in a section of a map. */
    static Record sectionDefault(RecordComponent map) {
        Class<?> section = (Class<?>) ((ParameterizedType) map.getGenericType()).getActualTypeArguments()[1];
        return Defaults.of(section.asSubclass(Record.class));
    }

    /** All settings below a record, section by section. */
    static List<Entry> flatten(Record settings) {
        return flatten("", settings, false);
    }

    /** Those of a record that is not the root. */
    static List<Entry> flatten(String path, Record settings) {
        return flatten(path, settings, false);
    }

    /** The same with one section called {@link #NAME}, with its defaults, where the operator chooses names. */
    static List<Entry> flattenWithNames(Record settings) {
        return flatten("", settings, true);
    }

    private static List<Entry> flatten(String path, Record settings, boolean withNames) {
        List<Entry> all = new ArrayList<>();
        flatten(path, settings, withNames, all);
        return all.stream()
                .collect(Collectors.groupingBy(Entry::section, LinkedHashMap::new, Collectors.toList()))
                .values()
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    private static void flatten(String path, Record settings, boolean withNames, List<Entry> into) {
        for (RecordComponent component : settings.getClass().getRecordComponents()) {
            Object value = value(component, settings);
            if (component.isAnnotationPresent(Setting.class)) {
                into.add(new Entry(
                        ofSetting(path, component),
                        component.getAnnotation(Setting.class),
                        value instanceof List<?> list ? joined(list) : value));
            } else if (value instanceof Map<?, ?> named && !component.isAnnotationPresent(Fixed.class)) {
                Map<?, ?> sections = withNames ? Map.of(NAME, sectionDefault(component)) : named;
                sections.forEach((name, section) ->
                        flatten(child(ofSection(path, component), name.toString()), (Record) section, withNames, into));
            } else if (!component.isAnnotationPresent(Fixed.class)) {
                flatten(ofSection(path, component), (Record) value, withNames, into);
            }
        }
    }

    /** As written in a file or variable. */
    private static String joined(List<?> list) {
        return list.stream().map(Object::toString).collect(Collectors.joining(","));
    }

    /** The most similar of some names; null if there are none. */
    static String nearest(String name, Collection<String> names) {
        String best = null;
        int bestDistance = Integer.MAX_VALUE;
        for (String candidate : names) {
            int distance = distance(name, candidate);
            if (distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return best;
    }

    /** Levenshtein's distance: insertions, deletions and replacements from one to the other. */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[other.length()];
    }
}
