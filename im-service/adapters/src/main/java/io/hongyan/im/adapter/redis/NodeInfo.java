package io.hongyan.im.adapter.redis;

import com.google.protobuf.InvalidProtocolBufferException;
import io.hongyan.im.adapter.redis.wire.GateRecord;
import io.hongyan.im.adapter.redis.wire.NodeRecord;
import io.hongyan.im.core.cluster.GateInfo;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * A node of the cluster, as it describes itself.
 *
 * @param name its id and its start: never the same twice
 * @param roles what it does
 * @param addresses its addresses, by purpose
 * @param connections clients connected a second ago
 * @param gates its own gate and those linked to it, as they were then
 */
public record NodeInfo(
        String name, List<String> roles, Map<String, String> addresses, int connections, List<GateInfo> gates) {
    private static final char START = '~';

    public NodeInfo {
        roles = List.copyOf(roles);
        addresses = Map.copyOf(addresses);
        gates = List.copyOf(gates);
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

    NodeInfo with(Map<String, String> addressesNow, int connectionsNow, List<GateInfo> gatesNow) {
        return new NodeInfo(name, roles, addressesNow, connectionsNow, gatesNow);
    }

    String encoded() {
        return Base64.getEncoder()
                .encodeToString(NodeRecord.newBuilder()
                        .addAllRoles(roles)
                        .putAllAddresses(addresses)
                        .setConnections(connections)
                        .addAllGates(gates.stream().map(NodeInfo::encoded).toList())
                        .build()
                        .toByteArray());
    }

    /** For a node whose description cannot be read, at least its name. */
    static NodeInfo decoded(String name, String encoded) {
        try {
            NodeRecord read = NodeRecord.parseFrom(Base64.getDecoder().decode(encoded));
            return new NodeInfo(
                    name,
                    read.getRolesList(),
                    read.getAddressesMap(),
                    read.getConnections(),
                    read.getGatesList().stream().map(NodeInfo::decoded).toList());
        } catch (InvalidProtocolBufferException | IllegalArgumentException unreadable) {
            return new NodeInfo(name, List.of(), Map.of(), 0, List.of());
        }
    }

    private static GateRecord encoded(GateInfo gate) {
        return GateRecord.newBuilder()
                .setGate(gate.name())
                .setMqtt(gate.mqtt())
                .setWebSocket(gate.webSocket())
                .setClients(gate.clients())
                .setWeight(gate.weight())
                .setDraining(gate.draining())
                .build();
    }

    private static GateInfo decoded(GateRecord gate) {
        return new GateInfo(
                gate.getGate(),
                gate.getMqtt(),
                gate.getWebSocket(),
                gate.getClients(),
                gate.getWeight(),
                gate.getDraining());
    }
}
