package io.hongyan.im.adapter.rocketmq;

import io.hongyan.im.core.feed.FeedEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.rocketmq.common.message.Message;

/**
 * Divides events into batches of one topic each, to be sent one after the other. Events of one key keep their order
 * across batches, so that no event is sent before an earlier one of its key is safe; events of other keys may change
 * places, which keeps the batches few where topics are mixed.
 */
final class BatchPlan {
    private final int bytesMax;
    private final List<Batch> batches = new ArrayList<>();
    private final Map<String, Integer> lastOfTopic = new HashMap<>();
    private final Map<String, Integer> lastOfKey = new HashMap<>();

    /** Messages of one topic, and their size as far as it counts. */
    private static final class Batch {
        private final List<Message> messages = new ArrayList<>();
        private long bytes;
    }

    /** @param bytesMax of one batch; one message is always accepted */
    BatchPlan(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    void add(FeedEvent event, Message message) {
        int bytes = message.getBody().length;
        Integer open = lastOfTopic.get(message.getTopic());
        boolean fits = open != null
                && open >= lastOfKey.getOrDefault(event.key(), 0)
                && batches.get(open).bytes + bytes <= bytesMax;
        int index = fits ? open : batches.size();
        if (!fits) {
            batches.add(new Batch());
        }
        batches.get(index).messages.add(message);
        batches.get(index).bytes += bytes;
        lastOfTopic.put(message.getTopic(), index);
        lastOfKey.put(event.key(), index);
    }

    List<List<Message>> batches() {
        return batches.stream().map(batch -> List.copyOf(batch.messages)).toList();
    }
}
