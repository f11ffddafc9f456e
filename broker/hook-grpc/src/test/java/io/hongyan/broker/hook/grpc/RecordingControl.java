package io.hongyan.broker.hook.grpc;

import io.hongyan.broker.hook.BrokerControl;
import io.hongyan.broker.hook.ConnectionId;
import io.hongyan.broker.hook.DisconnectCause;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A broker that records its calls. */
class RecordingControl implements BrokerControl {
    final List<Target> pushed = Collections.synchronizedList(new ArrayList<>());
    final List<String> ended = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void push(byte[] shared, List<Target> targets) {
        pushed.addAll(targets);
    }

    @Override
    public void pushAll(List<Multicast> pushes) {
        pushes.forEach(one -> push(one.shared(), one.targets()));
    }

    @Override
    public void disconnect(ConnectionId connection, DisconnectCause cause) {
        ended.add(connection + " " + cause);
    }
}
