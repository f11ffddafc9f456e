package io.hongyan.im.app.config;

import java.util.List;

/** The configuration cannot be used. The message says what is wrong and where, one line each. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1;

    ConfigException(List<String> faults) {
        super(String.join(System.lineSeparator(), faults));
    }
}
