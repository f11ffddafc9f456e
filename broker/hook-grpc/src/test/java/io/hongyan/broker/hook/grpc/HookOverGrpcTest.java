package io.hongyan.broker.hook.grpc;

import io.hongyan.broker.hook.BrokerHook;
import io.hongyan.broker.hook.BrokerHookContract;
import io.hongyan.broker.hook.GateRouter;
import org.junit.jupiter.api.AfterEach;

/** Broker and node at the two ends of a link. */
class HookOverGrpcTest extends BrokerHookContract {
    private final Links links = new Links();

    @AfterEach
    void close() {
        links.close();
    }

    @Override
    protected BrokerHook join(BrokerHook hook) throws Exception {
        GateLinks node = links.node(hook, new GateRouter(), Links.QUICK);
        return Links.up(
                links.gate(Links.GATE, new RecordingControl(), new RecordingPresence(), Links.QUICK, node.port()));
    }
}
