package io.hongyan.im.core.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hongyan.im.core.Storage;
import io.hongyan.im.core.cluster.OtherNodes;
import io.hongyan.im.core.feed.FeedBody;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.inbox.CursorBook;
import io.hongyan.im.core.inbox.Delivery;
import io.hongyan.im.core.inbox.DeliveryCounters;
import io.hongyan.im.core.inbox.DeliveryLimits;
import io.hongyan.im.core.inbox.InboxListener;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.PartialResult;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.session.LocalSessionDirectory;
import io.hongyan.im.core.session.TellUsersOnline;
import io.hongyan.im.core.simulation.InMemoryStorage;
import io.hongyan.im.core.work.FairQueue;
import io.hongyan.metrics.Counters;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is flushed once and what again, while a part of the storage is away. */
@Timeout(60)
final class ReceiptsTest {
    private static final Conversation PAIR = Conversation.direct("alice", "bob");
    private static final InstantSource CLOCK = () -> Instant.ofEpochMilli(5_000);

    private final InMemoryStorage memory = new InMemoryStorage(GroupLimits.DEFAULT);
    private final Storage storage = memory.ports();
    private final Counters<ReceiptCounter> counters = new Counters<>(ReceiptCounter.class);
    private final List<FeedBody.Receipt> inFeed = new ArrayList<>();
    private final PartlyAway marks = new PartlyAway();
    private final Receipts receipts = new Receipts(
            marks,
            new TellUsersOnline(new LocalSessionDirectory(), null, OtherNodes.NONE),
            OtherNodes.NONE,
            ReceiptLimits.DEFAULT,
            counters,
            inFeed::addAll);
    private Set<String> away = Set.of();

    @BeforeEach
    void send() {
        List.of("alice", "bob").forEach(memory::ensure);
        memory.append(List.of(new Draft(PAIR, "alice", "web:x", "m1", new byte[1])), 1);
    }

    @Test
    void whatOneUserCannotHaveIsNotWrittenAgainForTheOthers() {
        read("alice");
        read("bob");
        away = Set.of("bob");

        for (int flush = 0; flush < 3; flush++) {
            assertThatThrownBy(this::flush).isInstanceOf(StorageException.class);
        }
        assertThat(memory.head("alice")).isEqualTo(2);
        assertThat(memory.head("bob")).isEqualTo(1);
        assertThat(inFeed).extracting(FeedBody.Receipt::uid).containsExactlyInAnyOrder("alice", "bob");

        away = Set.of();
        flush();
        flush();
        assertThat(memory.head("alice")).isEqualTo(2);
        assertThat(memory.head("bob")).isEqualTo(2);
        assertThat(inFeed).hasSize(2);
        assertThat(counters.value(ReceiptCounter.MARKS_WRITTEN)).isEqualTo(2);
    }

    @Test
    void marksThatRiseByThemselvesAreWrittenToo() {
        receipts.sent("alice", PAIR, 1, 1);
        receipts.sent("bob", PAIR, 1, 1);
        read("bob");
        away = Set.of("bob");

        assertThatThrownBy(this::flush).isInstanceOf(StorageException.class);

        assertThat(storage.marks().find("alice", PAIR).readSeq()).isEqualTo(1);
        assertThat(counters.value(ReceiptCounter.MARKS_WRITTEN)).isEqualTo(1);
    }

    @Test
    void whatRisesMeanwhileIsToldToTheFeedOnceMore() {
        memory.append(List.of(new Draft(PAIR, "alice", "web:x", "m2", new byte[1])), 1);
        away = Set.of("bob");
        read("bob");
        assertThatThrownBy(this::flush).isInstanceOf(StorageException.class);
        receipts.read("bob", PAIR, 2, 2);
        assertThatThrownBy(this::flush).isInstanceOf(StorageException.class);
        away = Set.of();
        flush();

        assertThat(inFeed).extracting(FeedBody.Receipt::readSeq).containsExactly(1L, 2L);
    }

    @Test
    void aMarkThatRisesAllTheTimeIsWritten() {
        receipts.tellPeers();
        read("bob");
        flushOnly();
        assertThat(storage.marks().find("bob", PAIR).readSeq()).isEqualTo(1);

        memory.append(List.of(new Draft(PAIR, "alice", "web:x", "m2", new byte[1])), 1);
        receipts.tellPeers();
        receipts.read("bob", PAIR, 2, 2);
        flushOnly();
        assertThat(storage.marks().find("bob", PAIR).readSeq()).isEqualTo(2);
        assertThat(counters.value(ReceiptCounter.MARKS_WRITTEN)).isEqualTo(2);
    }

    private void read(String uid) {
        assertThat(receipts.read(uid, PAIR, 1, 1)).isTrue();
    }

    private void flush() {
        receipts.tellPeers();
        flushOnly();
    }

    private void flushOnly() {
        DeliveryCounters delivered = new DeliveryCounters();
        receipts.flush(new Delivery(
                new Delivery.Stores(
                        storage.inbox(), storage.groups(), null, new CursorBook(null, CLOCK, delivered), null),
                null,
                FairQueue.over(Runnable::run),
                DeliveryLimits.DEFAULT,
                null,
                InboxListener.NONE,
                delivered));
    }

    /** A storage of two parts, in one of which some users are. */
    private final class PartlyAway implements Marks {
        private List<Mark> here(Collection<Mark> all) {
            return all.stream().filter(mark -> !away.contains(mark.uid())).toList();
        }

        private PartialResult<Mark> left(Collection<Mark> all) {
            Set<Mark> left =
                    all.stream().filter(mark -> away.contains(mark.uid())).collect(Collectors.toSet());
            return new PartialResult<>(left, left.isEmpty() ? null : new StorageException("away", null));
        }

        @Override
        public PartialResult<Mark> raise(Collection<Mark> all) {
            storage.marks().raise(here(all));
            return left(all);
        }

        @Override
        public Mark find(String uid, Conversation conversation) {
            return storage.marks().find(uid, conversation);
        }

        @Override
        public ReadEvents appendReadEvents(Collection<Mark> all) {
            return new ReadEvents(storage.marks().appendReadEvents(here(all)).positions(), left(all));
        }

        @Override
        public EntryReceipts receiptsOf(Conversation conversation, long seq, String sender, int limit) {
            return storage.marks().receiptsOf(conversation, seq, sender, limit);
        }
    }
}
