package io.hongyan.broker.hook.grpc;

import io.hongyan.broker.hook.BrokerControl;
import io.hongyan.broker.hook.BrokerControlContract;
import io.hongyan.broker.hook.GateRouter;
import io.hongyan.broker.hook.RecordingHook;
import org.junit.jupiter.api.AfterEach;

/** Host and broker at the two ends of a link. */
class ControlOverGrpcTest extends BrokerControlContract {
    private final Links links = new Links();

    @AfterEach
    void close() {
        links.close();
    }

    @Override
    protected BrokerControl join(BrokerControl broker) throws Exception {
        GateRouter router = new GateRouter();
        GateLinks node = links.node(new RecordingHook(), router, Links.QUICK);
        Links.up(links.gate(Links.GATE, broker, new RecordingPresence(), Links.QUICK, node.port()));
        return router;
    }
}
