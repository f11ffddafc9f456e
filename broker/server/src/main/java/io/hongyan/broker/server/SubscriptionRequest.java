package io.hongyan.broker.server;

import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.broker.hook.FilterVerdict;
import io.hongyan.broker.hook.GrantedFilter;
import io.hongyan.broker.hook.SubscriptionChange;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessageIdAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.MqttProperty;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import io.netty.handler.codec.mqtt.MqttUnsubscribePayload;
import java.util.ArrayList;
import java.util.List;

/**
 * One SUBSCRIBE or UNSUBSCRIBE under way: each filter is refused by a rule, answered by the host, or, where the host allows
 * it and has not claimed it, given to Moquette; one acknowledgement carries all codes in the packet's order. The next packet
 * of the connection is read only after it.
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

    private final Connection connection;
    private final int packetId;
    private final MqttProperties properties;
    private final int subscriptionId;
    /** Null for an UNSUBSCRIBE. */
    private final List<MqttTopicSubscription> subscriptions;

    private final List<String> filters;
    private final int[] codes;
    /** Positions of the filters the host is asked about, later of those Moquette is asked about. */
    private final List<Integer> asked = new ArrayList<>();
    /** The answer the host owes, null where it owes none. */
    private Answer<List<FilterVerdict>> owed;

    private SubscriptionRequest(
            Connection connection,
            MqttMessageIdAndPropertiesVariableHeader header,
            int subscriptionId,
            List<MqttTopicSubscription> subscriptions,
            List<String> filters) {
        this.connection = connection;
        this.packetId = header.messageId();
        this.properties = header.properties();
        this.subscriptionId = subscriptionId;
        this.subscriptions = subscriptions;
        this.filters = filters;
        this.codes = new int[filters.size()];
    }

    static void subscribe(Connection connection, MqttSubscribeMessage packet) {
        MqttMessageIdAndPropertiesVariableHeader header = packet.idAndPropertiesVariableHeader();
        List<? extends MqttProperty<?>> ids = properties(header, PropertyIds.SUBSCRIPTION_IDENTIFIER);
        int id = ids.isEmpty() ? 0 : (Integer) ids.get(0).value();
        List<MqttTopicSubscription> subscriptions = packet.payload().topicSubscriptions();
        if (ids.size() > 1 || !ids.isEmpty() && id == 0 || subscriptions.isEmpty()) {
            connection.protocolError();
            return;
        }
        List<String> filters =
                subscriptions.stream().map(MqttTopicSubscription::topicFilter).toList();
        new SubscriptionRequest(connection, header, id, subscriptions, filters).begin();
    }

    static void unsubscribe(Connection connection, MqttUnsubscribeMessage packet) {
        List<String> filters = packet.payload().topics();
        if (filters.isEmpty()) {
            connection.protocolError();
            return;
        }
        new SubscriptionRequest(connection, packet.idAndPropertiesVariableHeader(), 0, null, filters).begin();
    }

    @SuppressWarnings("unchecked") // Netty declares raw properties
    private static List<? extends MqttProperty<?>> properties(MqttMessageIdAndPropertiesVariableHeader header, int id) {
        return (List<? extends MqttProperty<?>>) (List<?>) header.properties().getProperties(id);
    }

    private void begin() {
        connection.count(GateCounter.SUBSCRIBES);
        connection.subscription = this;
        connection.reader.hold(PacketReader.SUBSCRIBE);
        int newFilters = 0;
        for (int i = 0; i < codes.length; i++) {
            codes[i] = rule(filters.get(i), newFilters);
            if (codes[i] == UNDECIDED) {
                asked.add(i);
                newFilters++;
            }
        }
        if (asked.isEmpty()) {
            acknowledge();
        } else {
            ask();
        }
    }

    /** What can be said without the host. */
    private int rule(String filter, int newFilters) {
        BrokerConfig.PacketLimits limits = connection.gate.config.packets();
        if (!TopicNames.validFilter(filter, limits.topicLevelsMax())) {
            return FILTER_INVALID;
        }
        if (codes.length > limits.filtersPerPacketMax()) {
            return QUOTA_EXCEEDED;
        }
        if (TopicNames.shared(filter)) {
            // Moquette keeps them in lists that its threads change under each other's hands, and dies of it.
            return subscriptions == null ? NO_SUBSCRIPTION_EXISTED : SHARED_NOT_SUPPORTED;
        }
        if (subscriptions == null) {
            return UNDECIDED;
        }
        if (connection.filters.size() + connection.moquetteFilters() + newFilters >= limits.filtersMax()
                && !connection.filters.has(filter)) {
            return QUOTA_EXCEEDED;
        }
        if (claimed(filter)) {
            return connection.messaging ? UNDECIDED : NOT_AUTHORIZED;
        }
        return TopicNames.within(filter, connection.genericPrefix) ? UNDECIDED : NOT_AUTHORIZED;
    }

    /** The host that was asked is gone. */
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
        Answer<List<FilterVerdict>> answer = new Answer<>(connection, "subscribing") {
            @Override
            void answered(List<FilterVerdict> verdicts) {
                if (owed == this) {
                    owed = null;
                    decide(verdicts);
                }
            }

            @Override
            void failed() {
                // A host that is gone fails late what another is asked by now.
                if (owed == this && !connection.awaitsHost) {
                    connection.end(DisconnectCause.SERVER_BUSY);
                }
            }
        };
        owed = answer;
        try {
            connection.gate.hook.subscribing(connection.id, change).whenComplete(answer);
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
                continue;
            }
            if (!claimed(filter)) {
                generic.add(position);
            } else if (subscriptions == null) {
                connection.filters.remove(filter);
            } else {
                codes[position] = Math.min(verdict.reasonCode(), CLAIMED_QOS_MAX);
                connection.filters.put(new GrantedFilter(filter, codes[position], subscriptionId));
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

    /** The connection is in Moquette: the rest is its to answer. */
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

    /** Moquette has answered; of an UNSUBSCRIBE it has nothing to say. */
    void moquetteAnswered(List<Integer> answers) {
        for (int i = 0; i < asked.size() && i < answers.size(); i++) {
            codes[asked.get(i)] = answers.get(i);
        }
        acknowledge();
    }

    private void acknowledge() {
        for (int code : codes) {
            if (code >= UNSPECIFIED_ERROR) {
                connection.count(GateCounter.FILTERS_REFUSED);
            }
        }
        Packets.subscriptionAcknowledge(
                connection.out(),
                connection.v5,
                subscriptions == null ? Packets.UNSUBACK : Packets.SUBACK,
                packetId,
                codes);
        connection.subscription = null;
        connection.reader.release(PacketReader.SUBSCRIBE);
    }

    private boolean claimed(String filter) {
        return TopicNames.claimed(filter, connection.gate.config.claimedPrefixes());
    }
}
