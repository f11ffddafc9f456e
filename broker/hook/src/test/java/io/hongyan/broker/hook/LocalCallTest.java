package io.hongyan.broker.hook;

/** Broker and node in one JVM. */
class LocalCallTest extends BrokerHookContract {
    @Override
    protected BrokerHook join(BrokerHook hook) {
        return hook;
    }
}
