package io.hongyan.im.adapter.mqtt;

import io.hongyan.protocol.Topics;

/** How payloads are written. A device uses one encoding. */
enum PayloadEncoding {
    BINARY(""),
    JSON(Topics.JSON_PREFIX);

    /** Topics of this encoding start with it. */
    private final String topicPrefix;

    PayloadEncoding(String topicPrefix) {
        this.topicPrefix = topicPrefix;
    }

    static PayloadEncoding ofTopic(String topic) {
        return topic.startsWith(JSON.topicPrefix) ? JSON : BINARY;
    }

    /** The topic as the contract spells it. */
    String strip(String topic) {
        return topic.substring(topicPrefix.length());
    }

    String inbox(String uid) {
        return topicPrefix + Topics.inbox(uid);
    }

    String group(String uid, String group) {
        return topicPrefix + Topics.group(uid, group);
    }

    String reply(String uid) {
        return topicPrefix + Topics.reply(uid);
    }

    String notice(String uid) {
        return topicPrefix + Topics.notice(uid);
    }
}
