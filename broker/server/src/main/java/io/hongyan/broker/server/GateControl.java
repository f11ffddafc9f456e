package io.hongyan.broker.server;

import io.hongyan.broker.hook.BrokerControl;
import io.hongyan.broker.hook.ConnectionId;
import io.hongyan.broker.hook.DisconnectCause;
import java.util.ArrayList;
import java.util.List;

/** Passes the node's calls to the event loops, one mail per connection and one wake-up per loop. */
final class GateControl implements BrokerControl {
    private static final int POSTED_SINGLY_MAX = 4;

    private final Gate gate;

    GateControl(Gate gate) {
        this.gate = gate;
    }

    @Override
    public void push(byte[] shared, List<Target> targets) {
        if (targets.size() <= POSTED_SINGLY_MAX) {
            for (int i = 0; i < targets.size(); i++) {
                Target target = targets.get(i);
                Connection connection = gate.connection(target.connection());
                if (connection != null) {
                    connection.loop.post(new PushMail(connection, target, shared));
                }
            }
        } else {
            pushAll(List.of(new Multicast(shared, targets)));
        }
    }

    @Override
    public void pushAll(List<Multicast> pushes) {
        List<Chain> chains = new ArrayList<>();
        for (Multicast push : pushes) {
            for (Target target : push.targets()) {
                add(chains, push.shared(), target);
            }
        }
        for (Chain chain : chains) {
            if (chain.loop != null) {
                chain.loop.post(chain.last, chain.first);
            }
        }
    }

    @Override
    public void disconnect(ConnectionId id, DisconnectCause cause) {
        Connection connection = gate.connection(id);
        if (connection != null) {
            connection.loop.post(new ConnectionMail(connection, it -> it.dismiss(cause)));
        }
    }

    private void add(List<Chain> chains, byte[] shared, Target target) {
        Connection connection = gate.connection(target.connection());
        if (connection == null) {
            return;
        }
        while (chains.size() <= connection.loop.index) {
            chains.add(new Chain());
        }
        chains.get(connection.loop.index).add(new PushMail(connection, target, shared), connection.loop);
    }

    /** Mail for one loop. */
    private static final class Chain {
        private GateLoop loop;
        private Mail first;
        private Mail last;

        void add(Mail mail, GateLoop to) {
            mail.next = last;
            last = mail;
            if (first == null) {
                first = mail;
                loop = to;
            }
        }
    }
}
