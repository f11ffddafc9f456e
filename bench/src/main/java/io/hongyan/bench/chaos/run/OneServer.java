package io.hongyan.bench.chaos.run;

import io.hongyan.bench.mqtt.ConnectionSettings;
import java.util.random.RandomGenerator;

/** The route to the only server: tries it again and again until it is back. */
final class OneServer implements Route {
    private static final long RECONNECT_MILLIS_MAX = 250;

    private final Place place;
    private final RandomGenerator random;

    OneServer(ConnectionSettings settings, RandomGenerator random) {
        this.place = new Place(settings, null);
        this.random = random;
    }

    @Override
    public Place next() {
        return place;
    }

    @Override
    public void lost(Place lost) {
        // There is no other.
    }

    @Override
    public long pauseMillis(int failures) {
        return 1 + random.nextLong(RECONNECT_MILLIS_MAX);
    }

    @Override
    public long connectMillisMax() {
        return NO_LIMIT;
    }
}
