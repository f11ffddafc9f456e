package io.hongyan.im.app.rocketmq;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.listener.ConsumeOrderlyStatus;
import org.apache.rocketmq.client.consumer.listener.MessageListenerOrderly;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.apache.rocketmq.common.message.MessageExt;

/** A consumer of a topic from its beginning, by RocketMQ's remoting client, that keeps the order of queues. */
final class RemotingReader implements AutoCloseable {
    private final DefaultMQPushConsumer consumer;
    private final List<MessageExt> received = new CopyOnWriteArrayList<>();

    RemotingReader(String nameServer, String group, String topic) throws Exception {
        consumer = new DefaultMQPushConsumer(group);
        consumer.setNamesrvAddr(nameServer);
        consumer.setInstanceName(group);
        consumer.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
        consumer.setConsumeThreadMin(2);
        consumer.setConsumeThreadMax(2);
        consumer.subscribe(topic, "*");
        consumer.registerMessageListener((MessageListenerOrderly) (messages, context) -> {
            received.addAll(messages);
            return ConsumeOrderlyStatus.SUCCESS;
        });
        consumer.start();
    }

    /** Of one queue in its order. */
    List<MessageExt> received() {
        return received;
    }

    @Override
    public void close() {
        consumer.shutdown();
    }
}
