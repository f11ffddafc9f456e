package io.hongyan.client.data;

/** How level a device is with the server. */
public enum Phase {
    /** There is no connection. */
    OFFLINE,
    /** Connected; what was missed is not known yet. */
    SYNCING,
    /** Connected, and what is delivered is taken at once. */
    READY
}
