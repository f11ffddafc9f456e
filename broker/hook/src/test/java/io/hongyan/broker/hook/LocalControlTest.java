package io.hongyan.broker.hook;

/** Broker and host in one JVM. */
class LocalControlTest extends BrokerControlContract {
    @Override
    protected BrokerControl join(BrokerControl broker) {
        return broker;
    }
}
