package io.hongyan.im.core.session;

import io.hongyan.im.core.message.DeviceKey;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** The {@link ReturnPause}s of one node, in memory. Safe for many threads. */
final class ReturnPauses {
    /** Above that the one that was quiet for longest is forgotten. */
    static final int DEVICES_MAX = 100_000;

    /** In the order of what happened to them last. */
    private final Map<DeviceKey, ReturnPause> pauses = new LinkedHashMap<>();

    /** A session with a token of that time was displaced by another device. */
    synchronized void displaced(DeviceKey device, long tokenIssuedAt, long now) {
        ReturnPause before = pauses.remove(device);
        pauses.put(device, ReturnPause.displaced(before, tokenIssuedAt, now));
        forget(now);
    }

    /** @see SessionDirectory#returning */
    synchronized long returning(DeviceKey device, long tokenIssuedAt, long now) {
        ReturnPause pause = pauses.remove(device);
        if (pause == null || pause.isForgotten(now) || tokenIssuedAt > pause.tokenIssuedAt()) {
            return 0;
        }
        long remaining = pause.remaining(now);
        pauses.put(device, pause.tried(remaining == 0, now));
        return remaining;
    }

    private void forget(long now) {
        Iterator<ReturnPause> oldest = pauses.values().iterator();
        while (oldest.hasNext()) {
            if (!oldest.next().isForgotten(now) && pauses.size() <= DEVICES_MAX) {
                return;
            }
            oldest.remove();
        }
    }

    synchronized int size() {
        return pauses.size();
    }
}
