package io.hongyan.broker.server;

/**
 * How a server is emptied.
 *
 * @param clientsPerSecond so many are moved away, from 1
 * @param serverReference where clients of MQTT 5 are told to go [MQTT 5.0, 4.11], null = they are told nothing
 */
public record DrainPlan(int clientsPerSecond, String serverReference) {
    public DrainPlan {
        if (clientsPerSecond < 1) {
            throw new IllegalArgumentException("clientsPerSecond may not be " + clientsPerSecond);
        }
    }
}
