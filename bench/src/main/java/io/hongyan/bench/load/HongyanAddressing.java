package io.hongyan.bench.load;

import io.hongyan.bench.mqtt.ConnectionSettings;
import io.hongyan.protocol.Topics;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/** Hongyan: the sender publishes to {@code im/send}, the receiver reads its inbox. */
public final class HongyanAddressing implements Addressing {
    /** The platform without kick-out. */
    private static final String DEVICE = ":iot:bench";

    private final IntFunction<Endpoint> senderAt;
    private final IntFunction<Endpoint> receiverAt;
    private final String run;
    private final UnaryOperator<String> tokenOf;

    /**
     * @param run part of every uid, so that runs do not share users
     * @param tokenOf the token of a uid
     */
    public HongyanAddressing(Endpoint endpoint, String run, UnaryOperator<String> tokenOf) {
        this(pair -> endpoint, pair -> endpoint, run, tokenOf);
    }

    /**
     * @param senderAt where the sender of a pair connects
     * @param receiverAt where its receiver does
     */
    public HongyanAddressing(
            IntFunction<Endpoint> senderAt,
            IntFunction<Endpoint> receiverAt,
            String run,
            UnaryOperator<String> tokenOf) {
        this.senderAt = senderAt;
        this.receiverAt = receiverAt;
        this.run = run;
        this.tokenOf = tokenOf;
    }

    @Override
    public ConnectionSettings sender(int pair) {
        return user(senderUid(pair), senderAt.apply(pair), pair);
    }

    @Override
    public ConnectionSettings receiver(int pair) {
        return user(receiverUid(pair), receiverAt.apply(pair), pair);
    }

    @Override
    public String receiverUid(int pair) {
        return run + "-r" + pair;
    }

    @Override
    public String sendTopic(int pair) {
        return Topics.SEND;
    }

    @Override
    public String receiveFilter(int pair) {
        return Topics.userPrefix(receiverUid(pair)) + "#";
    }

    @Override
    public String receiveTopic(int pair) {
        return Topics.inbox(receiverUid(pair));
    }

    @Override
    public String replyTopic(int pair) {
        return Topics.reply(senderUid(pair));
    }

    @Override
    public boolean deliversInboxEntries() {
        return true;
    }

    private String senderUid(int pair) {
        return run + "-s" + pair;
    }

    private ConnectionSettings user(String uid, Endpoint endpoint, int pair) {
        return new ConnectionSettings(
                endpoint.server(),
                endpoint.source(pair),
                uid + DEVICE,
                uid,
                tokenOf.apply(uid),
                endpoint.keepAliveSeconds(),
                true);
    }
}
