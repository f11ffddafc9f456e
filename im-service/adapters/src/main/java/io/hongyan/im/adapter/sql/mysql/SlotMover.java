package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.adapter.sql.StorageCounters;
import io.hongyan.im.core.cluster.ProcessStall;
import io.hongyan.im.core.message.StorageException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves slots to another database while nodes use them. May be killed at any moment, and run again: the rows of the
 * slot say what is to be done next. Every step can be repeated, and is where a connection breaks. One at a time.
 */
public final class SlotMover implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SlotMover.class);

    /** Rows that a freeze has time for without anybody noticing much. */
    private static final long REST_ROWS_MAX = 1_000;

    /** Where so much is written that the rest does not become small, the freeze has to take what there is. */
    private static final int ROUNDS_MAX = 10;

    private final Shards shards;
    private final long frozenMillisMax;
    private final Consumer<Step> before;
    private final byte[] name = MysqlIds.bytes(UUID.randomUUID().toString());

    /** What is about to be done with a slot. */
    enum Step {
        COPY,
        CLAIM,
        FREEZE,
        COPY_REST,
        SWITCH,
        OPEN,
        DELETE
    }

    SlotMover(Shards shards, long frozenMillisMax, Consumer<Step> before) {
        this.shards = shards;
        this.frozenMillisMax = frozenMillisMax;
        this.before = before;
    }

    /**
     * @param frozenMillisMax how long the users and conversations of one slot may have to wait at most; below what
     *     connections wait for answers
     * @throws StorageException a database cannot be used, or is not what the settings say
     */
    public static SlotMover open(ShardedSettings settings, long frozenMillisMax, LongSupplier nanoTime) {
        Shards shards = new Shards(
                ShardedStorage.connect(settings, nanoTime, new StorageCounters(), ProcessStall.never()), nanoTime);
        try {
            ShardPlan.check(shards);
            return new SlotMover(shards, frozenMillisMax, step -> {});
        } catch (RuntimeException e) {
            shards.close();
            throw e;
        }
    }

    /** Which slots are where, a line for each database. */
    public List<String> plan() {
        return shards.all().stream()
                .map(shard -> shard.name() + ": " + SlotRows.text(TransactionRetry.read(shard, SlotRows::here)::get))
                .toList();
    }

    /**
     * Moves these slots, one after the other; those that are there already stay.
     *
     * @throws IllegalArgumentException there is no such database or slot
     * @throws StorageException a slot could not be moved; earlier ones are
     */
    public void move(int from, int to, String database) {
        Shard target = shards.all().stream()
                .filter(shard -> shard.name().equals(database))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no database " + database));
        if (from < 0 || to < from || to >= Slots.COUNT) {
            throw new IllegalArgumentException("slots are 0-" + (Slots.COUNT - 1));
        }
        for (int slot = from; slot <= to; slot++) {
            move(slot, target);
        }
    }

    private void move(int slot, Shard target) {
        finishEarlier(slot);
        Shard source = ownerOf(slot);
        if (source != target) {
            SlotCopy copy = new SlotCopy(slot, source, target, name);
            before.accept(Step.COPY);
            begin(slot, source, target);
            copy.clear();
            long changed = copy.round();
            for (int round = 1; round < ROUNDS_MAX && changed > REST_ROWS_MAX; round++) {
                changed = copy.round();
            }
            long frozenMillis = switchTo(copy, slot, source, target);
            finish(slot, source, target, name);
            log.info(
                    "slot {} has moved from {} to {}, frozen for {} ms",
                    slot,
                    source.name(),
                    target.name(),
                    frozenMillis);
        }
    }

    /** The rest of a move that was not finished, wherever it went. */
    private void finishEarlier(int slot) {
        for (Shard source : shards.all()) {
            SlotRows.Move move = TransactionRetry.read(source, SlotRows::moved).get(slot);
            if (move != null) {
                Shard target = shards.all().stream()
                        .filter(shard -> shard.name().equals(move.to()))
                        .findFirst()
                        .orElseThrow(() -> new StorageException(
                                "slot " + slot + " has moved to " + move.to() + ", which is not configured", null));
                finish(slot, source, target, move.mover());
            }
        }
    }

    private Shard ownerOf(int slot) {
        return shards.all().stream()
                .filter(shard -> TransactionRetry.read(shard, SlotRows::here).get(slot))
                .findFirst()
                .orElseThrow(() -> new StorageException("slot " + slot + " is in no database", null));
    }

    /**
     * From now on the move is this one's: whoever began one before, and goes on, is stopped by its next step. Both rows
     * must be as they were before: else this process has stalled, and another one has continued the move.
     */
    private void begin(int slot, Shard source, Shard target) {
        Optional<byte[]> earlier = TransactionRetry.read(target, connection -> SlotRows.coming(connection, slot));
        int mine = update(
                source,
                "UPDATE im_slot SET state = 0, mover = ? WHERE slot = ?"
                        + " AND (state = 0 OR state = 1 AND frozen_until <= SYSDATE(3))",
                name,
                slot);
        if (mine == 0) {
            throw new StorageException("slot " + slot + " is being moved by another process", null);
        }
        before.accept(Step.CLAIM);
        if (earlier.isEmpty()) {
            // Nothing where another has made the row meanwhile.
            update(
                    target,
                    "INSERT INTO im_slot (slot, state, mover) VALUES (?, 3, ?) ON DUPLICATE KEY UPDATE slot = im_slot.slot",
                    slot,
                    name);
        } else {
            update(
                    target,
                    "UPDATE im_slot SET mover = ? WHERE slot = ? AND state = 3 AND mover = ?",
                    name,
                    slot,
                    earlier.get());
        }
        Optional<byte[]> now = TransactionRetry.read(target, connection -> SlotRows.coming(connection, slot));
        if (now.isEmpty() || !Arrays.equals(now.get(), name)) {
            throw new StorageException("slot " + slot + " is being moved by another process now", null);
        }
    }

    /**
     * Nobody writes to the slot from the freeze on, until it is over or the slot has moved.
     *
     * @return for how many milliseconds nobody could
     */
    private long switchTo(SlotCopy copy, int slot, Shard source, Shard target) {
        before.accept(Step.FREEZE);
        long start = shards.nanos();
        int frozen = update(
                source,
                "UPDATE im_slot SET state = 1, moved_to = ?, frozen_until = DATE_ADD(SYSDATE(3), INTERVAL ? MICROSECOND)"
                        + " WHERE slot = ? AND state IN (0, 1) AND mover = ?",
                MysqlIds.bytes(target.name()),
                frozenMillisMax * 1_000,
                slot,
                name);
        if (frozen == 0) {
            throw new StorageException("slot " + slot + " is being moved by another process now", null);
        }
        try {
            before.accept(Step.COPY_REST);
            copy.round();
            before.accept(Step.SWITCH);
            // The clock of the database may be set back: then others have used the slot, by the time that it was
            // before.
            boolean inTime = shards.nanos() - start < frozenMillisMax * 1_000_000;
            if (!inTime
                    || update(
                                    source,
                                    "UPDATE im_slot SET state = 2 WHERE slot = ? AND mover = ?"
                                            + " AND (state = 1 AND frozen_until > SYSDATE(3) OR state = 2)",
                                    slot,
                                    name)
                            == 0) {
                throw new StorageException(
                        "what has changed in slot " + slot + " could not be copied within " + frozenMillisMax + " ms",
                        null);
            }
            return (shards.nanos() - start) / 1_000_000;
        } catch (StorageException trouble) {
            // It may be used where it is at once, unless the switch was made and its answer was lost.
            update(source, "UPDATE im_slot SET state = 0 WHERE slot = ? AND state = 1 AND mover = ?", slot, name);
            throw trouble;
        }
    }

    /** After the switch. */
    private void finish(int slot, Shard source, Shard target, byte[] mover) {
        before.accept(Step.OPEN);
        TransactionRetry.write(target, session -> {
            SlotRows.open(session.connection(), slot, mover);
            return null;
        });
        if (!TransactionRetry.read(target, SlotRows::here).get(slot)) {
            throw new StorageException(
                    "slot " + slot + " has left " + source.name() + " and is not open in " + target.name(), null);
        }
        before.accept(Step.DELETE);
        new SlotCopy(slot, source, target, mover).deleteSource();
        update(source, "DELETE FROM im_slot WHERE slot = ? AND state = 2 AND mover = ?", slot, mover);
    }

    private static int update(Shard shard, String sql, Object... values) {
        return TransactionRetry.write(shard, session -> SlotRows.update(session.connection(), sql, values));
    }

    @Override
    public void close() {
        shards.close();
    }
}
