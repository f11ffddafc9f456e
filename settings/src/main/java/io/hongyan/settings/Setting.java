package io.hongyan.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A component of a record that operators can set. This is the one place of a setting: defaults are made from it, values are
 * checked by it, and the documentation shows it.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
    /** What it is for. */
    String value();

    /** What holds where nothing else is said, as a configuration would have it. Empty: an empty text, path or list. */
    String defaultValue();

    /**
     * Its name in the section of its record, or, with a dot in it, from the root; empty = that of the component in snake
     * case.
     */
    String name() default "";

    String unit() default "";

    /** Of numbers. */
    long min() default 0;

    /** Of numbers. */
    long max() default Integer.MAX_VALUE;
}
