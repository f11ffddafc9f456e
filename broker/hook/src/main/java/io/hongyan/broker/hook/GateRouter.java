package io.hongyan.broker.hook;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One control for many brokers: each call goes to the gate that the connection's id names. Gates come and go at any
 * time.
 */
public final class GateRouter implements BrokerControl {
    private final Map<String, BrokerControl> gates = new ConcurrentHashMap<>();

    /** Calls for connections of that gate go to this control from now on. */
    public void add(String gate, BrokerControl control) {
        gates.put(gate, control);
    }

    /** Removes the control again, unless another has replaced it. */
    public void remove(String gate, BrokerControl control) {
        gates.remove(gate, control);
    }

    @Override
    public void push(byte[] shared, List<Target> targets) {
        if (targets.size() == 1) {
            BrokerControl control = gates.get(targets.get(0).connection().gate());
            if (control != null) {
                control.push(shared, targets);
            }
        } else {
            pushAll(List.of(new Multicast(shared, targets)));
        }
    }

    @Override
    public void pushAll(List<Multicast> pushes) {
        Map<String, List<Multicast>> byGate = new LinkedHashMap<>();
        for (Multicast push : pushes) {
            Map<String, List<Target>> targets = new LinkedHashMap<>();
            for (Target target : push.targets()) {
                targets.computeIfAbsent(target.connection().gate(), gate -> new ArrayList<>())
                        .add(target);
            }
            targets.forEach((gate, some) ->
                    byGate.computeIfAbsent(gate, key -> new ArrayList<>()).add(new Multicast(push.shared(), some)));
        }
        byGate.forEach((gate, some) -> {
            BrokerControl control = gates.get(gate);
            if (control != null) {
                control.pushAll(some);
            }
        });
    }

    @Override
    public void disconnect(ConnectionId connection, DisconnectCause cause) {
        BrokerControl control = gates.get(connection.gate());
        if (control != null) {
            control.disconnect(connection, cause);
        }
    }
}
