package io.hongyan.servers;

import org.apache.rocketmq.common.TopicConfig;
import org.apache.rocketmq.common.constant.PermName;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A topic, written {@code NAME}, {@code NAME:QUEUES} or {@code NAME:QUEUES:readonly}.
 *
 * @param writable whether producers may write to it
 */
record Topic(String name, int queues, boolean writable) {
    private static final int QUEUES_DEFAULT = 4;
    private static final int QUEUES_MAX = 1024;
    private static final String READ_ONLY = "readonly";

    TopicConfig config() {
        int permission = writable ? PermName.PERM_READ | PermName.PERM_WRITE : PermName.PERM_READ;
        return new TopicConfig(name, queues, queues, permission);
    }

    /** Reads a topic from the command line. */
    static final class Converter implements ITypeConverter<Topic> {
        @Override
        public Topic convert(String text) {
            String[] parts = text.split(":", -1);
            if (!parts[0].matches("[A-Za-z0-9_%|-]{1,127}")) {
                throw new TypeConversionException("'" + parts[0] + "' is not a valid name of a topic");
            }
            if (parts.length > 3 || parts.length == 3 && !parts[2].equals(READ_ONLY)) {
                throw new TypeConversionException("a topic is NAME[:QUEUES[:readonly]], not '" + text + "'");
            }
            return new Topic(parts[0], parts.length < 2 ? QUEUES_DEFAULT : queues(parts[1]), parts.length < 3);
        }

        private static int queues(String text) {
            if (!text.matches("[0-9]{1,4}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > QUEUES_MAX) {
                throw new TypeConversionException("a topic has 1 to " + QUEUES_MAX + " queues, not '" + text + "'");
            }
            return Integer.parseInt(text);
        }
    }
}
