package io.hongyan.broker.server;

import io.netty.buffer.ByteBufUtil;

/** Why a topic or a filter is refused, whoever sends it. */
enum TopicFault {
    /** It does not follow the grammar of MQTT. */
    MALFORMED(GateCounter.PROTOCOL_ERRORS, GateCounter.FILTERS_REFUSED_MALFORMED),
    /** It has too many levels. */
    LEVELS(GateCounter.TOPICS_TOO_DEEP, GateCounter.FILTERS_REFUSED_LEVELS),
    /** It is too long. */
    BYTES(GateCounter.TOPICS_TOO_LONG, GateCounter.FILTERS_REFUSED_BYTES);

    private final GateCounter inPublish;
    private final GateCounter inSubscribe;

    TopicFault(GateCounter inPublish, GateCounter inSubscribe) {
        this.inPublish = inPublish;
        this.inSubscribe = inSubscribe;
    }

    /** The fault of a topic, null if there is none. */
    static TopicFault ofTopic(String topic, BrokerConfig.PacketLimits limits) {
        return of(TopicNames.wellFormedTopic(topic), ByteBufUtil.utf8Bytes(topic), TopicNames.levels(topic), limits);
    }

    /** The fault of a filter, null if there is none. */
    static TopicFault ofFilter(String filter, BrokerConfig.PacketLimits limits) {
        return of(
                TopicNames.wellFormedFilter(filter), ByteBufUtil.utf8Bytes(filter), TopicNames.levels(filter), limits);
    }

    static TopicFault of(boolean wellFormed, int bytes, int levels, BrokerConfig.PacketLimits limits) {
        if (!wellFormed) {
            return MALFORMED;
        }
        if (bytes > limits.topicBytesMax()) {
            return BYTES;
        }
        return levels > limits.topicLevelsMax() ? LEVELS : null;
    }

    /** Counts a PUBLISH with such a topic. */
    GateCounter inPublish() {
        return inPublish;
    }

    /** Counts such a filter of a SUBSCRIBE or UNSUBSCRIBE. */
    GateCounter inSubscribe() {
        return inSubscribe;
    }
}
