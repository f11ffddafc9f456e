package io.hongyan.im.app.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What is to be known of a setting: the reader checks it, the documentation shows it. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Setting {
    /** What it is for. */
    String value();

    String unit() default "";

    /** Of numbers. */
    long min() default 0;

    /** Of numbers. */
    long max() default Integer.MAX_VALUE;
}
