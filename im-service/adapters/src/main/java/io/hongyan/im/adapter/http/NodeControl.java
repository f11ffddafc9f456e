package io.hongyan.im.adapter.http;

import java.util.Map;

/** What operators may ask of the server that answers. Safe for many threads; answers at once. */
public interface NodeControl {
    NodeState state();

    /**
     * Takes no new clients and moves those away that are there. While this goes on, new values hold from now on.
     *
     * @param clientsPerSecond 0 = as configured
     * @param serverReference null = as configured
     */
    void drain(int clientsPerSecond, String serverReference);

    /** Takes clients again. */
    void undrain();

    /** The limits that can be changed while the server runs: texts by the keys of the configuration. */
    Map<String, String> limits();

    /**
     * Changes some of them, until the next start or the next reading of the configuration.
     *
     * @param values texts by key; what is not named stays
     * @throws IllegalArgumentException says what is wrong, for the caller to read; nothing has changed then
     */
    void changeLimits(Map<String, String> values);

    /**
     * The server as it is.
     *
     * @param clients connected ones, and those that are about to be
     * @param movedAwayTotal since the start of the process
     * @param clientsPerSecond 0 where it is not draining
     * @param serverReference null where there is none
     */
    record NodeState(
            boolean draining, int clients, long movedAwayTotal, int clientsPerSecond, String serverReference) {}
}
