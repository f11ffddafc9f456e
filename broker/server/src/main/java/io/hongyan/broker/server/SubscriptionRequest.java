package io.hongyan.broker.server;

import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.broker.hook.FilterVerdict;
import io.hongyan.broker.hook.GrantedFilter;
import io.hongyan.broker.hook.SubscriptionChange;
import io.hongyan.broker.server.PropertyRule.Place;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessageIdAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.MqttProperty;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttSubscriptionOption;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import io.netty.handler.codec.mqtt.MqttUnsubscribePayload;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One SUBSCRIBE or UNSUBSCRIBE in progress: each filter is refused by a rule, answered by the node, or, if the node
 * allows it and has not claimed it, passed to Moquette; one acknowledgement has all codes in the packet's order. The
 * next packet of the connection is read only after it.
 */
final class SubscriptionRequest {
    private static final int UNDECIDED = -1;
    private static final int CLAIMED_QOS_MAX = 1;
    private static final int NOT_AUTHORIZED = 0x87;
    private static final int FILTER_INVALID = 0x8F;
    private static final int QUOTA_EXCEEDED = 0x97;
    private static final int SHARED_NOT_SUPPORTED = 0x9E;
    private static final int NO_SUBSCRIPTION_EXISTED = 0x11;
    private static final int UNSPECIFIED_ERROR = 0x80;

    private static final int NO_LOCAL = 4;
    private static final int RETAIN_AS_PUBLISHED = 8;
    private static final int RESERVED_5 = 0xC0;
    private static final int RESERVED_3_1_1 = 0xFC;

    private final Connection connection;
    private final Gate gate;
    private final int packetId;
    private final MqttProperties properties;
    private final int subscriptionId;
    /** Null for an UNSUBSCRIBE. */
    private final List<MqttTopicSubscription> subscriptions;

    private final List<String> filters;
    private final int[] codes;
    /** Positions of the filters that the node is asked about, later of those that Moquette is asked about. */
    private final List<Integer> asked = new ArrayList<>();
    /** The pending answer of the node, null if there is none. */
    private NodeAnswer<List<FilterVerdict>> owed;

    private SubscriptionRequest(
            Connection connection,
            int packetId,
            MqttProperties properties,
            List<MqttTopicSubscription> subscriptions,
            List<String> filters,
            int count) {
        this.connection = connection;
        this.gate = connection.gate;
        this.packetId = packetId;
        this.properties = properties;
        MqttProperty<?> id = properties.getProperty(PropertyIds.SUBSCRIPTION_IDENTIFIER);
        this.subscriptionId = id == null ? 0 : (Integer) id.value();
        this.subscriptions = subscriptions;
        this.filters = filters;
        this.codes = new int[count];
    }

    /**
     * Reads a SUBSCRIBE or UNSUBSCRIBE and starts it; if it has more filters than allowed, only their number is kept.
     */
    static boolean read(Connection connection, Frame frame) {
        boolean subscribe = frame.type() == PacketWriter.SUBSCRIBE;
        int packetId = frame.packetId();
        MqttProperties properties = new MqttProperties();
        if (frame.v5()) {
            PropertyReader.read(frame, subscribe ? Place.SUBSCRIBE : Place.UNSUBSCRIBE, properties);
        }
        frame.require(frame.left() > 0, PacketFault.NO_FILTERS);
        BrokerConfig.PacketLimits limits = connection.gate.limits().packets();
        List<MqttTopicSubscription> subscriptions = subscribe ? new ArrayList<>(1) : null;
        List<String> filters = new ArrayList<>(1);
        int count = 0;
        while (frame.left() > 0) {
            int at = frame.position();
            int length = frame.skipText();
            frame.require(length > 0 || frame.failed(), PacketFault.NO_FILTERS);
            boolean shared = TopicNames.sharedAt(frame.bytes(), at + 2, length);
            MqttSubscriptionOption option = subscribe ? option(frame, shared) : null;
            if (count++ < limits.filtersPerPacketMax() && !frame.failed()) {
                String filter = frame.bytes().toString(at + 2, length, StandardCharsets.UTF_8);
                filters.add(filter);
                if (subscribe) {
                    subscriptions.add(new MqttTopicSubscription(filter, option));
                }
            }
        }
        if (!frame.complete()) {
            return connection.refuse(frame.fault());
        }
        new SubscriptionRequest(connection, packetId, properties, subscriptions, filters, count).begin(limits);
        return !connection.ended();
    }

    /** The byte after a filter, MQTT 5 section 3.8.3.1; in MQTT 3.1.1 it has only the quality of service. */
    private static MqttSubscriptionOption option(Frame frame, boolean shared) {
        int options = frame.u8();
        int qos = options & 3;
        int retain = options >> 4 & 3;
        boolean noLocal = (options & NO_LOCAL) != 0;
        frame.require((options & (frame.v5() ? RESERVED_5 : RESERVED_3_1_1)) == 0, PacketFault.OPTIONS);
        frame.require(qos < 3 && retain < 3, PacketFault.QOS);
        frame.require(!(noLocal && shared), PacketFault.SHARED_NO_LOCAL);
        return frame.failed()
                ? null
                : new MqttSubscriptionOption(
                        MqttQoS.valueOf(qos),
                        noLocal,
                        (options & RETAIN_AS_PUBLISHED) != 0,
                        MqttSubscriptionOption.RetainedHandlingPolicy.valueOf(retain));
    }

    private void begin(BrokerConfig.PacketLimits limits) {
        connection.count(GateCounter.SUBSCRIBES);
        int answer =
                PacketWriter.subscriptionAcknowledgeBytes(connection.client().v5(), answerType(), codes.length);
        if (answer > connection.client().packetBytesMax()) {
            connection.count(GateCounter.ANSWERS_TOO_LARGE);
            connection.end(DisconnectCause.PACKET_TOO_LARGE);
            return;
        }
        connection.subscription = this;
        connection.reader.hold(PacketReader.SUBSCRIBE);
        if (codes.length > limits.filtersPerPacketMax()) {
            gate.counters.add(GateCounter.FILTERS_REFUSED_PACKET, codes.length);
            Arrays.fill(codes, QUOTA_EXCEEDED);
            acknowledge();
            return;
        }
        Set<String> newFilters = new HashSet<>(0);
        for (int i = 0; i < codes.length; i++) {
            codes[i] = rule(filters.get(i), newFilters, limits);
            if (codes[i] == UNDECIDED) {
                asked.add(i);
            }
        }
        if (asked.isEmpty()) {
            acknowledge();
        } else {
            ask();
        }
    }

    /** Answers that do not need the node. */
    private int rule(String filter, Set<String> newFilters, BrokerConfig.PacketLimits limits) {
        TopicFault fault = TopicFault.ofFilter(filter, limits);
        if (fault != null) {
            return refused(fault.inSubscribe(), FILTER_INVALID);
        }
        boolean shared = TopicNames.shared(filter);
        if (subscriptions == null) {
            return shared ? NO_SUBSCRIPTION_EXISTED : UNDECIDED;
        }
        if (shared) {
            // Moquette keeps them in lists that several threads change at once, and its threads die of it.
            return refused(GateCounter.FILTERS_REFUSED_SHARED, SHARED_NOT_SUPPORTED);
        }
        ClientProfile client = connection.client();
        if (claimed(filter) ? !client.messaging() : !TopicNames.within(filter, client.genericPrefix())) {
            return refused(GateCounter.FILTERS_REFUSED_NOT_AUTHORIZED, NOT_AUTHORIZED);
        }
        MoquetteLink moquette = connection.moquetteOrNull();
        Set<String> generic = moquette == null ? Set.of() : moquette.memory().filters();
        boolean held = connection.filters().has(filter) || generic.contains(filter) || newFilters.contains(filter);
        if (!held) {
            if (connection.filters().size() + generic.size() + newFilters.size() >= limits.filtersMax()) {
                return refused(GateCounter.FILTERS_REFUSED_CONNECTION, QUOTA_EXCEEDED);
            }
            newFilters.add(filter);
        }
        return UNDECIDED;
    }

    private int refused(GateCounter counter, int code) {
        connection.count(counter);
        return code;
    }

    /** The node that was asked has gone. */
    void askAgain() {
        if (owed != null) {
            ask();
        }
    }

    private void ask() {
        SubscriptionChange change = subscriptions == null
                ? new SubscriptionChange.Unsubscribe(
                        asked.stream().map(filters::get).toList())
                : new SubscriptionChange.Subscribe(
                        asked.stream().map(this::requested).toList());
        NodeAnswer<List<FilterVerdict>> answer = new NodeAnswer<>(connection, "subscribing") {
            @Override
            void answered(List<FilterVerdict> verdicts) {
                if (owed == this) {
                    owed = null;
                    decide(verdicts);
                }
            }

            @Override
            void failed() {
                // A node that has gone may fail late, when another one has already been asked.
                if (owed == this && !connection.awaitsNode) {
                    connection.end(DisconnectCause.SERVER_BUSY);
                }
            }
        };
        owed = answer;
        try {
            gate.hook.subscribing(connection.id, change).whenComplete(answer);
        } catch (Throwable failure) {
            answer.accept(null, failure);
        }
    }

    private GrantedFilter requested(int position) {
        int qos = subscriptions.get(position).qualityOfService().value();
        boolean claimed = claimed(filters.get(position));
        return new GrantedFilter(filters.get(position), claimed ? Math.min(qos, CLAIMED_QOS_MAX) : qos, subscriptionId);
    }

    private void decide(List<FilterVerdict> verdicts) {
        List<Integer> generic = new ArrayList<>(0);
        for (int i = 0; i < asked.size(); i++) {
            int position = asked.get(i);
            String filter = filters.get(position);
            FilterVerdict verdict = i < verdicts.size() ? verdicts.get(i) : new FilterVerdict(UNSPECIFIED_ERROR);
            codes[position] = verdict.reasonCode();
            if (!verdict.accepted()) {
                connection.count(GateCounter.FILTERS_REFUSED_NODE);
                continue;
            }
            if (!claimed(filter)) {
                generic.add(position);
            } else if (subscriptions == null) {
                connection.filters().remove(filter);
            } else {
                codes[position] = Math.min(verdict.reasonCode(), CLAIMED_QOS_MAX);
                connection.filters().put(new GrantedFilter(filter, codes[position], subscriptionId));
            }
        }
        asked.clear();
        asked.addAll(generic);
        MoquetteLink moquette = generic.isEmpty() ? null : connection.moquette();
        if (moquette == null || subscriptions == null && !moquette.ready()) {
            acknowledge();
        } else if (moquette.ready()) {
            moquetteReady();
        } else {
            moquette.attach();
        }
    }

    /** The connection is in Moquette: Moquette answers the rest. */
    void moquetteReady() {
        MoquetteLink moquette = connection.moquette();
        if (subscriptions == null) {
            List<String> topics = asked.stream().map(filters::get).toList();
            topics.forEach(moquette::unsubscribed);
            moquette.pass(new MqttUnsubscribeMessage(
                    new MqttFixedHeader(MqttMessageType.UNSUBSCRIBE, false, MqttQoS.AT_LEAST_ONCE, false, 0),
                    new MqttMessageIdAndPropertiesVariableHeader(packetId, properties),
                    new MqttUnsubscribePayload(topics)));
            return;
        }
        asked.forEach(position -> moquette.subscribed(filters.get(position)));
        moquette.pass(MoquetteConnect.subscribe(
                packetId, properties, asked.stream().map(subscriptions::get).toList()));
    }

    /** Moquette has answered; for an UNSUBSCRIBE it has no codes. */
    void moquetteAnswered(List<Integer> answers) {
        for (int i = 0; i < asked.size() && i < answers.size(); i++) {
            codes[asked.get(i)] = answers.get(i);
            if (answers.get(i) >= UNSPECIFIED_ERROR) {
                connection.count(GateCounter.FILTERS_REFUSED_NODE);
            }
        }
        acknowledge();
    }

    private void acknowledge() {
        PacketWriter.subscriptionAcknowledge(
                connection.out(), connection.client().v5(), answerType(), packetId, codes);
        connection.subscription = null;
        connection.reader.release(PacketReader.SUBSCRIBE);
    }

    private int answerType() {
        return subscriptions == null ? PacketWriter.UNSUBACK : PacketWriter.SUBACK;
    }

    private boolean claimed(String filter) {
        return TopicNames.claimed(filter, gate.config.claimedPrefixes());
    }
}
