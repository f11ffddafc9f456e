package io.hongyan.im.adapter.rocketmq;

/**
 * How a client finds RocketMQ.
 *
 * @param nameServers {@code HOST:PORT}, more than one with semicolons between; they need not be up
 * @param group under which operators see this client, and consumers share their work
 * @param sendTimeoutMillis within which a request to send is answered
 */
public record ClientSettings(String nameServers, String group, int sendTimeoutMillis) {}
