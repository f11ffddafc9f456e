package io.hongyan.broker.server;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Makes a client that fails to log in wait longer each time, by (address, user, client id), and likewise a device that
 * logs in again and again. Nobody waits for the failures of another address, user or device; and while few have failed,
 * other credentials need not wait either, so that a new token helps at once. Safe for many threads.
 */
final class LoginGuard {
    /** Limit; above it the least recently seen one is forgotten. */
    static final int DEVICES_MAX = 100_000;

    private static final long SECOND_MILLIS = 1_000;
    private static final long MINUTE_MILLIS = 60_000;
    /** Failures are forgotten after so long without a further one. */
    private static final long FORGET_MILLIS = 600_000;

    private final Gate gate;
    private final byte[] salt;
    private final Map<Key, Device> devices = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Device> eldest) {
            return size() > DEVICES_MAX;
        }
    };

    /** The key of one attempt; texts of clients may be long, their hash is short. */
    record Attempt(Key key, long credentials) {}

    private record Key(long high, long low) {}

    /**
     * How long a client has to wait.
     *
     * @param seconds 0 = not at all
     * @param flapping whether it must because it logs in too often; otherwise because its logins failed
     */
    record Wait(int seconds, boolean flapping) {
        private static final Wait NONE = new Wait(0, false);
    }

    private static final class Device {
        private int failures;
        private long failedAtMillis;
        private long waitUntilMillis;
        private long failedCredentials;
        private long reconnectsUntilMillis;
    }

    LoginGuard(Gate gate) {
        this.gate = gate;
        this.salt = gate.secret();
    }

    /** @param user null if none is given, likewise {@code clientId} and {@code password} */
    Attempt attempt(InetAddress address, String user, String clientId, byte[] password) {
        ByteBuffer device = hash(address.getAddress(), bytes(user), bytes(clientId));
        return new Attempt(
                new Key(device.getLong(), device.getLong()),
                hash(password == null ? new byte[0] : password).getLong());
    }

    synchronized Wait waiting(Attempt attempt) {
        Device device = devices.get(attempt.key);
        if (device == null) {
            return Wait.NONE;
        }
        FloodLimits.LoginLimits limits = gate.flood().logins();
        long now = gate.nowMillis();
        long until = 0;
        if (device.failedCredentials == attempt.credentials || device.failures >= limits.credentialsMax()) {
            until = device.waitUntilMillis;
        }
        boolean flapping = limits.reconnectsPerMinuteMax() > 0 && device.reconnectsUntilMillis - MINUTE_MILLIS > until;
        if (flapping) {
            until = device.reconnectsUntilMillis - MINUTE_MILLIS;
        }
        return until <= now ? Wait.NONE : new Wait((int) ((until - now + SECOND_MILLIS - 1) / SECOND_MILLIS), flapping);
    }

    synchronized void failed(Attempt attempt) {
        FloodLimits.LoginLimits limits = gate.flood().logins();
        long now = gate.nowMillis();
        Device device = devices.computeIfAbsent(attempt.key, unknown -> new Device());
        if (now - device.failedAtMillis > FORGET_MILLIS) {
            device.failures = 0;
        }
        device.failures++;
        device.failedAtMillis = now;
        device.failedCredentials = attempt.credentials;
        int doublings = device.failures - limits.freeFailures() - 1;
        if (doublings >= 0) {
            long seconds = doublings >= Integer.SIZE ? limits.delaySecondsMax() : 1L << doublings;
            device.waitUntilMillis = now + Math.min(seconds, limits.delaySecondsMax()) * SECOND_MILLIS;
        }
    }

    synchronized void succeeded(Attempt attempt) {
        int reconnects = gate.flood().logins().reconnectsPerMinuteMax();
        if (reconnects == 0) {
            devices.remove(attempt.key);
            return;
        }
        Device device = devices.computeIfAbsent(attempt.key, unknown -> new Device());
        device.failures = 0;
        device.waitUntilMillis = 0;
        device.failedCredentials = 0;
        device.reconnectsUntilMillis =
                Math.max(device.reconnectsUntilMillis, gate.nowMillis()) + Math.max(1, MINUTE_MILLIS / reconnects);
    }

    private static byte[] bytes(String text) {
        return text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
    }

    /** With the lengths, so that no text can be moved from one part to the next. */
    private ByteBuffer hash(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(salt);
            for (byte[] part : parts) {
                digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, part.length));
                digest.update(part);
            }
            return ByteBuffer.wrap(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
