package io.hongyan.settings;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;

/** Creates records from the settings of their components. */
public final class Defaults {
    private Defaults() {}

    /**
     * A record in which every setting has its default. Components that are records are created likewise, maps are
     * empty.
     *
     * @param type a public record
     */
    public static <R extends Record> R of(Class<R> type) {
        return record(type, Defaults::ofComponent);
    }

    private static Object ofComponent(RecordComponent component) {
        Setting setting = component.getAnnotation(Setting.class);
        Fixed fixed = component.getAnnotation(Fixed.class);
        if (setting == null && fixed == null) {
            return component.getType() == Map.class
                    ? Map.of()
                    : of(component.getType().asSubclass(Record.class));
        }
        String text = setting == null ? fixed.value() : setting.defaultValue();
        if (text.isEmpty() && component.getType() == String.class) {
            return text;
        }
        if (text.isEmpty() && component.getType() == Path.class) {
            return Path.of(text);
        }
        return component.getType() == Map.class ? Map.of() : Texts.parse(component, text);
    }

    /** A record with these values. */
    public static <R extends Record> R record(Class<R> type, Function<RecordComponent, Object> values) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            return type.getDeclaredConstructor(types)
                    .newInstance(Arrays.stream(components).map(values).toArray());
        } catch (InvocationTargetException refused) {
            throw new IllegalStateException(type + " refuses these values", refused.getCause());
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(type + " is no public record", impossible);
        }
    }
}
