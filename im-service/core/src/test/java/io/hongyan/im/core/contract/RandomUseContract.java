package io.hongyan.im.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.group.GroupChange;
import io.hongyan.im.core.group.GroupChange.Created;
import io.hongyan.im.core.group.GroupChange.Joined;
import io.hongyan.im.core.group.GroupChange.Left;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.InboxPage;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.MessageId;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.receipt.Marks.Mark;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.send.MessageChange;
import io.hongyan.im.core.send.MessageChange.Edited;
import io.hongyan.im.core.send.MessageChange.Pinned;
import io.hongyan.im.core.send.MessageChange.Reacted;
import io.hongyan.im.core.send.MessageChange.Recalled;
import io.hongyan.im.core.simulation.PlainContents;
import io.hongyan.im.core.sync.ConversationList.Item;
import io.hongyan.im.core.sync.ConversationList.Page;
import io.hongyan.starters.Seeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random batches against a simple model, and many threads at once. */
@Timeout(180)
public abstract class RandomUseContract extends StorageContract {
    private static final int STEPS = 150;

    private static final int STEPS_PER_RECOUNT = 10;
    private static final int PAGE = 3;

    /** Its owner, the first user, stays; others come and go, so that its ordinals are not its numbers. */
    private static final Conversation GROUP = Conversation.group("crew");

    private static final GroupChange OPEN_TO_ALL = new Created("a", "crew", true, 0, List.of());

    private static final PlainContents CONTENTS = new PlainContents();

    /** More than a message may have. */
    private static final List<String> EMOJI = List.of("+1", "e", "E");

    /** Some differ in case only, one sorts between others; "ghost" is never made. */
    private static final List<String> UIDS = List.of("a", "A", "b", "Bob", "bob", "z.z", "ghost");

    /** Of those of a group the sender's is the first; the others stand in any order. */
    private static final RecursiveComparisonConfiguration ANY_ORDER_OF_INBOXES =
            RecursiveComparisonConfiguration.builder()
                    .withIgnoredCollectionOrderInFields("positions")
                    .build();

    static List<Long> seeds() {
        return Seeds.of(RandomUseContract.class);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void randomBatchesGiveWhatTheModelGives(long seed) {
        Random random = new Random(seed);
        StorageModel model = new StorageModel();
        for (String uid : UIDS.subList(0, 4)) {
            users(uid);
            model.ensure(uid);
        }
        Draft created = new Draft(GROUP, UIDS.get(0), PHONE, "created", new byte[] {1}, OPEN_TO_ALL);
        assertThat(append(created))
                .usingRecursiveFieldByFieldElementComparator()
                .containsExactly(model.append(created, NOW));
        for (int step = 0; step < STEPS; step++) {
            String where = "seed " + seed + " step " + step;
            int choice = random.nextInt(100);
            if (choice < 70) {
                appendRandomBatch(random, model, NOW + step, where);
            } else if (choice < 85) {
                appendRandomReadEvents(random, model, where);
            } else if (choice < 95) {
                String uid = UIDS.get(random.nextInt(UIDS.size() - 1));
                users(uid);
                model.ensure(uid);
            } else {
                storage().reopen();
            }
            if (step % STEPS_PER_RECOUNT == 0) {
                assertListsEqualRecount(model, where);
            }
        }
        assertThat(model.changes())
                .as("seed %d changes of messages", seed)
                .containsKeys("Edited", "Recalled", "Reacted", "Pinned")
                .containsKeys("UNKNOWN_MESSAGE", "NOT_ALLOWED");
        assertEqualsModel(model, seed);
        assertListsEqualRecount(model, "seed " + seed + " in the end");
    }

    private void appendRandomBatch(Random random, StorageModel model, long nowMillis, String where) {
        List<Draft> batch = new ArrayList<>();
        List<Appended> expected = new ArrayList<>();
        int size = 1 + random.nextInt(random.nextInt(10) == 0 ? 60 : 6);
        List<String> senders = List.copyOf(model.users());
        // Not both in one batch: over several databases an inbox gets those of a group before or after the others of a
        // batch.
        boolean toGroup = random.nextInt(4) == 0;
        for (int i = 0; i < size; i++) {
            String from = senders.get(random.nextInt(senders.size()));
            Draft draft = toGroup
                    ? randomDraftToGroup(random, model, from)
                    : randomDraft(
                            random, model, Conversation.direct(from, UIDS.get(random.nextInt(UIDS.size()))), from);
            batch.add(draft);
            expected.add(model.append(draft, nowMillis));
        }
        assertThat(storage().log().append(batch, nowMillis))
                .as(where)
                .usingRecursiveFieldByFieldElementComparator(ANY_ORDER_OF_INBOXES)
                .isEqualTo(expected);
    }

    private static String randomId(Random random) {
        return (random.nextBoolean() ? "m" : "M") + random.nextInt(40);
    }

    private static byte[] randomContent(Random random) {
        byte[] content = new byte[random.nextInt(50)];
        random.nextBytes(content);
        return content;
    }

    /** A message, of a member or not, or a change. */
    private static Draft randomDraftToGroup(Random random, StorageModel model, String from) {
        if (random.nextInt(3) > 0 || from.equals(UIDS.get(0))) {
            return randomDraft(random, model, GROUP, from);
        }
        GroupChange change = model.isMember(from, GROUP) ? new Left() : new Joined();
        return new Draft(GROUP, from, PHONE, randomId(random), randomContent(random), change);
    }

    /** A message, an answer, or the change of a message, which may not be there. */
    private static Draft randomDraft(Random random, StorageModel model, Conversation in, String from) {
        int choice = random.nextInt(10);
        long target = randomTarget(random, model, in);
        if (choice < 4) {
            return new Draft(in, from, PHONE, randomId(random), randomContent(random));
        } else if (choice == 4) {
            return new Draft(in, from, PHONE, randomId(random), randomAnswer(random, target), null, null, target);
        }
        MessageChange change = randomChange(random, target, randomTarget(random, model, in));
        long quoted = change instanceof Edited edited ? edited.quotedSeq() : 0;
        String id = "change" + random.nextInt(200);
        return new Draft(in, from, PHONE, id, CONTENTS.encode(change), null, change, quoted);
    }

    /** Mostly an early message; also another entry, or one that is not there yet. */
    private static long randomTarget(Random random, StorageModel model, Conversation in) {
        long target = 1;
        for (int i = 0; i < 3; i++) {
            target = 1 + random.nextInt(1 + random.nextInt(model.head(in) + 1));
            if (target <= model.head(in) && model.counts(in, target)) {
                return target;
            }
        }
        return target;
    }

    private static MessageChange randomChange(Random random, long target, long other) {
        int choice = random.nextInt(10);
        if (choice < 3) {
            return new Reacted(target, EMOJI.get(random.nextInt(EMOJI.size())), random.nextInt(3) == 0);
        } else if (choice < 5) {
            return new Pinned(target, random.nextInt(3) > 0);
        } else if (choice < 6) {
            return new Recalled(target);
        } else if (choice < 7) {
            return new Edited(target, randomAnswer(random, other), other);
        }
        return new Edited(target, bytes("edit " + random.nextInt(1_000)), 0);
    }

    private static byte[] randomAnswer(Random random, long quoted) {
        return PlainContents.answer(quoted, "excerpt" + random.nextInt(10), "answer" + random.nextInt(1_000));
    }

    private void appendRandomReadEvents(Random random, StorageModel model, String where) {
        List<Conversation> conversations = List.copyOf(model.conversations());
        if (conversations.isEmpty()) {
            return;
        }
        List<Mark> marks = new ArrayList<>();
        for (int i = random.nextInt(5); i >= 0; i--) {
            Conversation conversation = conversations.get(random.nextInt(conversations.size()));
            List<String> readers = List.copyOf(model.readers(conversation));
            String uid = readers.get(random.nextInt(readers.size()));
            int head = model.head(conversation);
            int delivered = random.nextInt(head + 1);
            StoredMessage read = model.entry(conversation, 1 + random.nextInt(head));
            marks.add(new Mark(uid, conversation, delivered, read.seq(), read.ordinal()));
        }
        if (random.nextBoolean()) {
            storage().marks().raise(marks);
            marks.forEach(model::raise);
        } else {
            assertThat(storage().marks().appendReadEvents(marks).positions())
                    .as(where)
                    .isEqualTo(marks.stream().map(model::appendReadEvent).toList());
        }
    }

    private void assertEqualsModel(StorageModel model, long seed) {
        for (Conversation conversation : model.conversations()) {
            assertThat(logOf(conversation))
                    .as("seed %d log of %s", seed, conversation)
                    .usingElementComparator((one, other) -> same(one, other) ? 0 : 1)
                    .isEqualTo(model.log(conversation));
            for (String uid : model.readers(conversation)) {
                assertThat(storage().marks().find(uid, conversation)).isEqualTo(model.mark(uid, conversation));
            }
        }
        for (String uid : model.users()) {
            assertThat(inboxOf(uid).entries())
                    .as("seed %d inbox of %s", seed, uid)
                    .usingRecursiveFieldByFieldElementComparator()
                    .isEqualTo(model.inboxNow(uid));
            for (Conversation conversation : model.conversations()) {
                assertReactionsEqualModel(model, uid, conversation, seed);
            }
        }
        assertThat(storage().changed().due(10, 10)).isEmpty();
    }

    private void assertReactionsEqualModel(StorageModel model, String uid, Conversation conversation, long seed) {
        List<MessageId> messages = model.log(conversation).stream()
                .filter(message ->
                        message.state() != null && !message.state().reactions().isEmpty())
                .map(message -> new MessageId(conversation, message.seq()))
                .toList();
        Map<MessageId, Set<String>> reactions =
                new HashMap<>(storage().changed().reactionsOf(uid, messages));
        reactions.values().removeIf(Set::isEmpty);
        assertThat(reactions)
                .as("seed %d reactions of %s in %s", seed, uid, conversation)
                .isEqualTo(model.reactionsOf(uid, conversation));
    }

    /** What is unread is a difference of ordinals there, and counted in the log here. */
    private void assertListsEqualRecount(StorageModel model, String where) {
        for (String uid : model.users()) {
            Map<Conversation, Item> listed = new HashMap<>();
            String next = null;
            do {
                Page page = storage().conversations().list(uid, 0, next, PAGE, ALL);
                page.items()
                        .forEach(item -> assertThat(listed.put(item.conversation(), item))
                                .isNull());
                next = page.next();
            } while (next != null);
            assertThat(listed.keySet()).as("%s list of %s", where, uid).isEqualTo(model.listed(uid));
            List<Conversation> asked = List.copyOf(model.conversations());
            List<Item> some = storage().conversations().only(uid, asked, ALL).items();
            assertThat(some).extracting(Item::conversation).containsExactlyInAnyOrderElementsOf(listed.keySet());
            for (Item item : some) {
                Conversation conversation = item.conversation();
                String what = where + " " + conversation + " of " + uid;
                assertThat(item.unread()).as(what).isEqualTo(model.unread(uid, conversation));
                assertThat(same(item.last(), model.last(uid, conversation)))
                        .as(what)
                        .isTrue();
                assertThat(listed.get(conversation))
                        .as(what)
                        .usingRecursiveComparison()
                        .isEqualTo(item);
            }
        }
    }

    @Test
    void manyThreadsSharingOneReceiverLeaveNoGaps() throws Exception {
        int writers = 4;
        int batches = 40;
        users("hub");
        for (int w = 0; w < writers; w++) {
            users("w" + w);
        }
        AtomicBoolean written = new AtomicBoolean();
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<Future<?>> work = new ArrayList<>();
            for (int w = 0; w < writers; w++) {
                String writer = "w" + w;
                work.add(threads.submit(() -> writeAndReadBack(writer, batches)));
            }
            Future<?> reader = threads.submit(followHub(written));
            for (Future<?> done : work) {
                done.get();
            }
            written.set(true);
            reader.get();
        } finally {
            threads.shutdownNow();
        }
        InboxPage hub = inboxOf("hub");
        assertThat(hub.headSeq()).isEqualTo(3L * writers * batches);
        assertThat(hub.entries()).hasSize(3 * writers * batches);
        for (int w = 0; w < writers; w++) {
            assertThat(logOf(Conversation.direct("hub", "w" + w)))
                    .extracting(StoredMessage::seq)
                    .hasSize(3 * batches)
                    .endsWith(3L * batches);
        }
    }

    private void writeAndReadBack(String writer, int batches) {
        for (int i = 0; i < batches; i++) {
            List<Appended> results =
                    append(draft(writer, "hub", "a" + i), draft("hub", writer, "b" + i), draft(writer, "hub", "c" + i));
            long last = positionOf("hub", results.get(2));
            assertThat(storage().inbox().head("hub")).isGreaterThanOrEqualTo(last);
            assertThat(storage().history().head(Conversation.direct("hub", writer)))
                    .isEqualTo(3L * i + 3);
        }
    }

    private Callable<Void> followHub(AtomicBoolean written) {
        return () -> {
            long position = 0;
            boolean last;
            do {
                last = written.get();
                InboxPage page = storage().inbox().read("hub", position, 50, ALL);
                for (Entry entry : page.entries()) {
                    position++;
                    assertThat(entry.seq()).isEqualTo(position);
                }
                assertThat(page.headSeq()).isGreaterThanOrEqualTo(position);
            } while (!last || storage().inbox().head("hub") > position);
            return null;
        };
    }

    @Test
    void manyThreadsEnsuringTheSameUsersMakeThemOnce() throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> work = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                work.add(threads.submit(() -> {
                    for (int i = 0; i < 25; i++) {
                        users("user" + i);
                    }
                }));
            }
            for (Future<?> done : work) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
        for (int i = 0; i < 25; i++) {
            assertThat(storage().users().exists("user" + i)).isTrue();
        }
        assertThat(store("user0", "user24", "m1").seq()).isEqualTo(1);
    }
}
