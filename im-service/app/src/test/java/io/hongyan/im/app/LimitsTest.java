package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.broker.server.BrokerConfig;
import io.hongyan.im.app.config.Settings;
import io.hongyan.im.app.config.SettingsReader;
import io.hongyan.im.core.MessagingLimits;
import io.hongyan.im.core.feed.EventWriterLimits;
import io.hongyan.im.core.feed.FeedOptions;
import io.hongyan.protocol.Topics;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class LimitsTest {
    @Test
    void theDefaultsAreThoseOfTheParts() {
        assertThat(Limits.broker(Settings.DEFAULT, "gate"))
                .isEqualTo(BrokerConfig.defaults("gate", List.of(Topics.MESSAGING_PREFIXES)));
        assertThat(Limits.messaging(Settings.DEFAULT)).isEqualTo(MessagingLimits.DEFAULT.withFeed(FeedOptions.DEFAULT));
    }

    @Test
    void aSettingThatConcernsSeveralPartsComesToAll() throws Exception {
        MessagingLimits limits = Limits.messaging(SettingsReader.read(
                null,
                Map.of(
                        "HONGYAN_MESSAGES_CONTENT_BYTES_MAX", "77",
                        "HONGYAN_LANE_BATCH_BYTES_MAX", "2048",
                        "HONGYAN_LANE_ATTEMPTS_MAX", "7",
                        "HONGYAN_LANE_RETRY_PAUSE_MILLIS", "8",
                        "HONGYAN_FEED_STORE_EVENTS_MAX", "9")));
        assertThat(limits.messages().contentBytesMax()).isEqualTo(77);
        assertThat(limits.push().contentBytesMax()).isEqualTo(77);
        assertThat(limits.feed().eventWriter())
                .isEqualTo(new EventWriterLimits(
                        EventWriterLimits.DEFAULT.waitingMax(),
                        EventWriterLimits.DEFAULT.waitingBytesMax(),
                        9,
                        2_048,
                        7,
                        8));
    }
}
