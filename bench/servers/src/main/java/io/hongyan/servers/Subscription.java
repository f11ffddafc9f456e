package io.hongyan.servers;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.rocketmq.client.apis.ClientConfiguration;
import org.apache.rocketmq.client.apis.ClientServiceProvider;
import org.apache.rocketmq.client.apis.consumer.ConsumeResult;
import org.apache.rocketmq.client.apis.consumer.FilterExpression;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.listener.ConsumeOrderlyStatus;
import org.apache.rocketmq.client.consumer.listener.MessageListenerOrderly;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.apache.rocketmq.common.message.MessageExt;

/**
 * One consumer of a topic, from its beginning, queue by queue in order.
 *
 * @param taken gets each body before its message is acknowledged; bodies of one queue in its order
 */
record Subscription(String topic, String group, Consumer<byte[]> taken) {
    private static final int THREADS = 4;
    private static final int BATCH_MAX = 32;
    /** The clients' defaults are for many clients of servers that seldom fail. */
    private static final int LOOK_MILLIS = 2_000;

    void overRemoting(String nameServer) throws Exception {
        DefaultMQPushConsumer consumer = new DefaultMQPushConsumer(group);
        consumer.setNamesrvAddr(nameServer);
        // The same after each restart: a queue stays locked for a while for the consumer that died.
        consumer.setInstanceName(group);
        consumer.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
        consumer.setConsumeThreadMin(THREADS);
        consumer.setConsumeThreadMax(THREADS);
        consumer.setConsumeMessageBatchMaxSize(BATCH_MAX);
        consumer.setPollNameServerInterval(LOOK_MILLIS);
        consumer.setHeartbeatBrokerInterval(LOOK_MILLIS);
        consumer.setPersistConsumerOffsetInterval(LOOK_MILLIS);
        consumer.subscribe(topic, "*");
        consumer.registerMessageListener((MessageListenerOrderly) (messages, context) -> {
            for (MessageExt message : messages) {
                taken.accept(message.getBody());
            }
            return ConsumeOrderlyStatus.SUCCESS;
        });
        consumer.start();
    }

    /** Throws if the proxy cannot be reached. */
    void overGrpc(String proxy) throws Exception {
        ClientServiceProvider.loadService()
                .newPushConsumerBuilder()
                .setClientConfiguration(ClientConfiguration.newBuilder()
                        .setEndpoints(proxy)
                        .enableSsl(false)
                        .build())
                .setConsumerGroup(group)
                .setSubscriptionExpressions(Map.of(topic, FilterExpression.SUB_ALL))
                .setConsumptionThreadCount(THREADS)
                .setMessageListener(message -> {
                    ByteBuffer body = message.getBody();
                    byte[] bytes = new byte[body.remaining()];
                    body.get(bytes);
                    taken.accept(bytes);
                    return ConsumeResult.SUCCESS;
                })
                .build();
    }
}
