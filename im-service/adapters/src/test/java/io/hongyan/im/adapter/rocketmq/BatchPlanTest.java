package io.hongyan.im.adapter.rocketmq;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.feed.FeedBody.NodeStarted;
import io.hongyan.im.core.feed.FeedEvent;
import java.util.List;
import org.apache.rocketmq.common.message.Message;
import org.junit.jupiter.api.Test;

/** How events become requests. A message is written as topic, key and number. */
final class BatchPlanTest {
    private final BatchPlan plan = new BatchPlan(100);

    @Test
    void eventsOfOneTopicShareABatch() {
        add("t", "a", 1, 10);
        add("t", "b", 1, 10);
        add("t", "a", 2, 10);
        assertThat(planned()).containsExactly(List.of("t a1", "t b1", "t a2"));
    }

    @Test
    void topicsThatTakeTurnsAreTwoBatchesIfTheKeysDiffer() {
        add("t", "a", 1, 10);
        add("u", "b", 1, 10);
        add("t", "a", 2, 10);
        add("u", "b", 2, 10);
        assertThat(planned()).containsExactly(List.of("t a1", "t a2"), List.of("u b1", "u b2"));
    }

    @Test
    void anEventIsNotBeforeAnEarlierOneOfItsKeyInAnotherTopic() {
        add("t", "a", 1, 10);
        add("u", "a", 2, 10);
        add("t", "a", 3, 10);
        add("t", "b", 1, 10);
        assertThat(planned()).containsExactly(List.of("t a1"), List.of("u a2"), List.of("t a3", "t b1"));
    }

    @Test
    void aFullBatchIsFollowedByAnotherAndStaysClosed() {
        add("t", "a", 1, 60);
        add("t", "a", 2, 60);
        add("t", "b", 1, 10);
        assertThat(planned()).containsExactly(List.of("t a1"), List.of("t a2", "t b1"));
    }

    @Test
    void whatIsLargerThanABatchGoesAlone() {
        add("t", "a", 1, 500);
        add("t", "a", 2, 10);
        assertThat(planned()).containsExactly(List.of("t a1"), List.of("t a2"));
    }

    private void add(String topic, String key, long number, int bytes) {
        Message message = new Message(topic, "", key + number, new byte[bytes]);
        plan.add(new FeedEvent(key, number, 0, new NodeStarted(key)), message);
    }

    private List<List<String>> planned() {
        return plan.batches().stream()
                .map(batch -> batch.stream()
                        .map(message -> message.getTopic() + ' ' + message.getKeys())
                        .toList())
                .toList();
    }
}
