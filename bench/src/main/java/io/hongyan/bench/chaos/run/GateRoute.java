package io.hongyan.bench.chaos.run;

import io.hongyan.bench.mqtt.ConnectionSettings;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The route of a client that finds gates by asking the nodes: a gate that was just lost is the last to be tried again,
 * and pauses grow while no attempt succeeds.
 */
final class GateRoute implements Route {
    private static final int KEEP_ALIVE_SECONDS = 5;
    private static final long CONNECT_MILLIS_MAX = 3_000;
    private static final long PAUSE_MILLIS_MIN = 100;
    private static final int DOUBLED_MAX = 4;

    private final Gates gates;
    private final Function<InetSocketAddress, ConnectionSettings> settings;
    private final RandomGenerator random;
    private String lost;

    private GateRoute(Gates gates, Function<InetSocketAddress, ConnectionSettings> settings, RandomGenerator random) {
        this.gates = gates;
        this.settings = settings;
        this.random = random;
    }

    /** @param token called at each login */
    static GateRoute of(
            Gates gates,
            String clientId,
            String uid,
            Supplier<String> token,
            boolean cleanSession,
            RandomGenerator random) {
        return new GateRoute(
                gates,
                address -> new ConnectionSettings(
                        address, null, clientId, uid, token.get(), KEEP_ALIVE_SECONDS, cleanSession),
                random);
    }

    @Override
    public Place next() {
        List<Gates.Gate> known = new ArrayList<>(gates.known());
        if (known.size() > 1) {
            known.removeIf(gate -> gate.name().equals(lost));
        }
        if (known.isEmpty()) {
            gates.ask();
            return null;
        }
        // A single client would try the least loaded gate first; here many ask at once.
        Gates.Gate gate = known.get(random.nextInt(known.size()));
        return new Place(settings.apply(gate.address()), gate.name());
    }

    @Override
    public void lost(Place place) {
        lost = place.gate();
        gates.ask();
    }

    @Override
    public long pauseMillis(int failures) {
        return 1 + random.nextLong(PAUSE_MILLIS_MIN << Math.min(failures, DOUBLED_MAX));
    }

    @Override
    public long connectMillisMax() {
        return CONNECT_MILLIS_MAX;
    }
}
