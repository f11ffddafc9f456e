package io.hongyan.im.app.rocketmq;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.rocketmq.client.apis.ClientConfiguration;
import org.apache.rocketmq.client.apis.ClientServiceProvider;
import org.apache.rocketmq.client.apis.consumer.ConsumeResult;
import org.apache.rocketmq.client.apis.consumer.FilterExpression;
import org.apache.rocketmq.client.apis.consumer.PushConsumer;
import org.apache.rocketmq.client.apis.message.MessageView;

/** A consumer of a topic by RocketMQ's gRPC client. Its group must exist, ordered. */
final class GrpcReader implements AutoCloseable {
    static {
        // Else the client writes into the home directory.
        System.setProperty(
                "rocketmq.log.root",
                Path.of("target", "rocketmq", "client").toAbsolutePath().toString());
    }

    private final PushConsumer consumer;
    private final List<byte[]> received = new CopyOnWriteArrayList<>();

    GrpcReader(String proxy, String group, String topic) throws Exception {
        consumer = ClientServiceProvider.loadService()
                .newPushConsumerBuilder()
                .setClientConfiguration(ClientConfiguration.newBuilder()
                        .setEndpoints(proxy)
                        .enableSsl(false)
                        .build())
                .setConsumerGroup(group)
                .setSubscriptionExpressions(Map.of(topic, FilterExpression.SUB_ALL))
                .setConsumptionThreadCount(2)
                .setMessageListener(this::take)
                .build();
    }

    private ConsumeResult take(MessageView message) {
        ByteBuffer body = message.getBody();
        byte[] bytes = new byte[body.remaining()];
        body.get(bytes);
        received.add(bytes);
        return ConsumeResult.SUCCESS;
    }

    /** Bodies; those of one queue in its order. */
    List<byte[]> received() {
        return received;
    }

    @Override
    public void close() throws IOException {
        consumer.close();
    }
}
