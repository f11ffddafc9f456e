package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.adapter.sql.mysql.SlotRows.Identity;
import io.hongyan.im.core.message.StorageException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ensures that the configured databases belong together, and that each slot is in one of them. */
final class ShardPlan {
    private static final Logger log = LoggerFactory.getLogger(ShardPlan.class);

    private static final String LOCK = "CONCAT('slots:', MD5(DATABASE()))";
    private static final int LOCK_SECONDS_MAX = 30;
    private static final int LOCK_HELD_SECONDS_MAX = 604_800;
    private static final int LOOKS_MAX = 5;
    private static final long PAUSE_NANOS = 100_000_000;

    private ShardPlan() {}

    /** @throws StorageException they are not what the configuration says */
    static void check(Shards shards) {
        // If several nodes start at once, one of them does it.
        try (Connection connection = shards.home().writers().getConnection();
                Statement statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery("SELECT GET_LOCK(" + LOCK + ", " + LOCK_SECONDS_MAX + ")")) {
                if (!row.next() || row.getInt(1) != 1) {
                    throw refused("another node has held the lock on the list of databases for too long");
                }
            }
            // Giving ids to all rows may take long, and this connection is idle meanwhile.
            statement.execute("SET SESSION wait_timeout = " + LOCK_HELD_SECONDS_MAX);
            connection.rollback();
            try {
                checkAlone(shards);
            } finally {
                statement.execute("SET SESSION wait_timeout = " + MysqlPools.SILENT_SECONDS_MAX);
                statement.execute("DO RELEASE_LOCK(" + LOCK + ")");
                connection.rollback();
            }
        } catch (SQLException e) {
            throw refused("the database " + shards.home().name() + " cannot be used: " + e.getMessage());
        }
    }

    private static void checkAlone(Shards shards) {
        Map<Shard, Identity> known = identities(shards);
        Identity home = known.get(shards.home());
        if (home == null || home.unsplit()) {
            begin(shards, known);
            known = identities(shards);
            home = known.get(shards.home());
        }
        join(shards, known, home.installation());
        checkSlots(shards);
    }

    private static Map<Shard, Identity> identities(Shards shards) {
        Map<Shard, Identity> known = new HashMap<>();
        Set<String> names = new HashSet<>();
        for (Shard shard : shards.all()) {
            Identity identity = Shards.readWhole(shard, SlotRows::identity);
            if (identity != null) {
                if (!identity.name().equals(shard.name())) {
                    throw refused("the database that is configured as " + shard.name() + " is " + identity.name()
                            + (names.contains(identity.name()) ? ", which is configured under that name too" : ""));
                }
                if (identity.home() != (shard == shards.home())) {
                    throw refused(
                            identity.home()
                                    ? "the database " + shard.name() + " must be the first that is configured"
                                    : "the database " + shard.name() + " was not the first one, and must not be now");
                }
                known.put(shard, identity);
            }
            names.add(shard.name());
        }
        return known;
    }

    private static void begin(Shards shards, Map<Shard, Identity> known) {
        if (known.containsKey(shards.home()) || Shards.readWhole(shards.home(), SlotRows::isUsed)) {
            beginUnsplit(shards.home(), known);
        } else {
            beginEmpty(shards, known);
        }
    }

    /** A database that was used without slots gets all of them. Others get theirs by moves. */
    private static void beginUnsplit(Shard home, Map<Shard, Identity> known) {
        if (!known.containsKey(home)) {
            known.keySet().stream().findFirst().ifPresent(other -> {
                throw refused("the database " + home.name() + " has data of an installation with one database, and "
                        + other.name() + " is of another installation");
            });
            MysqlNodes nodes = new MysqlNodes(home.writes(), home.server());
            nodes.awaitNobody();
            Identity identity = new Identity(UUID.randomUUID().toString(), home.name(), true, true);
            write(home, connection -> SlotRows.insertIdentity(connection, identity));
            try {
                // One that has not seen this row has come before.
                nodes.awaitNobody();
            } catch (StorageException somebody) {
                write(home, connection -> SlotRows.update(connection, "DELETE FROM im_shard WHERE unsplit = 1"));
                throw somebody;
            }
        }
        log.info("the rows of the database {} get ids with slots", home.name());
        try (Connection connection = home.patientConnection()) {
            new SlotIds(connection, () -> {}).giveOut();
        } catch (SQLException e) {
            throw new StorageException(
                    "the rows of the database " + home.name() + " do not all have ids with slots yet: " + e.getMessage()
                            + "; the next start continues",
                    e);
        }
        log.info("the database {} has all slots", home.name());
    }

    /** What is to be written. */
    @FunctionalInterface
    private interface Write {
        void run(Connection connection) throws SQLException;
    }

    private static void write(Shard shard, Write write) {
        shard.whole().run(session -> {
            write.run(session.connection());
            return null;
        });
    }

    /**
     * Gives out the slots evenly, home's last: what was begun and not finished is begun again. What is there already must
     * be of the same plan, or a slot would be in two databases, which is found when all is done.
     */
    private static void beginEmpty(Shards shards, Map<Shard, Identity> known) {
        String installation = known.values().stream()
                .findFirst()
                .map(Identity::installation)
                .orElseGet(() -> UUID.randomUUID().toString());
        List<Shard> all = shards.all();
        for (int i = all.size() - 1; i >= 0; i--) {
            Shard shard = all.get(i);
            if (Shards.readWhole(shard, SlotRows::isUsed)) {
                throw refused("the database " + shard.name()
                        + " has data of an installation with one database: it must be the first that is configured");
            }
            int from = i * Slots.COUNT / all.size();
            int to = (i + 1) * Slots.COUNT / all.size();
            boolean knows = known.containsKey(shard);
            shard.whole().run(session -> {
                Connection connection = session.connection();
                SlotRows.insert(connection, IntStream.range(from, to).boxed().toList());
                Identity there = SlotRows.identity(connection);
                if (!knows && there == null) {
                    SlotRows.insertIdentity(
                            connection, new Identity(installation, shard.name(), shard == shards.home(), false));
                }
                return null;
            });
            log.info("the database {} has the slots {}-{}", shard.name(), from, to - 1);
        }
    }

    /** A database that is new among others has no slots before some are moved to it. */
    private static void join(Shards shards, Map<Shard, Identity> known, String installation) {
        for (Shard shard : shards.all()) {
            Identity identity = known.get(shard);
            if (identity == null) {
                if (Shards.readWhole(shard, SlotRows::isUsed)) {
                    throw refused("the database " + shard.name() + " is new here and has data already");
                }
                Identity now = new Identity(installation, shard.name(), false, false);
                write(shard, connection -> SlotRows.insertIdentity(connection, now));
                log.info("the database {} is new, and has no slots yet", shard.name());
            } else if (!identity.installation().equals(installation)) {
                throw refused("the database " + shard.name() + " is of another installation");
            }
        }
        Set<String> urls = new HashSet<>();
        shards.all().forEach(shard -> {
            if (!urls.add(shard.server())) {
                throw refused("the database " + shard.name() + " is configured twice");
            }
        });
    }

    /** One database is read after the other: a slot that moves meanwhile may be seen in both, or in none. */
    private static void checkSlots(Shards shards) {
        for (int attempt = 1; attempt < LOOKS_MAX; attempt++) {
            try {
                checkSlotsOnce(shards);
                return;
            } catch (StorageException perhapsMoving) {
                log.debug("looking again: {}", perhapsMoving.toString());
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        checkSlotsOnce(shards);
    }

    private static void checkSlotsOnce(Shards shards) {
        BitSet found = new BitSet(Slots.COUNT);
        Map<Integer, SlotRows.Move> moving = new HashMap<>();
        for (Shard shard : shards.all()) {
            BitSet here = Shards.readWhole(shard, SlotRows::here);
            if (here.intersects(found)) {
                here.and(found);
                throw refused(
                        "the slots " + SlotRows.text(here::get) + " are in two databases, one of them " + shard.name());
            }
            found.or(here);
            moving.putAll(Shards.readWhole(shard, SlotRows::moved));
        }
        Set<String> names = new HashSet<>();
        shards.all().forEach(shard -> names.add(shard.name()));
        // One whose move was not finished is finished by whoever moves.
        BitSet missing = new BitSet(Slots.COUNT);
        missing.set(0, Slots.COUNT);
        missing.andNot(found);
        moving.forEach((slot, to) -> {
            if (names.contains(to.to())) {
                missing.clear(slot);
            }
        });
        if (!missing.isEmpty()) {
            throw refused("the slots " + SlotRows.text(missing::get) + " are in none of the configured databases");
        }
    }

    private static StorageException refused(String why) {
        return new StorageException("storage.mysql.databases: " + why, null);
    }
}
