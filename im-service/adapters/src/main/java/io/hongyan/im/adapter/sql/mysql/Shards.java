package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.adapter.sql.ReadConnection;
import io.hongyan.im.adapter.sql.Work;
import io.hongyan.im.core.message.StorageException;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the database of each slot. What it remembers may be out of date: then a database refuses, and all of them are
 * asked again. Safe for many threads.
 */
final class Shards implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Shards.class);

    /** Above the time for which a slot may be frozen. */
    private static final long SEARCH_NANOS_MAX = 10_000_000_000L;

    private static final long PAUSE_NANOS = 20_000_000;

    private final List<Shard> all;
    private final LongSupplier nanoTime;
    private volatile Shard[] bySlot = new Shard[Slots.COUNT];
    private final AtomicLong searches = new AtomicLong();
    private long readAtNanos;

    /** @param all home first */
    Shards(List<Shard> all, LongSupplier nanoTime) {
        this.all = List.copyOf(all);
        if (all.size() == 1) {
            home().beAlone();
        }
        this.nanoTime = nanoTime;
    }

    List<Shard> all() {
        return all;
    }

    Shard home() {
        return all.get(0);
    }

    /** Null where no database is known to have it. */
    Shard of(int slot) {
        return bySlot[slot];
    }

    /** Asks all databases which slots they have; what one that is away had, stays its own where no other has it by now. */
    synchronized void read() {
        Map<Shard, BitSet> fresh = new LinkedHashMap<>();
        Shard[] found = new Shard[Slots.COUNT];
        for (Shard shard : all) {
            try {
                fresh.put(shard, readWhole(shard, SlotRows::here));
            } catch (StorageException away) {
                log.debug(
                        "the slots of {} could not be read, those known before stay in use: {}",
                        shard.name(),
                        away.toString());
                claim(found, knownOf(shard), shard);
            }
        }
        fresh.forEach((shard, slots) -> claim(found, slots, shard));
        for (int slot = 0; slot < Slots.COUNT; slot++) {
            if (found[slot] == null) {
                finishMoves(found);
                break;
            }
        }
        bySlot = found;
        readAtNanos = nanoTime.getAsLong();
    }

    /** Many may wait for one slot. */
    private synchronized void readUnlessDone() {
        if (nanoTime.getAsLong() - readAtNanos >= PAUSE_NANOS) {
            searches.incrementAndGet();
            read();
        }
    }

    /** A move whose switch was made and whose mover has died is ended by whoever looks for the slot. */
    private void finishMoves(Shard[] found) {
        for (Shard source : all) {
            try {
                readWhole(source, SlotRows::moved)
                        .forEach((slot, move) -> all.stream()
                                .filter(shard ->
                                        found[slot] == null && shard.name().equals(move.to()))
                                .forEach(shard -> {
                                    shard.whole().run(session -> {
                                        SlotRows.open(session.connection(), slot, move.mover());
                                        return null;
                                    });
                                    found[slot] = shard;
                                }));
            } catch (StorageException away) {
                log.debug("slots that have left {} are looked for later: {}", source.name(), away.toString());
            }
        }
    }

    /** How many it has, as far as is known. */
    long slotsOf(Shard shard) {
        return Arrays.stream(bySlot).filter(one -> one == shard).count();
    }

    private static void claim(Shard[] found, BitSet slots, Shard shard) {
        slots.stream().forEach(slot -> found[slot] = shard);
    }

    private BitSet knownOf(Shard shard) {
        Shard[] known = bySlot;
        BitSet slots = new BitSet(Slots.COUNT);
        for (int slot = 0; slot < Slots.COUNT; slot++) {
            slots.set(slot, known[slot] == shard);
        }
        return slots;
    }

    /** How often a slot was not where it was looked for. */
    long searches() {
        return searches.get();
    }

    /** A clock for durations. */
    long nanos() {
        return nanoTime.getAsLong();
    }

    /** Rows of one database, and the slots that it had at the same moment: rows of others are leftovers of a move. */
    record Seen<T>(BitSet slots, T rows) {}

    /**
     * Reads from all databases so that the rows of each slot are seen, whatever moves meanwhile; those of one that moves
     * perhaps twice. Statements are of one moment together only where there are several databases.
     *
     * @param passOverAway whether to go on without databases that are away, and what may be there by now
     */
    <T> List<Seen<T>> sweep(boolean passOverAway, Work<ReadConnection, T> work) {
        BitSet home = knownOf(home());
        if (home().isAlone() && home.cardinality() == Slots.COUNT) {
            // No slot can have gone: there is no other database.
            return List.of(new Seen<>(home, home().whole().readOne(work)));
        }
        long start = nanoTime.getAsLong();
        while (true) {
            List<Seen<T>> parts = new ArrayList<>();
            BitSet seen = new BitSet(Slots.COUNT);
            for (Shard shard : all) {
                if (!passOverAway || !shard.isAway()) {
                    Seen<T> part = shard.whole()
                            .read(session -> new Seen<>(SlotRows.here(session.connection()), work.run(session)));
                    seen.or(part.slots);
                    parts.add(part);
                }
            }
            if (seen.cardinality() == Slots.COUNT || parts.size() < all.size()) {
                return parts;
            }
            searchOn(start);
        }
    }

    /** Does something where a slot is. It may be done several times, each time from the beginning. */
    <T> T at(int slot, Function<SlotSession, T> work) {
        BitSet slots = new BitSet();
        slots.set(slot);
        long start = nanoTime.getAsLong();
        while (true) {
            Shard shard = bySlot[slot];
            if (shard != null) {
                try {
                    return work.apply(shard.of(slots));
                } catch (RuntimeException failure) {
                    if (!SlotMovedException.in(failure)) {
                        throw failure;
                    }
                }
            }
            searchOn(start);
        }
    }

    /**
     * Does something with many, once for each database that has any of them, or again for those whose slot has moved
     * meanwhile. Goes on with the others where a database fails.
     *
     * @throws RuntimeException the first failure, when all others are done
     */
    <K> void each(Collection<K> items, ToIntFunction<K> slotOf, BiConsumer<SlotSession, List<K>> work) {
        RuntimeException trouble = eachPossible(items, slotOf, work);
        if (trouble != null) {
            throw trouble;
        }
    }

    /** The same with the first failure as an answer, null where there was none. */
    <K> RuntimeException eachPossible(
            Collection<K> items, ToIntFunction<K> slotOf, BiConsumer<SlotSession, List<K>> work) {
        RuntimeException trouble = null;
        long start = nanoTime.getAsLong();
        Collection<K> left = items;
        while (!left.isEmpty()) {
            List<K> again = new ArrayList<>();
            for (Map.Entry<Shard, List<K>> one : byShard(left, slotOf, again).entrySet()) {
                BitSet slots = new BitSet(Slots.COUNT);
                one.getValue().forEach(item -> slots.set(slotOf.applyAsInt(item)));
                try {
                    work.accept(one.getKey().of(slots), one.getValue());
                } catch (RuntimeException failure) {
                    if (SlotMovedException.in(failure)) {
                        again.addAll(one.getValue());
                    } else if (trouble == null) {
                        trouble = failure;
                    }
                }
            }
            left = again;
            if (!again.isEmpty()) {
                try {
                    searchOn(start);
                } catch (StorageException nowhere) {
                    return trouble == null ? nowhere : trouble;
                }
            }
        }
        return trouble;
    }

    private <K> Map<Shard, List<K>> byShard(Collection<K> items, ToIntFunction<K> slotOf, List<K> nowhere) {
        Shard[] known = bySlot;
        Map<Shard, List<K>> groups = new LinkedHashMap<>();
        for (K item : items) {
            Shard shard = known[slotOf.applyAsInt(item)];
            if (shard == null) {
                nowhere.add(item);
            } else {
                groups.computeIfAbsent(shard, one -> new ArrayList<>()).add(item);
            }
        }
        return groups;
    }

    private void searchOn(long start) {
        if (nanoTime.getAsLong() - start > SEARCH_NANOS_MAX) {
            throw new StorageException("a slot is in no database that can be reached, or is frozen for too long", null);
        }
        LockSupport.parkNanos(PAUSE_NANOS);
        readUnlessDone();
    }

    /** A read on a connection, outside of any slot. */
    static <T> T readWhole(Shard shard, Work<Connection, T> work) {
        return shard.whole().read(session -> work.run(session.connection()));
    }

    /** The same of one statement. */
    static <T> T readWholeOne(Shard shard, Work<Connection, T> work) {
        return shard.whole().readOne(session -> work.run(session.connection()));
    }

    /** Looks for databases that have come back. */
    void look() {
        all.forEach(Shard::look);
    }

    @Override
    public void close() {
        all.forEach(Shard::close);
    }
}
