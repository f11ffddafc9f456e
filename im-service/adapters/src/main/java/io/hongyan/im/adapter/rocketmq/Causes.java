package io.hongyan.im.adapter.rocketmq;

import java.util.concurrent.CompletionException;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.remoting.exception.RemotingConnectException;
import org.apache.rocketmq.remoting.exception.RemotingSendRequestException;
import org.apache.rocketmq.remoting.exception.RemotingTimeoutException;
import org.apache.rocketmq.remoting.exception.RemotingTooMuchRequestException;
import org.apache.rocketmq.remoting.protocol.ResponseCode;

/** Explains the client's exceptions to operators, in one line. */
final class Causes {
    /** The client's message if a topic has no accessible queue. */
    private static final String NO_QUEUE = "Can not find Message Queue";

    private static final int REMARK_CHARACTERS_MAX = 200;

    private Causes() {}

    /** @param topic that was sent to, or looked up */
    static RocketMqException of(String topic, Throwable trouble) {
        Throwable cause =
                trouble instanceof CompletionException && trouble.getCause() != null ? trouble.getCause() : trouble;
        if (cause instanceof RocketMqException known) {
            return known;
        }
        String words = null;
        for (Throwable one = cause; one != null && words == null; one = one.getCause()) {
            words = words(topic, one);
        }
        return new RocketMqException(
                words != null ? words : "topic " + topic + " cannot be used: " + brief(cause.toString()), cause);
    }

    /** Null if this exception alone says nothing. */
    private static String words(String topic, Throwable cause) {
        if (cause instanceof MQBrokerException refused) {
            return refusal(topic, refused.getResponseCode(), brief(refused.getErrorMessage()));
        }
        if (cause instanceof MQClientException failed) {
            if (failed.getResponseCode() == ResponseCode.TOPIC_NOT_EXIST) {
                return missing(topic);
            }
            boolean noQueue = failed.getCause() == null
                    && String.valueOf(failed.getMessage()).contains(NO_QUEUE);
            return noQueue ? "topic " + topic + " has no queue that may be used" : null;
        }
        if (cause instanceof RemotingConnectException || cause instanceof RemotingSendRequestException) {
            return "RocketMQ cannot be reached: " + brief(cause.getMessage());
        }
        if (cause instanceof RemotingTimeoutException || cause instanceof RemotingTooMuchRequestException) {
            return "RocketMQ did not answer in time";
        }
        return null;
    }

    private static String refusal(String topic, int code, String remark) {
        return switch (code) {
            case ResponseCode.TOPIC_NOT_EXIST -> missing(topic);
            case ResponseCode.SYSTEM_BUSY, ResponseCode.FLOW_CONTROL -> "the RocketMQ broker is busy: " + remark;
            case ResponseCode.SERVICE_NOT_AVAILABLE ->
                "the RocketMQ broker accepts no messages, perhaps its disk is full: " + remark;
            case ResponseCode.NO_PERMISSION -> "topic " + topic + " is not writable: " + remark;
            case ResponseCode.MESSAGE_ILLEGAL -> "too large for topic " + topic + ": " + remark;
            default -> "the RocketMQ broker refused what was sent to topic " + topic + ", code " + code + ": " + remark;
        };
    }

    private static String missing(String topic) {
        return "topic " + topic + " does not exist in RocketMQ, or no broker that has it is up";
    }

    /** The first line. */
    private static String brief(String remark) {
        String line = remark == null ? "" : remark.lines().findFirst().orElse("");
        return line.length() <= REMARK_CHARACTERS_MAX ? line : line.substring(0, REMARK_CHARACTERS_MAX);
    }
}
