package io.hongyan.bench.mqtt;

/**
 * Why a connection is over.
 *
 * @param detail for people, e.g. the CONNACK code or the system's message
 */
public record ConnectionEnd(Cause cause, String detail) {
    /** Who ended it, and how. */
    public enum Cause {
        /** This client closed it. */
        CLOSED_HERE,
        /** CONNACK with a code other than 0. */
        REFUSED,
        /** The server closed the socket. */
        CLOSED_BY_SERVER,
        /** Connecting, reading or writing failed. */
        NETWORK,
        /** The server sent something that is not MQTT 3.1.1. */
        PROTOCOL,
        /** No PINGRESP within the keep-alive interval. */
        SILENCE,
        /** The server did not read, and the waiting bytes exceeded the limit. */
        OVERFLOW
    }
}
