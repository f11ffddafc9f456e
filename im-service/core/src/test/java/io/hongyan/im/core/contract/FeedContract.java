package io.hongyan.im.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.feed.EventDraft;
import io.hongyan.im.core.feed.Feed;
import io.hongyan.im.core.feed.Feed.FeedPage;
import io.hongyan.im.core.feed.Feed.Item;
import io.hongyan.im.core.feed.Feed.Lag;
import io.hongyan.im.core.feed.FeedBody.MessageStored;
import io.hongyan.im.core.feed.FeedBody.Reported;
import io.hongyan.im.core.feed.FeedEvent;
import io.hongyan.im.core.feed.FeedKeys;
import io.hongyan.im.core.feed.FeedPosition;
import io.hongyan.im.core.feed.Partitions;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.starters.Seeds;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@link Feed} promises: everything once for who reads on, in order per key, a key always in one partition. */
public abstract class FeedContract extends StorageContract {
    @Test
    void anEmptyFeedHasNothing() {
        FeedPage page = read(FeedPosition.START, Partitions.all(), 10, ALL);

        assertThat(page.items()).isEmpty();
        assertThat(page.next()).isEqualTo(FeedPosition.START);
        assertThat(page.trimmed()).isFalse();
        assertThat(lag(FeedPosition.START)).isEqualTo(new Lag(0, 0));
    }

    @Test
    void aStoredMessageIsAnEventOfItsConversation() {
        users("alice", "bob");
        StoredMessage message = store("alice", "bob", "m1");

        FeedEvent event =
                read(FeedPosition.START, Partitions.all(), 10, ALL).events().get(0);

        assertThat(event.key()).isEqualTo("direct:alice|bob");
        assertThat(event.keySeq()).isEqualTo(1);
        assertThat(event.atMillis()).isEqualTo(NOW);
        assertSame(((MessageStored) event.body()).message(), message);
    }

    @Test
    void whatIsStoredLaterComesBehindThePosition() {
        users("alice", "bob");
        store("alice", "bob", "m1");
        report("alice", "r1");
        FeedPosition position =
                read(FeedPosition.START, Partitions.all(), 10, ALL).next();
        assertThat(read(position, Partitions.all(), 10, ALL).items()).isEmpty();
        assertThat(read(position, Partitions.all(), 10, ALL).next()).isEqualTo(position);

        storage().reopen();
        store("bob", "alice", "m2");
        report("bob", "r2");

        assertThat(names(read(position, Partitions.all(), 10, ALL))).containsExactlyInAnyOrder("m2", "r2");
    }

    static List<Long> seeds() {
        return Seeds.of(FeedContract.class);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void readingOnInPagesOfAnySizeGivesEverythingOnceInOrder(long seed) {
        Random random = new Random(seed);
        Set<String> written = writeAtRandom(random, 300);
        for (int round = 0; round < 10; round++) {
            int eventsMax = 1 + random.nextInt(20);
            long bytesMax = 1 + random.nextInt(1_000);
            List<String> names = new ArrayList<>();
            Map<String, Long> last = new HashMap<>();
            FeedPosition position = FeedPosition.START;
            FeedPage page = read(position, Partitions.all(), eventsMax, bytesMax);
            while (!page.items().isEmpty()) {
                assertThat(page.items().size()).isLessThanOrEqualTo(eventsMax);
                assertThat(page.items().size() == 1 || bytesOf(page) <= bytesMax)
                        .isTrue();
                names.addAll(names(page));
                for (FeedEvent event : page.events()) {
                    Long before = last.put(event.key(), event.keySeq());
                    assertThat(event.keySeq()).isGreaterThan(before == null ? 0 : before);
                }
                position = page.next();
                page = read(position, Partitions.all(), eventsMax, bytesMax);
            }
            assertThat(names).as("seed %d", seed).doesNotHaveDuplicates().hasSameElementsAs(written);
            assertThat(lag(position).events()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void partitionsTogetherHaveEverythingAndAKeyHasOneOfThem(long seed) {
        Set<String> written = writeAtRandom(new Random(seed), 300);
        Map<String, Integer> partitionOf = new HashMap<>();
        List<String> names = new ArrayList<>();
        for (int partition = 0; partition < Partitions.COUNT; partition++) {
            BitSet one = new BitSet();
            one.set(partition);
            FeedPosition position = FeedPosition.START;
            FeedPage page = read(position, one, 7, ALL);
            while (!page.next().equals(position)) {
                for (Item item : page.items()) {
                    assertThat(item.partition()).isEqualTo(partition);
                    Integer before = partitionOf.put(item.event().key(), partition);
                    assertThat(before).isIn(null, partition);
                }
                names.addAll(names(page));
                position = page.next();
                page = read(position, one, 7, ALL);
            }
        }
        assertThat(names).as("seed %d", seed).doesNotHaveDuplicates().hasSameElementsAs(written);
        assertThat(new HashSet<>(partitionOf.values()).size()).isGreaterThan(1);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void anItemsPositionIsWhereItsPartitionGoesOn(long seed) {
        writeAtRandom(new Random(seed), 60);
        List<Item> all = read(FeedPosition.START, Partitions.all(), ALL, ALL).items();
        for (int i = 0; i < all.size(); i++) {
            Item item = all.get(i);
            BitSet one = new BitSet();
            one.set(item.partition());
            List<Item> rest = all.subList(i + 1, all.size()).stream()
                    .filter(later -> later.partition() == item.partition())
                    .toList();
            assertThat(names(read(item.position(), one, ALL, ALL)))
                    .as("seed %d, behind item %d", seed, i)
                    .isEqualTo(rest.stream().map(FeedContract::name).toList());
        }
    }

    @Test
    void aPageEndsWhereItIsToldTo() {
        users("alice", "bob");
        for (int i = 1; i <= 6; i++) {
            store("alice", "bob", "m" + i);
            report("alice", "r" + i);
        }
        FeedPosition middle = read(FeedPosition.START, Partitions.all(), 6, ALL).next();
        FeedPosition end = read(FeedPosition.START, Partitions.all(), ALL, ALL).next();

        FeedPage first = storage().feed().feed().read(FeedPosition.START, middle, Partitions.all(), ALL, ALL);

        assertThat(first.next()).isEqualTo(middle);
        assertThat(first.items()).hasSize(6);
        assertThat(read(middle, Partitions.all(), ALL, ALL).items()).hasSize(6);
        assertThat(read(middle, Partitions.all(), ALL, ALL).next()).isEqualTo(end);
    }

    @Test
    void lagCountsWhatIsBehindAndKnowsTheOldest() {
        users("alice", "bob");
        append(NOW, draft("alice", "bob", "m1"));
        append(NOW + 5, draft("alice", "bob", "m2"));
        report("alice", "r1");

        assertThat(lag(FeedPosition.START)).isEqualTo(new Lag(3, NOW));
        FeedPosition end = read(FeedPosition.START, Partitions.all(), ALL, ALL).next();
        assertThat(lag(end)).isEqualTo(new Lag(0, 0));
    }

    @Test
    void whoComesLateIsToldThatEventsWereTrimmed() {
        report("alice", "r1");
        report("alice", "r2");
        report("alice", "r3");
        assertThat(storage().feed().events().trim(0, 2, false)).isEqualTo(1);

        FeedPage page = read(FeedPosition.START, Partitions.all(), ALL, ALL);

        assertThat(page.trimmed()).isTrue();
        assertThat(names(page)).containsExactly("r2", "r3");
        assertThat(read(new FeedPosition(0, 1), Partitions.all(), ALL, ALL).trimmed())
                .isFalse();
        assertThat(lag(FeedPosition.START).events()).isEqualTo(2);
    }

    @Test
    void aPositionThatWasNeverGivenHasNothingBehindIt() {
        report("alice", "r1");
        FeedPosition far = new FeedPosition(1_000_000, 1_000_000);

        FeedPage page = read(far, Partitions.all(), ALL, ALL);

        assertThat(page.items()).isEmpty();
        assertThat(page.next()).isEqualTo(far);
        assertThat(lag(far).events()).isZero();
    }

    private Set<String> writeAtRandom(Random random, int count) {
        String[] uids = {"alice", "bob", "carol", "dave", "eve", "frank", "grace"};
        users(uids);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < count; i++) {
            String one = uids[random.nextInt(uids.length)];
            String name = "n" + i;
            names.add(name);
            if (random.nextBoolean()) {
                report(one, name);
            } else {
                store(one, uids[random.nextInt(uids.length)], name);
            }
        }
        return names;
    }

    private void report(String uid, String name) {
        storage()
                .feed()
                .events()
                .append(List.of(new EventDraft(NOW, new Reported(uid, PHONE, name, bytes("report " + name)))));
    }

    private FeedPage read(FeedPosition after, BitSet partitions, int eventsMax, long bytesMax) {
        return storage().feed().feed().read(after, FeedPosition.END, partitions, eventsMax, bytesMax);
    }

    private Lag lag(FeedPosition after) {
        return storage().feed().feed().lag(after);
    }

    private static long bytesOf(FeedPage page) {
        return page.events().stream().mapToLong(event -> event.body().bytes()).sum();
    }

    private static List<String> names(FeedPage page) {
        return page.items().stream().map(FeedContract::name).toList();
    }

    private static String name(Item item) {
        if (item.event().body() instanceof Reported report) {
            assertThat(item.event().key()).isEqualTo(FeedKeys.user(report.uid()));
            return report.destination();
        }
        StoredMessage message = ((MessageStored) item.event().body()).message();
        Conversation conversation = message.conversation();
        assertThat(item.event().key()).isEqualTo(FeedKeys.conversation(conversation));
        return message.clientMessageId();
    }
}
