package io.hongyan.im.adapter.rocketmq;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.feed.FeedBody;
import io.hongyan.im.core.feed.FeedBody.MessageStored;
import io.hongyan.im.core.feed.FeedBody.NodeStarted;
import io.hongyan.im.core.feed.FeedBody.Reported;
import io.hongyan.im.core.feed.FeedEvent;
import io.hongyan.protocol.v1.FeedEvent.BodyCase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FeedTopicsTest {
    private final FeedTopics topics = new FeedTopics("feed", Map.of("sensors", "sensor-reports"));

    @Test
    void reportsGoToTheTopicOfTheirDestinationIfItHasOne() {
        assertThat(topics.of(event(report("sensors")))).isEqualTo("sensor-reports");
        assertThat(topics.of(event(report("orders")))).isEqualTo("feed");
        assertThat(topics.of(event(new NodeStarted("one")))).isEqualTo("feed");
    }

    @Test
    void everyKindOfEventHasATagNamedAsInTheContract() {
        List<Class<?>> kinds = new ArrayList<>(List.of(FeedBody.Occurred.class.getPermittedSubclasses()));
        kinds.add(MessageStored.class);
        assertThat(new ArrayList<Class<?>>(FeedTopics.TAGS.keySet())).containsExactlyInAnyOrderElementsOf(kinds);
        assertThat(FeedTopics.TAGS.values())
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(BodyCase.values())
                        .filter(body -> body != BodyCase.BODY_NOT_SET)
                        .map(body -> body.name().toLowerCase(Locale.ROOT))
                        .toList());
    }

    private static Reported report(String destination) {
        return new Reported("alice", "iot:a", destination, new byte[0]);
    }

    private static FeedEvent event(FeedBody body) {
        return new FeedEvent("key", 1, 0, body);
    }
}
