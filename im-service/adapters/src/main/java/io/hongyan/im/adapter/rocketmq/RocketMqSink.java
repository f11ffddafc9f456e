package io.hongyan.im.adapter.rocketmq;

import io.hongyan.im.core.data.DataEpoch;
import io.hongyan.im.core.feed.FeedEncoding;
import io.hongyan.im.core.feed.FeedEvent;
import io.hongyan.im.core.feed.FeedSink;
import io.hongyan.runtime.ThreadWatch;
import io.hongyan.runtime.WatchedThreads;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendCallback;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageAccessor;
import org.apache.rocketmq.common.message.MessageConst;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the feed to RocketMQ. A partition always goes to the same queue of a topic, so a consumer that reads queues in
 * order has each key in order. Nothing is retried here: the relay does that, and only it knows what comes next.
 */
public final class RocketMqSink implements FeedSink, AutoCloseable, WatchedThreads {
    /** Bodies in one request; a broker accepts 4 MiB in total by default. */
    static final int BATCH_BYTES_MAX = 1 << 20;
    /** Requests that wait until their topic's queues are known: each partition has one at most. */
    private static final long TURN_MILLIS_MAX = 60_000;

    private static final int WAITING_MAX = 64;
    /** How much longer than its own time-out a request may take until it is given up. */
    private static final long ANSWER_GRACE_MILLIS = 2_000;

    private static final long CLOSE_MILLIS_MAX = 5_000;
    private static final Logger LOG = LoggerFactory.getLogger(RocketMqSink.class);

    private final FeedTopics topics;
    private final FeedEncoding encoding;
    private final String form;
    private final int sendTimeoutMillis;
    private final DefaultMQProducer producer;
    private final SendQueues queues;
    private final TroubleLog trouble;
    private final ThreadPoolExecutor thread;

    /** @param form name of the encoding; consumers get it in the property {@code form} */
    public RocketMqSink(
            ClientSettings client, FeedTopics topics, FeedEncoding encoding, String form, InstantSource clock) {
        this.topics = topics;
        this.encoding = encoding;
        this.form = form;
        this.sendTimeoutMillis = client.sendTimeoutMillis();
        this.trouble = new TroubleLog(LOG, "the feed to RocketMQ", clock);
        this.producer = new DefaultMQProducer(client.group());
        client.apply(producer);
        producer.setSendMsgTimeout(sendTimeoutMillis);
        producer.setRetryTimesWhenSendFailed(0);
        producer.setRetryTimesWhenSendAsyncFailed(0);
        producer.setRetryAnotherBrokerWhenNotStoreOK(false);
        this.queues = new SendQueues(producer, clock);
        this.thread = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(WAITING_MAX),
                task -> Closing.daemon(task, "rocketmq-send"));
        try {
            producer.start();
        } catch (MQClientException unable) {
            throw new IllegalStateException("the RocketMQ client does not start: " + unable.getMessage(), unable);
        }
    }

    @Override
    public void watch(ThreadWatch watch) {
        watch.mustRun("the thread that sends to RocketMQ", thread, 2L * sendTimeoutMillis + TURN_MILLIS_MAX);
    }

    @Override
    public CompletionStage<Void> send(int partition, List<FeedEvent> batch, DataEpoch epoch) {
        BatchPlan plan = new BatchPlan(BATCH_BYTES_MAX);
        for (FeedEvent event : batch) {
            plan.add(event, message(event, epoch));
        }
        CompletableFuture<Void> sent = CompletableFuture.completedFuture(null);
        for (List<Message> part : plan.batches()) {
            sent = sent.thenCompose(before -> sendPart(partition, part));
        }
        return sent.whenComplete((done, failure) -> {
            if (failure == null) {
                trouble.worked();
            }
        });
    }

    private Message message(FeedEvent event, DataEpoch epoch) {
        Message message =
                new Message(topics.of(event), FeedTopics.tag(event.body()), event.key(), encoding.encode(event));
        // The message group, as gRPC clients call it: they keep the order within one.
        MessageAccessor.putProperty(message, MessageConst.PROPERTY_SHARDING_KEY, event.key());
        message.putUserProperty("key_seq", Long.toString(event.keySeq()));
        message.putUserProperty("form", form);
        message.putUserProperty("data_epoch", epoch.id());
        return message;
    }

    private CompletableFuture<Void> sendPart(int partition, List<Message> part) {
        String topic = part.get(0).getTopic();
        CompletableFuture<Void> answer = new CompletableFuture<>();
        try {
            thread.execute(() -> request(topic, partition, part, answer));
        } catch (RejectedExecutionException closed) {
            answer.completeExceptionally(new RocketMqException("the RocketMQ client is stopping", closed));
        }
        return answer.orTimeout(sendTimeoutMillis + ANSWER_GRACE_MILLIS, TimeUnit.MILLISECONDS)
                .exceptionallyCompose(failure -> {
                    RocketMqException cause = Causes.of(topic, failure);
                    trouble.failed(cause);
                    return CompletableFuture.failedFuture(cause);
                });
    }

    private void request(String topic, int partition, List<Message> part, CompletableFuture<Void> answer) {
        if (answer.isDone()) {
            // Too late: the relay has given it up and sends it again.
            return;
        }
        try {
            producer.send(part, queues.of(topic, partition), new Answer(topic, answer), sendTimeoutMillis);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            answer.completeExceptionally(stopping);
        } catch (Exception failure) {
            answer.completeExceptionally(failure);
        }
    }

    /** Completes on a thread of the client. */
    private record Answer(String topic, CompletableFuture<Void> future) implements SendCallback {
        @Override
        public void onSuccess(SendResult result) {
            if (result.getSendStatus() == SendStatus.SEND_OK) {
                future.complete(null);
            } else {
                // Accepted, but not as safely as the broker is configured.
                future.completeExceptionally(new RocketMqException(
                        "the RocketMQ broker has not replicated or flushed as configured what was sent to topic "
                                + topic + ": " + result.getSendStatus(),
                        null));
            }
        }

        @Override
        public void onException(Throwable failure) {
            future.completeExceptionally(failure);
        }
    }

    /** Ends within seconds, also when RocketMQ does not answer. */
    @Override
    public void close() {
        thread.shutdownNow();
        Closing.close(producer::shutdown, CLOSE_MILLIS_MAX);
    }
}
