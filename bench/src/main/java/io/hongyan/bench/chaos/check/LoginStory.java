package io.hongyan.bench.chaos.check;

import java.util.Locale;
import java.util.Map;

/**
 * One login of a device of a user of whom only one device of a class may be online; times of events that did not happen
 * are at the end of the run.
 */
final class LoginStory {
    private static final Map<String, String> CLASSES =
            Map.of("android", "mobile", "ios", "mobile", "windows", "desktop", "mac", "desktop", "linux", "desktop");

    final String device;
    final String gate;
    final long askedAt;
    long onlineAt = Long.MAX_VALUE;
    long toldAt = Long.MAX_VALUE;
    long endedAt = Long.MAX_VALUE;

    LoginStory(String device, String gate, long askedAt) {
        this.device = device;
        this.gate = gate;
        this.askedAt = askedAt;
    }

    /** The scope in which one may be online: the user and the class of platforms. */
    String seat() {
        String[] parts = device.toLowerCase(Locale.ROOT).split(":");
        return parts[0] + ' ' + CLASSES.getOrDefault(parts[1], parts[1]);
    }

    /** Told, or cut off. */
    long overAt() {
        return Math.min(toldAt, endedAt);
    }

    @Override
    public String toString() {
        return device + " at " + gate + " (asked for at " + askedAt + ")";
    }
}
