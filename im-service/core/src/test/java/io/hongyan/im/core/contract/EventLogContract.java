package io.hongyan.im.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.feed.EventDraft;
import io.hongyan.im.core.feed.EventLog;
import io.hongyan.im.core.feed.FeedBody;
import io.hongyan.im.core.feed.FeedBody.NodeStarted;
import io.hongyan.im.core.feed.FeedBody.Occurred;
import io.hongyan.im.core.feed.FeedBody.PushAcknowledged;
import io.hongyan.im.core.feed.FeedBody.PushFinished;
import io.hongyan.im.core.feed.FeedBody.PushRefused;
import io.hongyan.im.core.feed.FeedBody.PushUnreached;
import io.hongyan.im.core.feed.FeedBody.Receipt;
import io.hongyan.im.core.feed.FeedBody.Reported;
import io.hongyan.im.core.feed.FeedBody.SessionClosed;
import io.hongyan.im.core.feed.FeedBody.SessionKicked;
import io.hongyan.im.core.feed.FeedBody.SessionOpened;
import io.hongyan.im.core.feed.FeedEvent;
import io.hongyan.im.core.feed.FeedPartitions.Held;
import io.hongyan.im.core.feed.FeedPosition;
import io.hongyan.im.core.feed.Partitions;
import io.hongyan.im.core.feed.SessionEnd;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.Refusal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@link EventLog} promises: what was appended is read back whole and in order, numbers rise for ever. */
public abstract class EventLogContract extends StorageContract {
    private static final DeviceKey DEVICE = new DeviceKey("alice", PHONE);
    private static final ConnectionKey CONNECTION = new ConnectionKey("gate", 7);

    @Test
    void everySortOfEventIsReadBackAsItWas() {
        List<Occurred> bodies = List.of(
                new SessionOpened(DEVICE, "android", CONNECTION, NOW),
                new SessionClosed(DEVICE, CONNECTION, SessionEnd.LOST),
                new SessionKicked(DEVICE, CONNECTION, "ios:other"),
                new Receipt("alice", Conversation.direct("alice", "bob"), 7, 0),
                new Receipt("alice", Conversation.group("g"), 0, 9),
                new Reported("alice", PHONE, "telemetry", new byte[] {0, -1, 127, 10}),
                new Reported("alice", PHONE, "telemetry", new byte[0]),
                new PushFinished("push", 5, 3, 2, 1, 1),
                new PushUnreached("push", List.of("alice", "bob"), List.of()),
                new PushRefused("push", Refusal.TOO_LARGE, "Too many users.", "7F0001"),
                new PushAcknowledged("push", "alice", PHONE),
                new NodeStarted("one"));

        storage()
                .feed()
                .events()
                .append(bodies.stream().map(body -> new EventDraft(NOW, body)).toList());
        storage().reopen();

        List<FeedEvent> events = events();
        assertThat(events).hasSameSizeAs(bodies);
        for (int i = 0; i < bodies.size(); i++) {
            assertThat(events.get(i).body()).usingRecursiveComparison().isEqualTo(bodies.get(i));
            assertThat(events.get(i).key()).isEqualTo(bodies.get(i).key());
            assertThat(events.get(i).atMillis()).isEqualTo(NOW);
            assertThat(events.get(i).keySeq()).isEqualTo(i + 1L);
        }
    }

    @Test
    void anEmptyBatchIsNothing() {
        storage().feed().events().append(List.of());

        assertThat(events()).isEmpty();
    }

    @Test
    void numbersRiseOverBatchesAndRestarts() {
        append(3, NOW);
        storage().reopen();
        append(2, NOW);

        assertThat(events()).extracting(FeedEvent::keySeq).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void oldEventsAreTrimmedAndTheirNumbersNotGivenAgain() {
        append(5, NOW);

        assertThat(trimAll(NOW + 1, ALL, false)).isEqualTo(4);
        storage().reopen();
        append(1, NOW + 5);

        assertThat(events()).extracting(FeedEvent::keySeq).containsExactly(5L, 6L);
        assertThat(trimAll(NOW + 1, ALL, false)).isEqualTo(1);
        assertThat(events()).extracting(FeedEvent::keySeq).containsExactly(6L);
    }

    @Test
    void tooManyEventsAreTrimmedFromTheOldestOn() {
        append(3_000, NOW);

        assertThat(trimAll(0, 10, false)).isEqualTo(2_990);

        assertThat(events()).hasSize(10);
        assertThat(events().get(0).keySeq()).isEqualTo(2_991);
    }

    @Test
    void youngAndFewEventsStay() {
        append(5, NOW);

        assertThat(trimAll(NOW, 5, false)).isZero();
        assertThat(events()).hasSize(5);
    }

    @Test
    void whatWasNotSentIsNotTrimmed() {
        append(10, NOW);
        List<Held> held = storage().feed().partitions().claim("relay", Partitions.all(), NOW, NOW + 1_000);
        assertThat(trimAll(NOW + 1, 1, true)).isZero();

        storage()
                .feed()
                .partitions()
                .moveTo(held.stream()
                        .map(one -> new Held(
                                one.partition(), new FeedPosition(0, one.partition() == 3 ? 4 : 8), one.fence()))
                        .toList());

        assertThat(trimAll(NOW + 1, 1, true)).isEqualTo(4);
        assertThat(events().get(0).keySeq()).isEqualTo(5);
    }

    /** Where messages are their own places none is forgotten. */
    @Test
    void placesOfOldMessagesAreForgottenAndSentOnesOnly() {
        users("alice", "bob");
        for (int i = 1; i <= 5; i++) {
            store("alice", "bob", "m" + i);
        }
        assertThat(trimAllMessages(NOW, false)).as("not old").isZero();
        List<Held> held = storage().feed().partitions().claim("relay", Partitions.all(), NOW, NOW + 1_000);
        assertThat(trimAllMessages(NOW + 1, true)).as("not sent").isZero();
        storage()
                .feed()
                .partitions()
                .moveTo(held.stream()
                        .map(one -> new Held(one.partition(), new FeedPosition(2, 0), one.fence()))
                        .toList());

        long trimmed = trimAllMessages(NOW + 1, true);

        assertThat(trimmed).isIn(0L, 2L);
        assertThat(messageIds()).hasSize((int) (5 - trimmed)).endsWith("m3", "m4", "m5");
        trimmed += trimAllMessages(NOW + 1, false);
        assertThat(trimmed).isIn(0L, 4L);
        store("alice", "bob", "m6");
        assertThat(messageIds()).hasSize((int) (6 - trimmed)).endsWith("m5", "m6");
        assertThat(storage()
                        .feed()
                        .feed()
                        .read(FeedPosition.START, FeedPosition.END, Partitions.all(), ALL, ALL)
                        .trimmed())
                .isEqualTo(trimmed > 0);
        assertThat(storage().feed().feed().lag(FeedPosition.START).events()).isEqualTo(6 - trimmed);
    }

    private long trimAllMessages(long olderThan, boolean unsentKept) {
        long all = 0;
        long some;
        do {
            some = storage().feed().events().trimMessages(olderThan, unsentKept);
            all += some;
        } while (some > 0);
        return all;
    }

    private List<String> messageIds() {
        return events().stream()
                .map(event -> ((FeedBody.MessageStored) event.body()).message().clientMessageId())
                .toList();
    }

    private void append(int count, long at) {
        List<EventDraft> batch = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            FeedBody.Occurred body = new Receipt("user" + i % 7, Conversation.group("g"), i + 1L, 0);
            batch.add(new EventDraft(at, body));
        }
        storage().feed().events().append(batch);
    }

    private long trimAll(long olderThan, long eventsMax, boolean unsentKept) {
        long all = 0;
        long some;
        do {
            some = storage().feed().events().trim(olderThan, eventsMax, unsentKept);
            assertThat(some).as("trimmed at once").isLessThanOrEqualTo(1_000);
            all += some;
        } while (some > 0);
        return all;
    }

    private List<FeedEvent> events() {
        return storage()
                .feed()
                .feed()
                .read(FeedPosition.START, FeedPosition.END, Partitions.all(), ALL, ALL)
                .events();
    }
}
