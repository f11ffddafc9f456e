package io.hongyan.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The section of the settings of a record that is a component of another record; by default a section named as the
 * component.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface InSection {
    /** From the root, such as {@code tokens.jwks}; empty = at the root; a dot = in that of the other record itself. */
    String value();
}
