package io.hongyan.bench.chaos.run;

import io.hongyan.bench.mqtt.ConnectionSettings;

/** Where a device connects to, and how soon it tries again. Used on the clients' loop. */
interface Route {
    /** No limit on how long a server may take to accept a client. */
    long NO_LIMIT = Long.MAX_VALUE;

    /** @param gate its name in the history; null if there is only one server */
    record Place(ConnectionSettings settings, String gate) {}

    /** Where to connect now; null: nowhere, ask again later. */
    Place next();

    /** The connection to that address was lost, or was never established. */
    void lost(Place place);

    /**
     * How long to wait before the next attempt.
     *
     * @param failures failed attempts since the device was last connected
     */
    long pauseMillis(int failures);

    /** Time until a device has connected and subscribed. */
    long connectMillisMax();
}
