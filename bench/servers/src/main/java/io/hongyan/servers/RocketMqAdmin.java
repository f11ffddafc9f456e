package io.hongyan.servers;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.remoting.exception.RemotingException;
import org.apache.rocketmq.remoting.protocol.subscription.SubscriptionGroupConfig;
import org.apache.rocketmq.tools.admin.DefaultMQAdminExt;

/** Creates topics and consumer groups in a running RocketMQ and waits until clients can find them. */
final class RocketMqAdmin implements AutoCloseable {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long ROUTABLE_NANOS_MAX = TimeUnit.SECONDS.toNanos(60);
    /** Created by the broker itself. Clients can find it when the broker is ready. */
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
            await("creating the topic " + topic.name(), () -> {
                admin.createAndUpdateTopicConfig(broker, topic.config());
                return true;
            });
        }
        for (ConsumerGroup group : groups) {
            SubscriptionGroupConfig config = new SubscriptionGroupConfig();
            config.setGroupName(group.name());
            config.setConsumeMessageOrderly(group.ordered());
            await("creating the group " + group.name(), () -> {
                admin.createAndUpdateSubscriptionGroupConfig(broker, config);
                return true;
            });
        }
        for (Topic topic : topics) {
            awaitRoute(topic.name());
        }
    }

    /** The name server does not know the topic until the broker has registered it. */
    private void awaitRoute(String topic) throws Exception {
        await(
                "a route to the topic " + topic,
                () -> !admin.examineTopicRouteInfo(topic).getQueueDatas().isEmpty());
    }

    /** An action that may be repeated; true once it has had its effect. */
    private interface Attempt {
        boolean succeeds() throws Exception;
    }

    /** A broker on a busy machine closes connections, even its own, before it has started completely. */
    private static void await(String what, Attempt attempt) throws Exception {
        long deadline = System.nanoTime() + ROUTABLE_NANOS_MAX;
        Exception last = null;
        while (System.nanoTime() < deadline) {
            try {
                if (attempt.succeeds()) {
                    return;
                }
            } catch (MQClientException | RemotingException notYet) {
                last = notYet;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        throw new IllegalStateException(what + " did not succeed in time", last);
    }

    @Override
    public void close() {
        admin.shutdown();
    }
}
