package io.hongyan.im.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.receipt.Marks.Mark;
import io.hongyan.im.core.sync.ConversationList;
import io.hongyan.im.core.sync.ConversationList.Item;
import io.hongyan.im.core.sync.ConversationList.Page;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a {@link ConversationList} promises: every conversation once, with its newest message and the marks. */
public abstract class ConversationListContract extends StorageContract {
    private static final Conversation ALICE_BOB = Conversation.direct("alice", "bob");

    @Test
    void userWithoutConversationsHasAnEmptyList() {
        users("alice");

        assertThat(storage().conversations().list("alice", 0, null, 10, Integer.MAX_VALUE))
                .isEqualTo(new Page(List.of(), 0, null));
        assertThat(storage().conversations().list("nobody", 0, null, 10, Integer.MAX_VALUE))
                .isEqualTo(new Page(List.of(), 0, null));
    }

    @Test
    void itemHasHeadNewestMessageAndBothMarks() {
        users("alice", "bob");
        store("bob", "alice", "m1");
        StoredMessage newest = store("alice", "bob", "m2");
        Mark mine = new Mark("alice", ALICE_BOB, 2, 1, 1);
        Mark peer = new Mark("bob", ALICE_BOB, 1, 0, 0);
        storage().marks().raise(List.of(mine, peer));

        Page ofAlice = storage().conversations().list("alice", 0, null, 10, Integer.MAX_VALUE);
        Page ofBob = storage().conversations().list("bob", 0, null, 10, Integer.MAX_VALUE);

        assertThat(ofAlice.inboxHead()).isEqualTo(2);
        assertThat(ofAlice.next()).isNull();
        Item item = ofAlice.items().get(0);
        assertThat(item.conversation()).isEqualTo(ALICE_BOB);
        assertThat(item.headSeq()).isEqualTo(2);
        assertSame(item.last(), newest);
        assertThat(item.mine()).isEqualTo(mine);
        assertThat(item.peer()).isEqualTo(peer);
        assertThat(ofBob.items().get(0).mine()).isEqualTo(peer);
        assertThat(ofBob.items().get(0).peer()).isEqualTo(mine);
    }

    @Test
    void selfConversationHasNoPeer() {
        users("alice");
        store("alice", "alice", "m1");

        Item item = storage()
                .conversations()
                .list("alice", 0, null, 10, Integer.MAX_VALUE)
                .items()
                .get(0);

        assertThat(item.conversation()).isEqualTo(Conversation.direct("alice", "alice"));
        assertThat(item.mine()).isEqualTo(new Mark("alice", item.conversation(), 0, 0, 0));
        assertThat(item.peer()).isNull();
    }

    @Test
    void whoeverHasWrittenTheNewestHasReadWhatStandsAbove() {
        users("alice", "bob");
        store("alice", "bob", "m1");
        store("bob", "alice", "m2");

        assertThat(only("alice").unread()).isEqualTo(2);
        assertThat(only("bob").unread()).isZero();
        assertThat(only("bob").readSeq()).isEqualTo(2);
        assertThat(only("bob").readOrdinal()).isEqualTo(2);
        storage().marks().raise(List.of(new Mark("alice", ALICE_BOB, 0, 1, 1)));
        assertThat(only("alice").unread()).isEqualTo(1);
        assertThat(only("alice").headOrdinal()).isEqualTo(2);
    }

    private Item only(String uid) {
        return storage()
                .conversations()
                .list(uid, 0, null, 10, Integer.MAX_VALUE)
                .items()
                .get(0);
    }

    @Test
    void othersConversationsAreNotListed() {
        users("alice", "bob", "carol");
        store("alice", "bob", "m1");

        assertThat(storage()
                        .conversations()
                        .list("carol", 0, null, 10, Integer.MAX_VALUE)
                        .items())
                .isEmpty();
    }

    @Test
    void pagesGiveEveryConversationOnce() {
        manyConversations(23);

        List<Conversation> listed = new ArrayList<>();
        int pages = 0;
        String page = null;
        do {
            Page given = storage().conversations().list("alice", 0, page, 5, Integer.MAX_VALUE);
            assertThat(given.items()).hasSizeLessThanOrEqualTo(5);
            assertThat(given.inboxHead()).isEqualTo(23);
            given.items().forEach(item -> listed.add(item.conversation()));
            page = given.next();
            pages++;
        } while (page != null && pages < 10);

        assertThat(listed).hasSize(23).doesNotHaveDuplicates();
        assertThat(pages).isEqualTo(5);
    }

    @Test
    void listThatEndsWithAFullPageHasNoNextPage() {
        manyConversations(4);

        Page first = storage().conversations().list("alice", 0, null, 2, Integer.MAX_VALUE);
        Page second = storage().conversations().list("alice", 0, first.next(), 2, Integer.MAX_VALUE);

        assertThat(first.items()).hasSize(2);
        assertThat(second.items()).hasSize(2);
        assertThat(second.next()).isNull();
    }

    /** Many groups with large newest messages, which others can make, must not make a list unanswerable. */
    @Test
    void aPageEndsBeforeItHasTooManyBytes() {
        users("alice");
        Random random = new Random(7);
        int[] sizes = new int[160];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = i % 3 == 0 ? 60_000 : random.nextInt(1, 60_000);
            users("peer" + i);
            append(draft("peer" + i, "alice", "m", new byte[sizes[i]]));
        }
        for (int bytesMax : new int[] {1, 60_000, 100_000, 1 << 18, Integer.MAX_VALUE}) {
            List<Conversation> listed = new ArrayList<>();
            String page = null;
            do {
                Page given = storage().conversations().list("alice", 0, page, 100, bytesMax);
                long bytes = given.items().stream()
                        .mapToLong(item -> item.last().content().length)
                        .sum();
                assertThat(given.items()).isNotEmpty().hasSizeLessThanOrEqualTo(100);
                assertThat(given.items().size() == 1 || bytes <= bytesMax)
                        .as(bytes + " of " + bytesMax)
                        .isTrue();
                given.items().forEach(item -> listed.add(item.conversation()));
                page = given.next();
            } while (page != null);
            assertThat(listed).as("at most " + bytesMax).hasSize(160).doesNotHaveDuplicates();
        }
    }

    @Test
    void pagesGoOnAfterReopen() {
        manyConversations(7);
        Page first = storage().conversations().list("alice", 0, null, 4, Integer.MAX_VALUE);

        storage().reopen();
        Page second = storage().conversations().list("alice", 0, first.next(), 4, Integer.MAX_VALUE);

        Set<Conversation> all = new HashSet<>(conversationsOf(first));
        all.addAll(conversationsOf(second));
        assertThat(all).hasSize(7);
    }

    @Test
    void onlyConversationsWithAnEntryAboveTheAskedOneAreListed() {
        manyConversations(6);
        store("peer2", "alice", "again");

        Page since4 = storage().conversations().list("alice", 4, null, 10, Integer.MAX_VALUE);

        assertThat(conversationsOf(since4))
                .containsExactlyInAnyOrder(
                        Conversation.direct("alice", "peer5"),
                        Conversation.direct("alice", "peer6"),
                        Conversation.direct("alice", "peer2"));
        assertThat(since4.inboxHead()).isEqualTo(7);
        assertThat(storage()
                        .conversations()
                        .list("alice", 7, null, 10, Integer.MAX_VALUE)
                        .items())
                .isEmpty();
        assertThat(storage()
                        .conversations()
                        .list("alice", 99, null, 10, Integer.MAX_VALUE)
                        .items())
                .isEmpty();
    }

    @Test
    void changedConversationsArePagedToo() {
        manyConversations(9);

        Page first = storage().conversations().list("alice", 2, null, 4, Integer.MAX_VALUE);
        Page second = storage().conversations().list("alice", 2, first.next(), 4, Integer.MAX_VALUE);

        assertThat(first.items()).hasSize(4);
        assertThat(second.items()).hasSize(3);
        assertThat(second.next()).isNull();
        assertThat(conversationsOf(first)).doesNotContainAnyElementsOf(conversationsOf(second));
    }

    @Test
    void ownReadEventCountsAsAnEntry() {
        manyConversations(3);
        Mark mark = new Mark("alice", Conversation.direct("alice", "peer1"), 0, 1, 1);
        storage().marks().appendReadEvents(List.of(mark));

        Page page = storage().conversations().list("alice", 3, null, 10, Integer.MAX_VALUE);

        assertThat(conversationsOf(page)).containsExactly(mark.conversation());
        assertThat(page.items().get(0).mine().readSeq()).isEqualTo(1);
    }

    @Test
    void thoseAskedForByNameAreGivenInTheOrderAsked() {
        manyConversations(6);
        users("eve", "mallory");
        store("eve", "mallory", "m1");
        List<Conversation> asked = List.of(
                Conversation.direct("alice", "peer5"),
                Conversation.direct("alice", "nobody"),
                Conversation.direct("alice", "peer2"),
                Conversation.direct("eve", "mallory"),
                Conversation.group("none"),
                Conversation.system("none", "alice"),
                Conversation.direct("alice", "peer6"));

        ConversationList.Some some = storage().conversations().only("alice", asked, Integer.MAX_VALUE);

        assertThat(some.passed()).isEqualTo(7);
        assertThat(some.items())
                .extracting(Item::conversation)
                .containsExactly(asked.get(0), asked.get(2), asked.get(6));
        List<Item> listed = storage()
                .conversations()
                .list("alice", 0, null, 10, Integer.MAX_VALUE)
                .items();
        some.items()
                .forEach(item -> assertThat(listed)
                        .anySatisfy(one ->
                                assertThat(one).usingRecursiveComparison().isEqualTo(item)));
        assertThat(storage().conversations().only("alice", List.of(), 1).passed())
                .isZero();
        assertThat(storage().conversations().only("stranger", asked, 1))
                .isEqualTo(new ConversationList.Some(List.of(), 7));
    }

    @Test
    void thoseAskedForByNameEndBeforeTheyHaveTooManyBytes() {
        users("alice");
        List<Conversation> asked = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            users("peer" + i);
            append(draft("peer" + i, "alice", "m", new byte[100]));
            asked.add(Conversation.direct("alice", "peer" + i));
            asked.add(Conversation.direct("alice", "nobody" + i));
        }
        for (int bytesMax : new int[] {1, 100, 299, 7_000, Integer.MAX_VALUE}) {
            List<Conversation> given = new ArrayList<>();
            int passed = 0;
            while (passed < asked.size()) {
                ConversationList.Some some =
                        storage().conversations().only("alice", asked.subList(passed, asked.size()), bytesMax);
                assertThat(some.passed()).isPositive();
                assertThat(some.items().size()).isLessThanOrEqualTo(Math.max(1, bytesMax / 100));
                some.items().forEach(item -> given.add(item.conversation()));
                passed += some.passed();
            }
            assertThat(given)
                    .as("at most " + bytesMax)
                    .containsExactlyElementsOf(asked.stream()
                            .filter(one -> !one.id().contains("nobody"))
                            .toList());
        }
    }

    private void manyConversations(int count) {
        users("alice");
        for (int i = 1; i <= count; i++) {
            users("peer" + i);
            store("peer" + i, "alice", "m1");
        }
    }

    private static Set<Conversation> conversationsOf(Page page) {
        return page.items().stream().map(Item::conversation).collect(Collectors.toSet());
    }
}
