package io.hongyan.broker.hook;

/**
 * When a connection last gave a sign of life.
 *
 * @param atMillis when its last packet came, milliseconds since 1970-01-01 UTC
 */
public record LastPacket(ConnectionId connection, long atMillis) {}
