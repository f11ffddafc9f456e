package io.hongyan.im.app;

import io.hongyan.im.adapter.rocketmq.ClientSettings;
import io.hongyan.im.adapter.rocketmq.PushConsumer;
import io.hongyan.im.adapter.rocketmq.PushTopicOptions;
import io.hongyan.im.app.config.RocketMqSettings;
import io.hongyan.im.core.push.TakePush;
import io.hongyan.runtime.ThreadWatch;
import io.hongyan.runtime.WatchedThreads;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The thread that reads pushes from RocketMQ, which need not be running. */
final class PushTopic implements WatchedThreads {
    private static final long WAIT_MILLIS = 200;

    private final PushConsumer consumer;
    private final TurnDriver driver;

    PushTopic(RocketMqSettings settings, TakePush takePush, Clock clock, Consumer<String> onFault) {
        this.consumer = new PushConsumer(
                new ClientSettings(
                        settings.addresses(), settings.pushGroup(), settings.sendTimeoutMillis(), settings.tls()),
                new PushTopicOptions(settings.pushTopic(), settings.pushBytesMax(), settings.pushWaitingMax()),
                takePush,
                TimeUnit.MILLISECONDS::sleep,
                clock);
        this.driver = new TurnDriver("push-topic", consumer::runOnce, WAIT_MILLIS, onFault);
    }

    void start() {
        driver.start();
    }

    @Override
    public void watch(ThreadWatch watch) {
        driver.watch(watch);
    }

    /** Queues that are read now. */
    int queues() {
        return consumer.queues();
    }

    /** Messages that were read and not stored are read again after the next start. */
    void close() throws InterruptedException {
        driver.close();
        consumer.close();
    }
}
