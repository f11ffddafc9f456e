package io.hongyan.im.app;

import io.hongyan.broker.hook.grpc.GateLinks;
import io.hongyan.broker.hook.grpc.NodeLink.Node;
import io.hongyan.broker.server.BrokerServer;
import io.hongyan.im.adapter.redis.ClusterMembership;
import io.hongyan.im.adapter.redis.NodeInfo;
import io.hongyan.im.app.config.ListenAddress;
import io.hongyan.im.app.config.Settings;
import io.hongyan.im.core.cluster.GateInfo;
import io.hongyan.im.core.work.PeriodicTask;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The gates, for clients that look for one, and the nodes, for gates that look for one. */
final class GatesAndNodes {
    private static final long TELL_MILLIS = 1_000;
    /** Name of a node's address for gates among its addresses. */
    private static final String LINK = "link";

    private final Settings settings;

    /** Null on a single node. */
    private volatile ClusterMembership cluster;

    /** The gate of this process, once it listens. */
    private volatile String gate;

    private volatile BrokerServer broker;

    /** Null if no gates connect to this process. */
    private volatile GateLinks links;

    GatesAndNodes(Settings settings) {
        this.settings = settings;
    }

    void meetIn(ClusterMembership place) {
        cluster = place;
    }

    void own(String name, BrokerServer server) {
        broker = server;
        gate = name;
    }

    void linked(GateLinks opened) {
        links = opened;
    }

    /** The gate of this process and those that are connected to it. */
    List<GateInfo> gatesHere() {
        List<GateInfo> gates = new ArrayList<>();
        String own = gate;
        if (own != null) {
            gates.add(GateAbout.gate(GateAbout.of(settings, own, broker)));
        }
        GateLinks linked = links;
        if (linked != null) {
            linked.gates().forEach(one -> gates.add(GateAbout.gate(one)));
        }
        return gates;
    }

    /** A gate that has changed its node may still be in the lists of both. */
    List<GateInfo> allGates() {
        List<GateInfo> gates = new ArrayList<>(gatesHere());
        ClusterMembership others = cluster;
        if (others != null) {
            Set<String> known = new HashSet<>();
            gates.forEach(one -> known.add(one.name()));
            others.others().stream()
                    .flatMap(other -> other.gates().stream())
                    .filter(one -> known.add(one.name()))
                    .forEach(gates::add);
        }
        return gates;
    }

    /** The addresses of this node, by purpose. */
    Map<String, String> addresses() {
        Map<String, String> addresses = new HashMap<>();
        addresses.put("http", settings.listen().http().toString());
        GateLinks linked = links;
        if (linked != null) {
            settings.cluster().link().told(linked.port()).ifPresent(address -> addresses.put(LINK, address.toString()));
        }
        return addresses;
    }

    List<PeriodicTask> tasks() {
        return List.of(new PeriodicTask("tell gates of nodes", TELL_MILLIS, this::tellGates));
    }

    /** Tells the connected gates of all nodes. */
    private void tellGates() {
        GateLinks linked = links;
        ClusterMembership others = cluster;
        if (linked == null || others == null) {
            return;
        }
        List<Node> nodes = new ArrayList<>();
        settings.cluster().link().told(linked.port()).map(GatesAndNodes::node).ifPresent(nodes::add);
        others.others().stream()
                .sorted(Comparator.comparing(NodeInfo::name))
                .map(other -> ListenAddress.find(other.addresses().getOrDefault(LINK, "off")))
                .flatMap(Optional::stream)
                .filter(address -> !address.isOff())
                .map(GatesAndNodes::node)
                .forEach(nodes::add);
        linked.tellNodes(nodes);
    }

    private static Node node(ListenAddress address) {
        return new Node(address.host(), address.port());
    }
}
