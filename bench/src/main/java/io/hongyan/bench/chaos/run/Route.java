package io.hongyan.bench.chaos.run;

import io.hongyan.bench.mqtt.ConnectionSettings;

/** Where a device connects to, and how soon it tries again. Used on the clients' loop. */
interface Route {
    /** Where nothing limits how long a server may take to let a client in. */
    long NO_LIMIT = Long.MAX_VALUE;

    /** @param gate as the history names it; null where there is but one server */
    record Place(ConnectionSettings settings, String gate) {}

    /** Where to connect now; null: nowhere, ask again later. */
    Place next();

    /** The connection to that place was lost, or never came to be. */
    void lost(Place place);

    /**
     * How long to wait before the next attempt.
     *
     * @param failures attempts in vain since the device was last connected
     */
    long pauseMillis(int failures);

    /** So long may pass until a device has connected and subscribed. */
    long connectMillisMax();
}
