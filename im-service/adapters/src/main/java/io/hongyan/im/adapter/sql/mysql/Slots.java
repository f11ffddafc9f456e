package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.core.feed.FeedKeys;
import io.hongyan.im.core.message.Conversation;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.zip.CRC32;

/**
 * What goes together over several databases: each conversation and each user is of one slot, by its name, and its id has
 * the slot in its highest bits. So the rows of a slot are one range of ids, in whatever database they are.
 */
final class Slots {
    static final int COUNT = 1024;

    /** By so many bits the slot is higher in an id. */
    static final int SHIFT = 53;

    private static final int CHANCE_BITS = 12;
    private static final long MILLIS_MASK = (1L << SHIFT - CHANCE_BITS) - 1;

    /** 2020-01-01; enough for 69 years. */
    private static final long EPOCH_MILLIS = 1_577_836_800_000L;

    private final InstantSource clock;

    Slots(InstantSource clock) {
        this.clock = clock;
    }

    static int ofUser(String uid) {
        return of(FeedKeys.user(uid));
    }

    static int of(Conversation conversation) {
        return of(FeedKeys.conversation(conversation));
    }

    /** As {@code CRC32(key) % 1024} of the database says. */
    private static int of(String key) {
        CRC32 crc = new CRC32();
        crc.update(key.getBytes(StandardCharsets.UTF_8));
        return (int) (crc.getValue() % COUNT);
    }

    static int ofId(long id) {
        return (int) (id >>> SHIFT);
    }

    /** The least id that a slot can have; above it are all of its ids, and below that of the next slot. */
    static long firstId(int slot) {
        return (long) slot << SHIFT;
    }

    /**
     * An id that nobody has, most likely: another of the same slot and millisecond may have the same chance, and then the
     * database refuses the row and its transaction is repeated.
     */
    long newId(int slot) {
        long millis = clock.millis() - EPOCH_MILLIS & MILLIS_MASK;
        long chance = ThreadLocalRandom.current().nextLong(1L << CHANCE_BITS);
        return firstId(slot) | millis << CHANCE_BITS | chance;
    }
}
