package io.hongyan.bench.load;

import io.hongyan.bench.mqtt.ConnectionSettings;
import io.hongyan.protocol.Topics;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Where users who displace themselves log in: their i-th login is at the i-th gate, counted round-robin from a
 * different one.
 */
public final class KickAddressing {
    private final List<Endpoint> gates;
    private final String run;
    private final UnaryOperator<String> tokenOf;

    /**
     * @param run part of every uid, so that runs do not share users
     * @param tokenOf the token of a uid
     */
    public KickAddressing(List<Endpoint> gates, String run, UnaryOperator<String> tokenOf) {
        this.gates = List.copyOf(gates);
        this.run = run;
        this.tokenOf = tokenOf;
    }

    /** @param all how many users there are, so that no source address has too many connections */
    ConnectionSettings login(int user, int login, int all) {
        String uid = uid(user);
        int gate = (user + login) % gates.size();
        Endpoint endpoint = gates.get(gate);
        return new ConnectionSettings(
                endpoint.server(),
                endpoint.source(user + login * all),
                // Another device each time: a displaced one would have to wait before it may log in again.
                uid + ":android:" + login + "-at-" + gate,
                uid,
                tokenOf.apply(uid),
                endpoint.keepAliveSeconds(),
                true);
    }

    /** The topic of a user's notices. */
    String filter(int user) {
        return Topics.notice(uid(user));
    }

    private String uid(int user) {
        return run + "-k" + user;
    }
}
