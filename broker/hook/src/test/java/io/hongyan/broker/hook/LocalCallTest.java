package io.hongyan.broker.hook;

/** Broker and host in one JVM. */
class LocalCallTest extends BrokerHookContract {
    @Override
    protected BrokerHook join(BrokerHook host) {
        return host;
    }
}
