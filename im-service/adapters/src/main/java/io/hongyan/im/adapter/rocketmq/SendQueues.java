package io.hongyan.im.adapter.rocketmq;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.common.message.MessageQueue;

/**
 * The queues of topics, as they were when first looked up. They are kept even while a broker is away: with fewer queues
 * a partition would continue in another one, and a consumer could see its later events before its earlier ones.
 */
final class SendQueues {
    /** For so long a failed look-up is the answer for all callers, so that an outage costs one time-out in total. */
    private static final long FAILURE_MILLIS = 500;

    private final DefaultMQProducer producer;
    private final InstantSource clock;
    private final Map<String, List<MessageQueue>> found = new HashMap<>();
    private final Map<String, Failure> failed = new HashMap<>();

    private record Failure(RocketMqException cause, long atMillis) {}

    SendQueues(DefaultMQProducer producer, InstantSource clock) {
        this.producer = producer;
        this.clock = clock;
    }

    /** For one thread; blocks until the topic is known. Throws {@link RocketMqException}. */
    MessageQueue of(String topic, int partition) {
        List<MessageQueue> queues = found.get(topic);
        if (queues == null) {
            queues = lookUp(topic);
            found.put(topic, queues);
            failed.remove(topic);
        }
        return queues.get(partition % queues.size());
    }

    private List<MessageQueue> lookUp(String topic) {
        Failure last = failed.get(topic);
        if (last != null && clock.millis() - last.atMillis < FAILURE_MILLIS) {
            throw last.cause;
        }
        try {
            return producer.fetchPublishMessageQueues(topic).stream().sorted().toList();
        } catch (MQClientException unknown) {
            RocketMqException cause = Causes.of(topic, unknown);
            failed.put(topic, new Failure(cause, clock.millis()));
            throw cause;
        }
    }
}
