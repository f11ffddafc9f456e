package io.hongyan.broker.server;

/**
 * How a gate is drained.
 *
 * @param clientsPerSecond clients that are moved away per second, from 1
 * @param serverReference address that MQTT 5 clients are told to use [MQTT 5.0, 4.11], null = none
 */
public record DrainPlan(int clientsPerSecond, String serverReference) {
    public DrainPlan {
        if (clientsPerSecond < 1) {
            throw new IllegalArgumentException("clientsPerSecond may not be " + clientsPerSecond);
        }
    }
}
