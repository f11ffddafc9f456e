package io.hongyan.servers;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A topic and its number of queues, written {@code NAME:QUEUES} or {@code NAME}. */
record Topic(String name, int queues) {
    private static final int QUEUES_DEFAULT = 4;
    private static final int QUEUES_MAX = 1024;

    /** Reads a topic from the command line. */
    static final class Converter implements ITypeConverter<Topic> {
        @Override
        public Topic convert(String text) {
            int colon = text.indexOf(':');
            String name = colon < 0 ? text : text.substring(0, colon);
            if (!name.matches("[A-Za-z0-9_%|-]{1,127}")) {
                throw new TypeConversionException("'" + name + "' cannot be the name of a topic");
            }
            return new Topic(name, colon < 0 ? QUEUES_DEFAULT : queues(text.substring(colon + 1)));
        }

        private static int queues(String text) {
            if (!text.matches("[0-9]{1,4}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > QUEUES_MAX) {
                throw new TypeConversionException("a topic has 1 to " + QUEUES_MAX + " queues, not '" + text + "'");
            }
            return Integer.parseInt(text);
        }
    }
}
