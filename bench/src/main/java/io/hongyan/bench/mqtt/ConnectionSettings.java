package io.hongyan.bench.mqtt;

import java.net.InetSocketAddress;

/**
 * How one client connects.
 *
 * @param server its address
 * @param source address to connect from, port 0; null leaves it to the system
 * @param userName empty sends neither user name nor password
 * @param keepAliveSeconds 0 switches PING off
 */
public record ConnectionSettings(
        InetSocketAddress server,
        InetSocketAddress source,
        String clientId,
        String userName,
        String password,
        int keepAliveSeconds,
        boolean cleanSession) {}
