package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.send.FanOutLog;
import java.util.List;

/** There are no markers yet. */
final class SqliteFanOutLog implements FanOutLog {
    @Override
    public List<Marker> open(int markersMax, long nowMillis) {
        return List.of();
    }

    @Override
    public Step advance(Marker marker, String worker, int recipientsMax, long nowMillis, long leaseMillis) {
        return new Step.NotHeld();
    }
}
