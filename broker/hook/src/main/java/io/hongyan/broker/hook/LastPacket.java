package io.hongyan.broker.hook;

/**
 * When the last packet of a connection came.
 *
 * @param atMillis when its last packet came, milliseconds since 1970-01-01 UTC
 */
public record LastPacket(ConnectionId connection, long atMillis) {}
