package io.hongyan.im.app.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** How records become keys: {@code listen.mqtt} in the file, {@code HONGYAN_LISTEN_MQTT} in the environment. */
final class Keys {
    static final String ENVIRONMENT_PREFIX = "HONGYAN_";

    private Keys() {}

    /** A setting with its value in some settings. */
    record Entry(String key, Setting setting, Object value) {}

    /** {@code dataDirectory} is written {@code data_directory}. */
    static String name(RecordComponent component) {
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

    /** What holds in a section of a map where nothing else is said: {@code DEFAULT} of its record. */
    static Object sectionDefault(RecordComponent map) {
        Class<?> section = (Class<?>) ((ParameterizedType) map.getGenericType()).getActualTypeArguments()[1];
        try {
            return section.getField("DEFAULT").get(null);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(section + " has no DEFAULT", impossible);
        }
    }

    /** All settings below a record, in the order they are declared. */
    static List<Entry> flatten(Record settings) {
        List<Entry> all = new ArrayList<>();
        flatten("", settings, false, all);
        return all;
    }

    /** The same with one section called NAME, as it is by default, where names are the operator's. */
    static List<Entry> flattenWithNames(Record settings) {
        List<Entry> all = new ArrayList<>();
        flatten("", settings, true, all);
        return all;
    }

    private static void flatten(String path, Object settings, boolean withNames, List<Entry> into) {
        for (RecordComponent component : settings.getClass().getRecordComponents()) {
            String key = child(path, name(component));
            Object value = value(component, settings);
            Setting setting = component.getAnnotation(Setting.class);
            if (value instanceof Map<?, ?> named) {
                Map<?, ?> sections = withNames ? Map.of("NAME", sectionDefault(component)) : named;
                sections.forEach((name, section) -> flatten(child(key, name.toString()), section, withNames, into));
            } else if (setting == null) {
                flatten(key, value, withNames, into);
            } else {
                into.add(new Entry(key, setting, value instanceof List<?> list ? joined(list) : value));
            }
        }
    }

    /** As it is written in a file or variable. */
    private static String joined(List<?> list) {
        return list.stream().map(Object::toString).collect(Collectors.joining(","));
    }

    /** The most similar of some names; null where there are none. */
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
