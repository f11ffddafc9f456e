package io.hongyan.bench.load;

import io.hongyan.bench.mqtt.ConnectionSettings;
import io.hongyan.protocol.Topics;
import io.hongyan.protocol.v1.Peer;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/** Groups and their members on Hongyan: member 0 writes, those from 1 on are online as far as the plan says. */
public final class GroupAddressing {
    /** The platform without kick-out. */
    private static final String DEVICE = ":iot:bench";

    private final IntFunction<Endpoint> memberAt;
    private final String run;
    private final UnaryOperator<String> tokenOf;

    /**
     * @param run part of every name, so that runs do not share users
     * @param tokenOf the token of a uid
     */
    public GroupAddressing(Endpoint endpoint, String run, UnaryOperator<String> tokenOf) {
        this(member -> endpoint, run, tokenOf);
    }

    /** @param memberAt where a member connects */
    public GroupAddressing(IntFunction<Endpoint> memberAt, String run, UnaryOperator<String> tokenOf) {
        this.memberAt = memberAt;
        this.run = run;
        this.tokenOf = tokenOf;
    }

    String group(int group) {
        return run + "-g" + group;
    }

    Peer peer(int group) {
        return Peer.newBuilder().setKind(Peer.Kind.GROUP).setId(group(group)).build();
    }

    String uid(int group, int member) {
        return group(group) + "-m" + member;
    }

    ConnectionSettings settings(int group, int member) {
        String uid = uid(group, member);
        Endpoint endpoint = memberAt.apply(member);
        return new ConnectionSettings(
                endpoint.server(),
                endpoint.source(member),
                uid + DEVICE,
                uid,
                tokenOf.apply(uid),
                endpoint.keepAliveSeconds(),
                true);
    }

    /** All topics of a user: inbox and streams of large groups. */
    String filter(int group, int member) {
        return Topics.userPrefix(uid(group, member)) + "#";
    }
}
