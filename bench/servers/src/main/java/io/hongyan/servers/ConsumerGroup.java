package io.hongyan.servers;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A consumer group, written {@code NAME} or {@code NAME:ordered}.
 *
 * @param ordered whether gRPC consumers get the messages of a queue one after the other
 */
record ConsumerGroup(String name, boolean ordered) {
    private static final String ORDERED = ":ordered";

    /** Reads a group from the command line. */
    static final class Converter implements ITypeConverter<ConsumerGroup> {
        @Override
        public ConsumerGroup convert(String text) {
            boolean ordered = text.endsWith(ORDERED);
            String name = ordered ? text.substring(0, text.length() - ORDERED.length()) : text;
            if (!name.matches("[A-Za-z0-9_%|-]{1,127}")) {
                throw new TypeConversionException("'" + name + "' is not a valid name of a consumer group");
            }
            return new ConsumerGroup(name, ordered);
        }
    }
}
