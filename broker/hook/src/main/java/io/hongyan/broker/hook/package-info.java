/**
 * The interface between a broker and its node: {@code BrokerHook} is what the broker asks, {@code BrokerControl} what
 * the node may ask.
 *
 * <p>The broker handles topics, bytes, quality of service and connections; the node decides what they mean. The
 * interfaces are the same whether both are in one JVM or talk over a network.
 */
package io.hongyan.broker.hook;
