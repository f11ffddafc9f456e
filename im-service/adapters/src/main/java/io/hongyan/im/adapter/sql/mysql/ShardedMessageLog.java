package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.adapter.sql.StorageCounter;
import io.hongyan.im.adapter.sql.StorageCounters;
import io.hongyan.im.core.cluster.FencingEpoch;
import io.hongyan.im.core.cluster.ProcessStall;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.send.AppendRules;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.send.MessageLog;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Appends batches, one transaction for each database of conversations. It writes the inbox rows of recipients whose inboxes
 * are in the same database too. A message for others leaves a marker; the inbox rows of those for few are written right
 * after, and their markers removed. What is in the way of that is left to a worker.
 */
final class ShardedMessageLog implements MessageLog {
    private final Shards shards;
    private final ShardedIds ids;
    private final Slots slots;
    private final LockedGroups groups;
    private final AppendRules rules;
    private final boolean messagesInFeed;
    private final StorageCounters counters;
    private final InboxWriter inboxWriter;
    private final ProcessStall processStall;

    ShardedMessageLog(
            Shards shards,
            ShardedIds ids,
            Slots slots,
            LockedGroups groups,
            AppendRules rules,
            boolean messagesInFeed,
            StorageCounters counters,
            ProcessStall processStall) {
        this.shards = shards;
        this.ids = ids;
        this.slots = slots;
        this.groups = groups;
        this.rules = rules;
        this.messagesInFeed = messagesInFeed;
        this.counters = counters;
        this.inboxWriter = new InboxWriter(shards);
        this.processStall = processStall;
    }

    /** What one transaction has stored, and where its drafts are in the batch. */
    private record Part(List<Integer> places, AppendBatch append, List<Supplier<Appended>> answers) {}

    /** An inbox write and where its draft is in the batch: an inbox gets what was sent first first. */
    private record Placed(int place, InboxWrite inboxWrite) {}

    @Override
    public List<Appended> append(List<Draft> batch, long nowMillis) {
        FencingEpoch asked = processStall.epoch();
        Appended[] results = new Appended[batch.size()];
        ShardedIds.Found<String> users = ids.possibleUsers(AppendFacts.uidsOf(batch));
        List<Integer> places = new ArrayList<>(batch.size());
        for (int place = 0; place < batch.size(); place++) {
            if (namesAny(batch.get(place), users.unasked())) {
                results[place] = notStored(users.trouble());
            } else {
                places.add(place);
            }
        }
        InboxOrder order = new InboxOrder(shards, batch, users.found());
        List<Part> parts = new ArrayList<>();
        RuntimeException trouble =
                shards.eachPossible(places, place -> Slots.of(batch.get(place).conversation()), (where, some) -> {
                    processStall.require(asked);
                    parts.add(storeTwice(where, batch, some, users.found(), order, nowMillis, asked));
                });
        bringToInboxes(parts);
        for (Part part : parts) {
            for (int i = 0; i < part.places.size(); i++) {
                results[part.places.get(i)] = part.answers.get(i).get();
            }
        }
        return finished(results, trouble == null ? users.trouble() : trouble, !parts.isEmpty());
    }

    private static boolean namesAny(Draft draft, Set<String> uids) {
        return !uids.isEmpty() && AppendFacts.uidsOf(List.of(draft)).stream().anyMatch(uids::contains);
    }

    private static Appended notStored(RuntimeException trouble) {
        return new Appended.NotStored(
                trouble instanceof StorageException known
                        ? known
                        : new StorageException("not stored: " + trouble.getMessage(), trouble));
    }

    /** Others of the batch are stored by then: one broken connection is no reason to fail these. */
    private Part storeTwice(
            SlotSession where,
            List<Draft> batch,
            List<Integer> places,
            Map<String, Long> users,
            InboxOrder order,
            long nowMillis,
            FencingEpoch asked) {
        try {
            return store(where, batch, places, users, order, nowMillis);
        } catch (StorageException broken) {
            if (SlotMovedException.in(broken) || where.shard().isAway()) {
                throw broken;
            }
            processStall.require(asked);
            Part again = store(where, batch, places, users, order, nowMillis);
            List<Supplier<Appended>> answers = again.answers.stream()
                    .<Supplier<Appended>>map(answer -> () -> untold(answer.get()))
                    .toList();
            return new Part(again.places, again.append, answers);
        }
    }

    /** The first attempt may have been committed. */
    private static Appended untold(Appended answer) {
        return answer instanceof Appended.Repeated first
                ? new Appended.Repeated(
                        first.seq(), first.ordinal(), first.sentAtMillis(), first.senderInboxSeq(), true)
                : answer;
    }

    private Part store(
            SlotSession where,
            List<Draft> batch,
            List<Integer> places,
            Map<String, Long> users,
            InboxOrder order,
            long nowMillis) {
        List<Draft> drafts = places.stream().map(batch::get).toList();
        Map<String, Long> named = new HashMap<>(users);
        named.keySet().retainAll(AppendFacts.uidsOf(drafts));
        // Who is here has a row with the name.
        Map<String, Long> strangers = new HashMap<>(named);
        strangers.values().removeIf(id -> id == ShardedIds.SYSTEM_ID || shards.of(Slots.ofId(id)) == where.shard());
        Part stored = where.runUnheld(session -> {
            ids.name(session.connection(), where.shard(), strangers);
            ShardedBatch sharded = new ShardedBatch(shards, where, named, this::newId, order, places);
            return store(session, drafts, places, sharded, nowMillis);
        });
        ids.named(where.shard(), strangers.values());
        return stored;
    }

    private Part store(
            MysqlSession session, List<Draft> drafts, List<Integer> places, ShardedBatch sharded, long nowMillis)
            throws SQLException {
        try {
            AppendBatch append = new AppendBatch(session.connection(), ids.here(), rules, nowMillis, sharded);
            List<Supplier<Appended>> answers = append.run(drafts, groups, messagesInFeed);
            return new Part(places, append, answers);
        } catch (RuntimeException mistake) {
            throw asMistake(mistake, drafts.size());
        }
    }

    /** What is no trouble of the storage is a mistake of the program. */
    private static RuntimeException asMistake(RuntimeException failure, int drafts) {
        return failure instanceof StorageException || MysqlErrors.in(failure) != null || SlotMovedException.in(failure)
                ? failure
                : new IllegalArgumentException("not storable: one of " + drafts + " drafts", failure);
    }

    private long newId(Conversation conversation) {
        return slots.newId(Slots.of(conversation));
    }

    private void bringToInboxes(List<Part> parts) {
        List<Placed> placed = new ArrayList<>();
        for (Part part : parts) {
            List<Integer> draftOfRow = part.append.draftOfRow();
            for (int row = 0; row < draftOfRow.size(); row++) {
                InboxWrite inboxWrite = part.append.inbox().inboxWrite(row);
                if (inboxWrite != null) {
                    placed.add(new Placed(part.places.get(draftOfRow.get(row)), inboxWrite));
                }
            }
        }
        placed.sort(Comparator.comparingInt(Placed::place));
        List<InboxWrite> all = placed.stream().map(Placed::inboxWrite).toList();
        RuntimeException left = inboxWriter.write(all);
        if (left != null) {
            counters.increment(StorageCounter.ARRIVALS_LEFT);
        }
        removeMarkers(parts, all);
    }

    /**
     * Of the entries that stand in all inboxes, with a note where they stand in those of senders elsewhere. A marker that
     * stays costs a worker a look, a note that is missing a number in the answer to a repeat.
     */
    private void removeMarkers(List<Part> parts, List<InboxWrite> all) {
        Map<FanOutMarks.Entry, Long> senderNumbers = new HashMap<>();
        parts.forEach(part -> part.append
                .senderNumbers()
                .forEach(one -> senderNumbers.put(new FanOutMarks.Entry(one[0], one[1]), one[2])));
        Map<FanOutMarks.Entry, Boolean> arrived = new HashMap<>();
        for (InboxWrite inboxWrite : all) {
            arrived.merge(
                    new FanOutMarks.Entry(inboxWrite.conversationId(), inboxWrite.seq()),
                    inboxWrite.isThere(),
                    Boolean::logicalAnd);
        }
        List<FanOutMarks.Entry> done = arrived.entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        RuntimeException trouble = shards.eachPossible(
                done,
                entry -> Slots.ofId(entry.conversationId()),
                (slotSession, some) -> slotSession.run(session -> {
                    FanOutMarks.delete(session.connection(), some);
                    FanOutMarks.noteSenders(session.connection(), some, senderNumbers);
                    return null;
                }));
        if (trouble != null) {
            counters.increment(StorageCounter.ARRIVALS_LEFT);
        }
    }

    private List<Appended> finished(Appended[] results, RuntimeException trouble, boolean anythingDone) {
        if (trouble != null && !(trouble instanceof StorageException)) {
            throw trouble;
        }
        if (trouble != null && !anythingDone && shards.all().stream().noneMatch(Shard::isAway)) {
            // It may pass, and nothing of the batch is held up by trying again.
            throw trouble;
        }
        IntStream.range(0, results.length)
                .filter(place -> results[place] == null)
                .forEach(place -> results[place] = notStored(trouble));
        List<Appended> answers = List.of(results);
        counters.appended(answers);
        return answers;
    }
}
