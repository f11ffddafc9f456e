package io.hongyan.broker.server;

import io.hongyan.broker.server.listen.Network;
import java.net.InetAddress;
import java.util.List;

/**
 * Rules for networks as a whole.
 *
 * @param denied their sockets are closed at once, even where {@code exempt} names them too
 * @param exempt limits by address do not hold for them, such as for a load balancer or an office; all other limits do
 */
public record NetworkRules(List<Network> denied, List<Network> exempt) {
    public static final NetworkRules NONE = new NetworkRules(List.of(), List.of());

    public NetworkRules {
        denied = List.copyOf(denied);
        exempt = List.copyOf(exempt);
    }

    boolean denies(InetAddress address) {
        return Network.holds(denied, address);
    }

    boolean exempts(InetAddress address) {
        return Network.holds(exempt, address);
    }
}
