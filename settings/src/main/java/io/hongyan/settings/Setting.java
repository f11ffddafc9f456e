package io.hongyan.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A component of a record that operators can set. A setting is declared only here: defaults are made from it, values
 * are checked by it, and the documentation shows it.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
    /** What it is for, a sentence that can be understood alone. */
    String value();

    /** The default, written as in a configuration. Empty: an empty text, path or list. */
    String defaultValue();

    /**
     * Its name in the section of its record, or, if it contains a dot, from the root; empty = the component's name in
     * snake case.
     */
    String name() default "";

    String unit() default "";

    /** Of numbers. */
    long min() default 0;

    /** Of numbers. */
    long max() default Integer.MAX_VALUE;
}
