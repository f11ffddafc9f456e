package io.hongyan.im.core.data;

import java.util.Locale;

/** An epoch that lasts as long as the process; ids are counted. */
final class EpochInMemory implements DataEpochs {
    private int begun;
    private DataEpoch current = new DataEpoch(id(0), 0);

    @Override
    public synchronized DataEpoch current() {
        return current;
    }

    @Override
    public synchronized DataEpoch begin(DataEpoch over, long nowMillis) {
        if (current.equals(over)) {
            current = new DataEpoch(id(++begun), Math.max(nowMillis, over.sinceMillis() + 1));
        }
        return current;
    }

    @Override
    public long newest() {
        return 0;
    }

    @Override
    public boolean isShared() {
        return false;
    }

    private static String id(int number) {
        return String.format(Locale.ROOT, "%016x", number);
    }
}
