package io.hongyan.im.adapter.rocketmq;

import io.hongyan.im.adapter.rocketmq.PushMessage.Readable;
import io.hongyan.im.adapter.rocketmq.PushMessage.Unreadable;
import io.hongyan.im.core.push.TakePush;
import io.hongyan.im.core.push.TakePush.Outcome;
import io.hongyan.im.core.send.Pause;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.rocketmq.client.consumer.DefaultLitePullConsumer;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads pushes from a topic. A message is complete when its push, or its refusal, is durable; only then does the
 * position in its queue move. What could not be stored is kept in memory and tried again here, so RocketMQ never has a
 * reason to deliver it again; repetitions after a crash are recognised by the push id.
 */
public final class PushConsumer implements AutoCloseable {
    /** Of one request; a broker returns no more. */
    private static final int BATCH_MAX = 32;
    /** Messages read ahead per queue, before the one that exceeds the limit. */
    private static final int AHEAD_MIB_MAX = 4;
    /**
     * A queue without messages occupies a thread for as long as the broker may wait: one thread for each, up to this
     * number.
     */
    private static final int PULL_THREADS = 16;

    private static final int POSITION_MILLIS = 1_000;
    private static final long RETRY_MILLIS = 1_000;
    private static final long OPEN_AGAIN_MILLIS = 2_000;
    /** How often to check whether the topic exists while nothing comes. */
    private static final long LOOK_MILLIS = 10_000;

    /** Positions that the broker does not get by then are read again, which changes nothing. */
    private static final long CLOSE_MILLIS_MAX = 2_000;

    private static final long REFUSAL_LOG_MILLIS = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(PushConsumer.class);

    private final ClientSettings client;
    private final PushTopicOptions options;
    private final PushMessageReader reader;
    private final TakePush takePush;
    private final Pause pause;
    private final InstantSource clock;
    private final TroubleLog trouble;
    private volatile int queues;

    // Only used by the driver.
    /** Null while RocketMQ or the topic is not available. */
    private DefaultLitePullConsumer consumer;
    /** The positions of the queues once the messages in memory are complete. */
    private final Map<MessageQueue, Long> positions = new HashMap<>();

    private List<MessageExt> inHand = List.of();
    private long openAtMillis;
    private long lookAtMillis;
    private long refusalLoggedAtMillis;

    /** @param pause how the driver waits between attempts */
    public PushConsumer(
            ClientSettings client, PushTopicOptions options, TakePush takePush, Pause pause, InstantSource clock) {
        this.client = client;
        this.options = options;
        this.reader = new PushMessageReader(options.bytesMax());
        this.takePush = takePush;
        this.pause = pause;
        this.clock = clock;
        this.trouble = new TroubleLog(LOG, "reading pushes from RocketMQ", clock);
    }

    /** Queues of the topic that this node reads. */
    public int queues() {
        return queues;
    }

    /**
     * Takes the next messages, for which it waits, and stores them. For one thread, the driver.
     *
     * @return whether something was done: then there may be more
     */
    public boolean runOnce(long waitMillis) throws InterruptedException {
        if (inHand.isEmpty()) {
            receive(waitMillis);
        }
        return !inHand.isEmpty() && settle();
    }

    private void receive(long waitMillis) throws InterruptedException {
        if (consumer == null) {
            if (clock.millis() < openAtMillis) {
                pause.forMillis(waitMillis);
                return;
            }
            open();
            return;
        }
        try {
            inHand = consumer.poll(waitMillis);
            queues = consumer.assignment().size();
            if (inHand.isEmpty()) {
                look();
            }
        } catch (MQClientException notThere) {
            trouble.failed(Causes.of(options.topic(), notThere));
        } catch (RuntimeException broken) {
            trouble.failed(Causes.of(options.topic(), broken));
            giveUp(consumer);
            consumer = null;
            queues = 0;
        }
        for (MessageExt message : inHand) {
            MessageQueue queue = new MessageQueue(message.getTopic(), message.getBrokerName(), message.getQueueId());
            positions.merge(queue, message.getQueueOffset() + 1, Math::max);
        }
    }

    /** Not before the topic exists: a client that starts without it notices it late. */
    private void open() {
        DefaultLitePullConsumer opening = client();
        try {
            opening.subscribe(options.topic(), "*");
            opening.start();
            opening.fetchMessageQueues(options.topic());
            consumer = opening;
            trouble.worked();
        } catch (MQClientException | RuntimeException unable) {
            trouble.failed(Causes.of(options.topic(), unable));
            giveUp(opening);
        }
    }

    private void giveUp(DefaultLitePullConsumer broken) {
        Closing.close(broken::shutdown, CLOSE_MILLIS_MAX);
        openAtMillis = clock.millis() + OPEN_AGAIN_MILLIS;
    }

    private DefaultLitePullConsumer client() {
        DefaultLitePullConsumer made = new DefaultLitePullConsumer(client.group());
        client.apply(made);
        made.setMqClientApiTimeout(client.sendTimeoutMillis());
        made.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
        made.setAutoCommit(false);
        made.setPersistConsumerOffsetInterval(POSITION_MILLIS);
        made.setPullThreadNums(PULL_THREADS);
        made.setPullBatchSize(BATCH_MAX);
        made.setPullThresholdForQueue(options.waitingMax());
        made.setPullThresholdForAll(options.waitingMax());
        made.setPullThresholdSizeForQueue(AHEAD_MIB_MAX);
        return made;
    }

    private void look() throws MQClientException {
        long now = clock.millis();
        if (now >= lookAtMillis) {
            lookAtMillis = now + LOOK_MILLIS;
            consumer.fetchMessageQueues(options.topic());
            trouble.worked();
        }
    }

    /** @return whether all messages in memory are complete */
    private boolean settle() throws InterruptedException {
        List<CompletableFuture<Outcome>> outcomes = new ArrayList<>(inHand.size());
        for (MessageExt message : inHand) {
            outcomes.add(take(message));
        }
        List<MessageExt> left = new ArrayList<>();
        for (int i = 0; i < outcomes.size(); i++) {
            if (!done(outcomes.get(i))) {
                left.add(inHand.get(i));
            }
        }
        inHand = left;
        if (!left.isEmpty()) {
            pause.forMillis(RETRY_MILLIS);
            return false;
        }
        consumer.commit(positions, false);
        positions.clear();
        trouble.worked();
        return true;
    }

    private CompletableFuture<Outcome> take(MessageExt message) {
        PushMessage read = reader.read(message.getBody());
        if (read instanceof Readable readable) {
            return takePush.take(readable.push(), message.getMsgId()).toCompletableFuture();
        }
        Unreadable not = (Unreadable) read;
        return takePush.refuse(not.pushId(), not.refusal(), not.detail(), message.getMsgId())
                .toCompletableFuture();
    }

    private boolean done(CompletableFuture<Outcome> pending) throws InterruptedException {
        try {
            Outcome outcome = pending.get();
            if (outcome == Outcome.REFUSED && clock.millis() - refusalLoggedAtMillis >= REFUSAL_LOG_MILLIS) {
                refusalLoggedAtMillis = clock.millis();
                LOG.warn(
                        "a message of topic {} is not a push that can be carried out; the feed says which one and why",
                        options.topic());
            }
            if (outcome == Outcome.LATER) {
                trouble.failed(new RocketMqException("too many pushes are open", null));
            }
            return outcome != Outcome.LATER;
        } catch (ExecutionException notStored) {
            trouble.failed(new RocketMqException("they cannot be stored: " + notStored.getCause(), notStored));
            return false;
        }
    }

    /** Ends within seconds, also when RocketMQ does not answer. Once the driver is at rest. */
    @Override
    public void close() {
        if (consumer != null) {
            Closing.close(consumer::shutdown, CLOSE_MILLIS_MAX);
        }
    }
}
