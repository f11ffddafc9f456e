package io.hongyan.im.adapter.redis;

import com.google.protobuf.InvalidProtocolBufferException;
import io.hongyan.im.adapter.redis.wire.NodeRecord;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * A node of the cluster, as it says of itself.
 *
 * @param name its id and its start: never the same twice
 * @param roles what it does
 * @param addresses where it is reached, by what for
 * @param connections clients connected a second ago
 */
public record NodeInfo(String name, List<String> roles, Map<String, String> addresses, int connections) {
    private static final char START = '~';

    public NodeInfo {
        roles = List.copyOf(roles);
        addresses = Map.copyOf(addresses);
    }

    /**
     * @param id stays the same over restarts
     * @param startMillis when this run began
     */
    public static String name(String id, long startMillis) {
        return id + START + Long.toString(startMillis, Character.MAX_RADIX);
    }

    /** The part of the name that stays the same over restarts. */
    public String id() {
        return name.substring(0, name.lastIndexOf(START));
    }

    NodeInfo with(int connectionsNow) {
        return new NodeInfo(name, roles, addresses, connectionsNow);
    }

    String encoded() {
        return Base64.getEncoder()
                .encodeToString(NodeRecord.newBuilder()
                        .addAllRoles(roles)
                        .putAllAddresses(addresses)
                        .setConnections(connections)
                        .build()
                        .toByteArray());
    }

    /** Of a node that says what cannot be read, at least its name. */
    static NodeInfo decoded(String name, String encoded) {
        try {
            NodeRecord read = NodeRecord.parseFrom(Base64.getDecoder().decode(encoded));
            return new NodeInfo(name, read.getRolesList(), read.getAddressesMap(), read.getConnections());
        } catch (InvalidProtocolBufferException | IllegalArgumentException unreadable) {
            return new NodeInfo(name, List.of(), Map.of(), 0);
        }
    }
}
