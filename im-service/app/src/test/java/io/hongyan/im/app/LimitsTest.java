package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.broker.server.BrokerConfig;
import io.hongyan.im.adapter.sql.SqliteSettings;
import io.hongyan.im.app.config.Settings;
import io.hongyan.im.core.MessagingLimits;
import io.hongyan.im.core.feed.FeedOptions;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.protocol.Topics;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class LimitsTest {
    @Test
    void theDefaultsAreThoseOfTheParts() {
        assertThat(Limits.broker(Settings.DEFAULT, "gate"))
                .isEqualTo(BrokerConfig.defaults("gate", List.of(Topics.MESSAGING_PREFIXES)));
        assertThat(Limits.messaging(Settings.DEFAULT)).isEqualTo(MessagingLimits.DEFAULT.withFeed(FeedOptions.DEFAULT));
        assertThat(Limits.groups(Settings.DEFAULT)).isEqualTo(GroupLimits.DEFAULT);
        assertThat(Limits.storage(Settings.DEFAULT))
                .isEqualTo(SqliteSettings.defaults(Settings.DEFAULT.dataDirectory()));
    }
}
