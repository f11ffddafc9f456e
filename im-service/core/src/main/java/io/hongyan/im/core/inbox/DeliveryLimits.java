package io.hongyan.im.core.inbox;

/**
 * Bounds of what is on its way to one device.
 *
 * @param windowEntriesMax unacknowledged entries; the client's Receive Maximum may lower it
 * @param windowBytesMax content bytes of unacknowledged entries; one entry is always let through
 * @param pageEntriesMax entries read from the storage at once, and entries held ready behind a full window
 * @param pageBytesMax content bytes of the same
 * @param readAttemptsMax reads of one page that may fail before the connection is closed
 */
public record DeliveryLimits(
        int windowEntriesMax, int windowBytesMax, int pageEntriesMax, int pageBytesMax, int readAttemptsMax) {
    public static final DeliveryLimits DEFAULT = new DeliveryLimits(64, 1 << 20, 256, 1 << 18, 3);
}
