package io.hongyan.bench.feed;

import com.google.protobuf.InvalidProtocolBufferException;
import io.hongyan.bench.time.BenchTime;
import io.hongyan.protocol.v1.FeedEvent;
import java.util.List;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.listener.ConsumeOrderlyStatus;
import org.apache.rocketmq.client.consumer.listener.MessageListenerOrderly;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.apache.rocketmq.common.message.MessageExt;

/** Reads the feed from its topic with RocketMQ's remoting client, from the beginning, queue by queue in order. */
public final class RocketMqConsumer implements FeedConsumer {
    private static final int THREADS = 2;
    /** Messages that its client delivers at once. */
    private static final int BATCH_MAX = 32;

    private final DefaultMQPushConsumer consumer;
    private final FeedListener listener;
    private final BenchTime time;
    private volatile RuntimeException failure;

    /** @param group the consumer group: one that has read before would continue at its position */
    public RocketMqConsumer(String nameServer, String topic, String group, FeedListener listener, BenchTime time) {
        this.listener = listener;
        this.time = time;
        consumer = new DefaultMQPushConsumer(group);
        consumer.setNamesrvAddr(nameServer);
        consumer.setInstanceName(group);
        consumer.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
        consumer.setConsumeThreadMin(THREADS);
        consumer.setConsumeThreadMax(THREADS);
        consumer.setConsumeMessageBatchMaxSize(BATCH_MAX);
        consumer.registerMessageListener((MessageListenerOrderly) (messages, context) -> take(messages));
        try {
            consumer.subscribe(topic, "*");
        } catch (MQClientException e) {
            throw new IllegalStateException("RocketMQ's client refuses the topic " + topic, e);
        }
    }

    @Override
    public void start() {
        try {
            consumer.start();
        } catch (MQClientException e) {
            throw new IllegalStateException("RocketMQ's client does not start", e);
        }
    }

    private ConsumeOrderlyStatus take(List<MessageExt> messages) {
        long now = time.nanos();
        try {
            for (MessageExt message : messages) {
                FeedEvent event = FeedEvent.parseFrom(message.getBody());
                if (event.hasMessageStored()
                        && event.getMessageStored().getMessage().getContent().hasText()) {
                    listener.message(
                            event.getKey(),
                            event.getKeySeq(),
                            event.getMessageStored()
                                    .getMessage()
                                    .getContent()
                                    .getText()
                                    .getText(),
                            now);
                } else {
                    listener.other();
                }
            }
        } catch (InvalidProtocolBufferException e) {
            failure = new IllegalStateException("a message from RocketMQ is not an event", e);
        }
        return ConsumeOrderlyStatus.SUCCESS;
    }

    @Override
    public RuntimeException failure() {
        return failure;
    }

    @Override
    public void close() {
        consumer.shutdown();
    }
}
