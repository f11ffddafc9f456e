/**
 * The interface between a broker and its host: {@code BrokerHook} is what the broker asks, {@code BrokerControl} what
 * the host may ask.
 *
 * <p>The broker handles topics, bytes, quality of service and connections; the host decides what they mean. The
 * interfaces are the same whether both are in one JVM or talk over a network.
 */
package io.hongyan.broker.hook;
