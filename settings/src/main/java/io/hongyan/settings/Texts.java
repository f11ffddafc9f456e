package io.hongyan.settings;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Converts texts of a configuration to values. */
public final class Texts {
    /** Of ASCII digits only: the JDK would also accept those of other scripts. */
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(_[0-9]+)*");

    private Texts() {}

    /**
     * The value that a text stands for. Besides numbers, truth values, texts, paths, constants and lists of these, a
     * component may have any type with a static method {@code parse} of one text.
     *
     * @throws IllegalArgumentException there is none; the message continues the name of the setting
     */
    public static Object parse(RecordComponent component, String text) {
        Class<?> type = component.getType();
        if (type == int.class || type == long.class) {
            return number(component, text);
        }
        if (type == List.class) {
            return list((Class<?>) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0], text);
        }
        if (type.isEnum()) {
            return constant(type, text, " or ", "");
        }
        return single(type, text);
    }

    private static Object single(Class<?> type, String text) {
        if (type == boolean.class) {
            check(text.equals("true") || text.equals("false"), "true or false", text);
            return text.equals("true");
        }
        if (type == String.class) {
            check(!text.isEmpty() && text.indexOf('\uFFFD') < 0, "a text that is not empty, in UTF-8", text);
            return text;
        }
        if (type == Path.class) {
            return FilePaths.parse(text)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "takes a path" + FilePaths.reason(text) + ", not '" + text + "'"));
        }
        try {
            return type.getMethod("parse", String.class).invoke(null, text);
        } catch (InvocationTargetException refused) {
            throw refused.getCause() instanceof IllegalArgumentException wrong
                    ? wrong
                    : new IllegalStateException(refused);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(type + " has no public static parse(String)", impossible);
        }
    }

    private static void check(boolean fits, String expected, String text) {
        if (!fits) {
            throw new IllegalArgumentException("takes " + expected + ", not '" + text + "'");
        }
    }

    private static Object constant(Class<?> type, String text, String or, String list) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("takes " + list
                        + Arrays.stream(type.getEnumConstants())
                                .map(Object::toString)
                                .collect(Collectors.joining(or))
                        + ", not '" + text + "'"));
    }

    /** Items with commas between them. */
    private static List<?> list(Class<?> type, String text) {
        List<Object> items = new ArrayList<>();
        for (String item : text.isEmpty() ? new String[0] : text.split(",")) {
            String word = item.strip();
            if (type.isEnum()) {
                items.add(constant(type, word, ", ", "a list of "));
            } else {
                items.add(type == String.class ? word : single(type, word));
            }
        }
        return List.copyOf(items);
    }

    private static Object number(RecordComponent component, String text) {
        Setting setting = component.getAnnotation(Setting.class);
        long min = setting == null ? Long.MIN_VALUE : setting.min();
        long max = setting == null ? Long.MAX_VALUE : setting.max();
        String expected = "a number from " + min + " to " + max;
        check(NUMBER.matcher(text).matches(), expected, text);
        try {
            long value = Long.parseLong(text.replace("_", ""));
            check(value >= min && value <= max, expected, text);
            return component.getType() == int.class ? (Object) Math.toIntExact(value) : (Object) value;
        } catch (NumberFormatException tooLong) {
            throw new IllegalArgumentException("takes " + expected + ", not '" + text + "'", tooLong);
        }
    }
}
