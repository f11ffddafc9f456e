package io.hongyan.broker.hook;

/**
 * A topic filter a client holds.
 *
 * @param filter as the client wrote it
 * @param qos granted quality of service
 * @param subscriptionId MQTT 5 Subscription Identifier, echoed with each delivery; 0 = none
 */
public record GrantedFilter(String filter, int qos, int subscriptionId) {}
