package io.hongyan.im.app.rocketmq;

import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.common.message.Message;

/** A business line that writes to a topic, by RocketMQ's remoting client. */
final class RemotingWriter implements AutoCloseable {
    private final DefaultMQProducer producer;
    private final String topic;

    RemotingWriter(String nameServer, String topic) throws Exception {
        this.topic = topic;
        producer = new DefaultMQProducer("writer-" + topic);
        producer.setNamesrvAddr(nameServer);
        producer.setInstanceName("writer-" + topic);
        producer.setPollNameServerInterval(1_000);
        producer.start();
    }

    /** The id that RocketMQ gave it, once the broker has it. */
    String write(byte[] body) throws Exception {
        SendResult result = producer.send(new Message(topic, body), 10_000);
        if (result.getSendStatus() != SendStatus.SEND_OK) {
            throw new AssertionError(result);
        }
        return result.getMsgId();
    }

    @Override
    public void close() {
        producer.shutdown();
    }
}
