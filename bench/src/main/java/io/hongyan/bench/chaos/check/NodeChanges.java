package io.hongyan.bench.chaos.check;

/**
 * Tells where a stream may start again within a connection: once for each time that the gate has changed its node, or
 * connected to the same one again, since the stream last started.
 */
final class NodeChanges {
    private final DeviceStory.Connection connection;
    private int used;

    NodeChanges(DeviceStory.Connection connection) {
        this.connection = connection;
    }

    /**
     * When the gate last changed its node, if that is after the last start of the stream; each change counts once.
     * Otherwise a number below 0.
     */
    long beginsAnew(long at) {
        long changedAt = -1;
        while (used < connection.linksOpened.size() && connection.linksOpened.get(used) <= at) {
            changedAt = connection.linksOpened.get(used++);
        }
        return changedAt;
    }

    /** Whether the gate has changed its node in that time. */
    boolean any(long after, long upTo) {
        return connection.linksOpened.stream().anyMatch(opened -> opened >= after && opened <= upTo);
    }
}
