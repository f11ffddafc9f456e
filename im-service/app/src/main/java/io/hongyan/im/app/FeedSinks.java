package io.hongyan.im.app;

import io.hongyan.im.adapter.auth.TokenSecret;
import io.hongyan.im.adapter.feed.JsonFeedEncoding;
import io.hongyan.im.adapter.feed.ProtobufFeedEncoding;
import io.hongyan.im.adapter.push.WebhookHints;
import io.hongyan.im.adapter.rocketmq.ClientSettings;
import io.hongyan.im.adapter.rocketmq.FeedTopics;
import io.hongyan.im.adapter.rocketmq.RocketMqSink;
import io.hongyan.im.app.config.HintSettings;
import io.hongyan.im.app.config.ReportSettings;
import io.hongyan.im.app.config.RocketMqSettings;
import io.hongyan.im.app.config.RocketMqSettings.PayloadEncoding;
import io.hongyan.im.app.config.Settings;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;

/** Creates the sinks of the feed and of hints from settings. */
final class FeedSinks {
    /** As the topic of a destination: it has no own topic. */
    private static final String TOPIC_OF_THE_FEED = "feed";

    private FeedSinks() {}

    /** RocketMQ need not be running. */
    static RocketMqSink rocketMq(Settings settings, Clock clock) {
        RocketMqSettings rocketmq = settings.outlets().rocketmq();
        return new RocketMqSink(
                new ClientSettings(
                        rocketmq.addresses(), rocketmq.producerGroup(), rocketmq.sendTimeoutMillis(), rocketmq.tls()),
                new FeedTopics(rocketmq.feedTopic(), topics(settings.outlets().reports())),
                rocketmq.form() == PayloadEncoding.JSON ? new JsonFeedEncoding() : new ProtobufFeedEncoding(),
                rocketmq.form().toString(),
                clock);
    }

    /**
     * Null if there is none.
     *
     * @throws IOException its secret cannot be read
     */
    static WebhookHints webhook(Settings settings, SecureRandom random, Clock clock) throws IOException {
        HintSettings hints = settings.outlets().hints();
        if (hints.isOff()) {
            return null;
        }
        byte[] secret = TokenSecret.loadOrCreate(settings.dataDirectory().resolve(hints.secretFile()), random);
        return new WebhookHints(hints.receiver(secret), clock);
    }

    private static Map<String, String> topics(ReportSettings reports) {
        Map<String, String> topics = new HashMap<>();
        reports.destinations().forEach((name, destination) -> {
            if (!destination.topic().equals(TOPIC_OF_THE_FEED)) {
                topics.put(name, destination.topic());
            }
        });
        return topics;
    }
}
