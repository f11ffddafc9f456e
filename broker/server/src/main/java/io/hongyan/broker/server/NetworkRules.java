package io.hongyan.broker.server;

import io.hongyan.broker.server.listen.Network;
import io.hongyan.settings.Setting;
import java.net.InetAddress;
import java.util.List;

/** Rules for whole networks. A denied network is refused even if it is exempt. */
public record NetworkRules(
        @Setting(
                value = "Networks whose sockets are closed at once, such as `203.0.113.0/24`; a list.",
                defaultValue = "",
                name = "deny")
        List<Network> denied,

        @Setting(value = "Networks without limits by address, such as those of an office; a list.", defaultValue = "")
        List<Network> exempt) {
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
