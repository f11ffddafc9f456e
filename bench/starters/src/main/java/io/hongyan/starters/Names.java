package io.hongyan.starters;

import java.util.concurrent.atomic.AtomicInteger;

/** Names of databases and prefixes on servers that several tests of this JVM share. */
public final class Names {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private Names() {}

    /** A new name: the prefix, and a number after an underscore. */
    public static String unused(String prefix) {
        return prefix + '_' + NUMBER.incrementAndGet();
    }
}
