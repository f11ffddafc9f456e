package io.hongyan.broker.hook;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.broker.hook.BrokerControl.Multicast;
import io.hongyan.broker.hook.BrokerControl.Target;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GateRouterTest extends BrokerControlContract {
    @Override
    protected BrokerControl join(BrokerControl broker) {
        GateRouter router = new GateRouter();
        router.add("gate-1", broker);
        return router;
    }

    @Test
    void eachGateGetsItsOwnTargetsAndOnesThatAreGoneGetNothing() {
        List<String> heard = new ArrayList<>();
        GateRouter router = new GateRouter();
        router.add("a", writer("a", heard));
        router.add("b", writer("b", heard));
        router.push(new byte[] {1}, List.of(target("a", 1), target("b", 2), target("c", 3), target("a", 4)));
        router.push(new byte[] {2}, List.of(target("c", 5)));
        router.disconnect(new ConnectionId("b", 2), DisconnectCause.NORMAL);
        router.remove("a", writer("a", heard));
        router.push(new byte[] {3}, List.of(target("a", 6)));
        assertThat(heard).containsExactly("a [1, 4]", "b [2]", "b ends 2", "a [6]");
    }

    private static Target target(String gate, long number) {
        return new Target(new ConnectionId(gate, number), "u/x/inbox", new byte[0], 1, number);
    }

    private static BrokerControl writer(String name, List<String> heard) {
        return new BrokerControl() {
            @Override
            public void push(byte[] shared, List<Target> targets) {
                heard.add(name + " "
                        + targets.stream()
                                .map(target -> target.connection().number())
                                .toList());
            }

            @Override
            public void pushAll(List<Multicast> pushes) {
                pushes.forEach(one -> push(one.shared(), one.targets()));
            }

            @Override
            public void disconnect(ConnectionId connection, DisconnectCause cause) {
                heard.add(name + " ends " + connection.number());
            }
        };
    }
}
