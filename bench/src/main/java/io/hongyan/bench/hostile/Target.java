package io.hongyan.bench.hostile;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * The target of attacks, always on loopback.
 *
 * @param run part of every uid, so that runs do not share users
 * @param tokenOf the token of a uid
 * @param over whether the attack must end
 */
public record Target(
        InetSocketAddress mqtt,
        InetSocketAddress mqtts,
        InetSocketAddress webSocket,
        InetSocketAddress http,
        String run,
        UnaryOperator<String> tokenOf,
        BooleanSupplier over) {
    /** @throws IllegalArgumentException an address is not of this machine: only this machine is ever attacked */
    public Target {
        for (InetSocketAddress address : new InetSocketAddress[] {mqtt, mqtts, webSocket, http}) {
            InetAddress host = address.getAddress();
            if (host == null || !host.isLoopbackAddress()) {
                throw new IllegalArgumentException("only servers on loopback are attacked, not " + address);
            }
        }
    }

    /** A user of one attack; the same number is the same user. */
    String uid(String attack, int number) {
        return run + "-x-" + attack + number;
    }
}
