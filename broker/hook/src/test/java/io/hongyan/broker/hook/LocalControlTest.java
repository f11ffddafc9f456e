package io.hongyan.broker.hook;

/** Broker and node in one JVM. */
class LocalControlTest extends BrokerControlContract {
    @Override
    protected BrokerControl join(BrokerControl broker) {
        return broker;
    }
}
