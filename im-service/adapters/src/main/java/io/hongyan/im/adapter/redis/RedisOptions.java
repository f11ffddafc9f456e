package io.hongyan.im.adapter.redis;

import java.util.List;
import java.util.Locale;

/**
 * The address of Redis, and time limits.
 *
 * @param addresses of the server, of the sentinels, or of some nodes of the Redis Cluster
 * @param master its name in the sentinels; null without sentinels
 * @param user null = the default one
 * @param password null = none
 * @param prefix of every key and channel
 */
public record RedisOptions(
        Mode mode,
        List<Address> addresses,
        String master,
        String user,
        String password,
        boolean tls,
        int database,
        String prefix,
        RedisLimits limits) {
    public RedisOptions {
        addresses = List.copyOf(addresses);
    }

    /** How Redis is run. */
    public enum Mode {
        SINGLE,
        SENTINEL,
        CLUSTER;

        /** As in a configuration. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Of a server. */
    public record Address(String host, int port) {}

    /** A single server, with usual limits. */
    public static RedisOptions single(String host, int port, String prefix) {
        return new RedisOptions(
                Mode.SINGLE, List.of(new Address(host, port)), null, null, null, false, 0, prefix, RedisLimits.DEFAULT);
    }
}
