package io.hongyan.im.adapter.http;

import com.google.protobuf.Message;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What is to be known of a field of a body: the reader checks it, the OpenAPI description shows it. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Described {
    /** What it is. */
    String value();

    /** Whether it may be missing. */
    boolean optional() default false;

    /** The only texts it may have, empty = any. */
    String[] oneOf() default {};

    /** Of a JSON tree, or a list of them: the message of the client contract that it is the JSON form of. */
    Class<? extends Message> holds() default Message.class;
}
