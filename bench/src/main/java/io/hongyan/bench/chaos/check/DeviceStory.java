package io.hongyan.bench.chaos.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What one device did and saw, connection by connection. */
final class DeviceStory {
    final String device;
    final String user;
    /** {@code platform:name}. */
    final String name;

    final List<Connection> connections = new ArrayList<>();

    DeviceStory(String clientId) {
        device = clientId;
        int colon = clientId.indexOf(':');
        user = clientId.substring(0, colon);
        name = clientId.substring(colon + 1);
    }

    /** Groups of whose own streams the device has seen anything. */
    Set<String> streamedGroups() {
        Set<String> groups = new TreeSet<>();
        connections.forEach(connection -> groups.addAll(connection.streams.keySet()));
        return groups;
    }

    /** Whether this device wrote it, on any connection. */
    boolean isAuthorOf(MessageKey key, String fromDevice) {
        return key.sender().equals(user) && fromDevice.equals(name);
    }

    Connection connection(int number) {
        for (int i = connections.size() - 1; i >= 0; i--) {
            if (connections.get(i).number == number) {
                return connections.get(i);
            }
        }
        Connection made = new Connection(number);
        connections.add(made);
        return made;
    }

    /** One connection; both lists in the order of the history. */
    static final class Connection {
        final int number;
        final List<Sending> sendings = new ArrayList<>();
        final List<Reception> receptions = new ArrayList<>();
        /** The streams of large groups, by group. */
        final Map<String, List<StreamReception>> streams = new TreeMap<>();

        /** Times at which the gate of this connection opened links to nodes, rising. */
        final List<Long> linksOpened = new ArrayList<>();
        /** Messages whose PUBACK has come, in that order. */
        final List<Acknowledged> acknowledged = new ArrayList<>();

        /** Null if there is only one server. */
        String gate;

        /** When the device began to open it. */
        long openedAt;

        long begunAt;
        long endedAt = Long.MAX_VALUE;
        /** When the device noticed the end, and whether it was the one to end it. */
        long goneAt = Long.MAX_VALUE;

        boolean endedHere;

        Connection(int number) {
            this.number = number;
        }

        /** What comes first counts. */
        void endsAt(long at) {
            endedAt = Math.min(endedAt, at);
        }
    }

    /**
     * @param settled the message had been acknowledged before, so this repetition proves nothing about order
     * @param repeated it was sent before
     */
    record Sending(long at, MessageKey key, boolean settled, boolean repeated) {}

    record Acknowledged(long at, String id) {}

    /** @param message null for an entry that is not a message */
    record Reception(long at, long inboxSeq, InboxMessage message) {}

    /**
     * @param seq the number in the group's log
     * @param message null if it is not a message
     * @param inboxBefore how many entries of the inbox had come before on this connection
     */
    record StreamReception(long at, long seq, InboxMessage message, int inboxBefore) {}

    /** A message as an inbox shows it; text is null if the source does not have it. */
    record InboxMessage(MessageKey key, String fromDevice, long seq, String text) {}
}
