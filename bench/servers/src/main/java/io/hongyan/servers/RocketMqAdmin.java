package io.hongyan.servers;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.remoting.protocol.subscription.SubscriptionGroupConfig;
import org.apache.rocketmq.tools.admin.DefaultMQAdminExt;

/** Makes topics and consumer groups in a running RocketMQ and waits until clients can find them. */
final class RocketMqAdmin implements AutoCloseable {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long ROUTABLE_NANOS_MAX = TimeUnit.SECONDS.toNanos(60);
    /** Made by the broker itself. It is routable when the broker is. */
    private static final String OWN_TOPIC = RocketMqServer.CLUSTER;

    private final DefaultMQAdminExt admin = new DefaultMQAdminExt();
    private final String broker;

    RocketMqAdmin(String nameServer, String broker) throws MQClientException {
        this.broker = broker;
        admin.setNamesrvAddr(nameServer);
        admin.setInstanceName("servers-admin");
        admin.setVipChannelEnabled(false);
        admin.start();
    }

    void make(List<Topic> topics, List<ConsumerGroup> groups) throws Exception {
        awaitRoute(OWN_TOPIC);
        for (Topic topic : topics) {
            admin.createAndUpdateTopicConfig(broker, topic.config());
        }
        for (ConsumerGroup group : groups) {
            SubscriptionGroupConfig config = new SubscriptionGroupConfig();
            config.setGroupName(group.name());
            config.setConsumeMessageOrderly(group.ordered());
            admin.createAndUpdateSubscriptionGroupConfig(broker, config);
        }
        for (Topic topic : topics) {
            awaitRoute(topic.name());
        }
    }

    private void awaitRoute(String topic) throws Exception {
        long deadline = System.nanoTime() + ROUTABLE_NANOS_MAX;
        while (true) {
            try {
                if (!admin.examineTopicRouteInfo(topic).getQueueDatas().isEmpty()) {
                    return;
                }
            } catch (MQClientException notYet) {
                // The name server does not know the topic until the broker has told it.
            }
            if (System.nanoTime() > deadline) {
                throw new TimeoutException("no route to the topic " + topic);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    @Override
    public void close() {
        admin.shutdown();
    }
}
