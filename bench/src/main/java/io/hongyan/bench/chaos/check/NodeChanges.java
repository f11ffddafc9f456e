package io.hongyan.bench.chaos.check;

/**
 * Tells where a stream may begin anew in the middle of a connection: once for each time that the gate has gone over to
 * another node, or to the same one again, since the stream last began.
 */
final class NodeChanges {
    private final DeviceStory.Connection connection;
    private int used;

    NodeChanges(DeviceStory.Connection connection) {
        this.connection = connection;
    }

    /** When the gate had last gone over, if that is after the stream last began; uses that up. Else a number below 0. */
    long beginsAnew(long at) {
        long changedAt = -1;
        while (used < connection.linksOpened.size() && connection.linksOpened.get(used) <= at) {
            changedAt = connection.linksOpened.get(used++);
        }
        return changedAt;
    }

    /** Whether the gate has gone over to another node in that time. */
    boolean any(long after, long upTo) {
        return connection.linksOpened.stream().anyMatch(opened -> opened >= after && opened <= upTo);
    }
}
