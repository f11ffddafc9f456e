package io.hongyan.im.core.inbox;

/**
 * Bounds of what is on its way to one device, over all its streams.
 *
 * @param windowEntriesMax unacknowledged entries; the client's Receive Maximum may lower it
 * @param windowBytesMax content bytes of unacknowledged entries; one entry is always let through
 * @param pageEntriesMax entries read from the storage at once, and entries held ready behind a full window
 * @param pageBytesMax content bytes of the same
 * @param readAttemptsMax reads of one page that may fail before the connection is closed
 * @param groupStreamsMax large groups whose stream is pushed
 * @param groupBacklogMax newest entries of a large group that are pushed to a device that comes back
 */
public record DeliveryLimits(
        int windowEntriesMax,
        int windowBytesMax,
        int pageEntriesMax,
        int pageBytesMax,
        int readAttemptsMax,
        int groupStreamsMax,
        int groupBacklogMax) {
    public static final DeliveryLimits DEFAULT = new DeliveryLimits(64, 1 << 20, 256, 1 << 18, 3);

    /** With the default bounds of large groups. */
    public DeliveryLimits(
            int windowEntriesMax, int windowBytesMax, int pageEntriesMax, int pageBytesMax, int readAttemptsMax) {
        this(windowEntriesMax, windowBytesMax, pageEntriesMax, pageBytesMax, readAttemptsMax, 200, 1_000);
    }
}
