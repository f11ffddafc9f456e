package io.hongyan.im.core.simulation;

import io.hongyan.im.core.send.FanOutLog;
import java.util.List;

/** There are no markers yet. */
final class InMemoryFanOut implements FanOutLog {
    @Override
    public List<Marker> open(int markersMax, long nowMillis) {
        return List.of();
    }

    @Override
    public Step advance(Marker marker, String worker, int recipientsMax, long nowMillis, long leaseMillis) {
        return new Step.NotHeld();
    }
}
