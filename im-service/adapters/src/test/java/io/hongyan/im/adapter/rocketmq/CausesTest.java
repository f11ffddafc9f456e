package io.hongyan.im.adapter.rocketmq;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletionException;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.remoting.exception.RemotingConnectException;
import org.apache.rocketmq.remoting.exception.RemotingTimeoutException;
import org.apache.rocketmq.remoting.protocol.ResponseCode;
import org.junit.jupiter.api.Test;

final class CausesTest {
    @Test
    void eachTroubleIsSaidInALine() {
        assertThat(words(new MQClientException(ResponseCode.TOPIC_NOT_EXIST, "No topic route info\nsee below")))
                .isEqualTo("topic t does not exist in RocketMQ, or no broker that has it is up");
        assertThat(words(new MQBrokerException(ResponseCode.SYSTEM_BUSY, "[TIMEOUT_CLEAN_QUEUE]broker busy")))
                .isEqualTo("the RocketMQ broker is busy: [TIMEOUT_CLEAN_QUEUE]broker busy");
        assertThat(words(new MQBrokerException(ResponseCode.SERVICE_NOT_AVAILABLE, "disk full")))
                .isEqualTo("the RocketMQ broker accepts no messages, perhaps its disk is full: disk full");
        assertThat(words(new MQBrokerException(ResponseCode.NO_PERMISSION, "no")))
                .isEqualTo("topic t is not writable: no");
        assertThat(words(new MQBrokerException(ResponseCode.MESSAGE_ILLEGAL, "5 MB")))
                .isEqualTo("too large for topic t: 5 MB");
        assertThat(words(new MQBrokerException(ResponseCode.SYSTEM_ERROR, "a\nb")))
                .isEqualTo("the RocketMQ broker refused what was sent to topic t, code 1: a");
        assertThat(words(new IllegalStateException("x")))
                .isEqualTo("topic t cannot be used: java.lang.IllegalStateException: x");
        assertThat(words(new MQClientException("Can not find Message Queue for this topic, t", null)))
                .isEqualTo("topic t has no queue that may be used");
    }

    @Test
    void whatIsWrappedIsFound() {
        assertThat(words(new CompletionException(new MQClientException("m", new RemotingConnectException("h:1")))))
                .isEqualTo("RocketMQ cannot be reached: connect to h:1 failed");
        assertThat(words(new MQClientException("m", new RemotingTimeoutException("late"))))
                .isEqualTo("RocketMQ did not answer in time");
        RocketMqException known = new RocketMqException("known", null);
        assertThat(Causes.of("t", new CompletionException(known))).isSameAs(known);
    }

    @Test
    void longRemarksAreCut() {
        assertThat(words(new MQBrokerException(ResponseCode.SYSTEM_BUSY, "x".repeat(5_000))))
                .hasSizeLessThan(300);
        assertThat(words(new MQBrokerException(ResponseCode.SYSTEM_BUSY, null))).endsWith("busy: ");
    }

    private static String words(Throwable trouble) {
        return Causes.of("t", trouble).toString();
    }
}
