package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.adapter.sql.ReadConnection;
import io.hongyan.im.adapter.sql.ReadExecutor;
import io.hongyan.im.adapter.sql.Transaction;
import io.hongyan.im.adapter.sql.Work;
import io.hongyan.im.adapter.sql.WriteExecutor;
import java.util.BitSet;

/**
 * Some slots in one database: each transaction first checks that they are there, and throws {@link
 * SlotMovedException} where one is not. Where there is no other database, reads skip the check: no slot can have moved. (A node
 * whose list is too short finds out within seconds; what it writes is refused at once.)
 */
final class SlotSession implements ReadExecutor, WriteExecutor {
    private final Shard shard;
    private final BitSet slots;

    SlotSession(Shard shard, BitSet slots) {
        this.shard = shard;
        this.slots = slots;
    }

    Shard shard() {
        return shard;
    }

    /** Not to be changed. */
    BitSet slots() {
        return slots;
    }

    @Override
    public <T> T read(Work<ReadConnection, T> work) {
        return shard.guarded(() -> shard.reads().read(session -> {
            if (!shard.isAlone()) {
                SlotRows.see(session.connection(), slots, shard.name());
            }
            return work.run(session);
        }));
    }

    /** Without a transaction where nothing has to be checked. */
    @Override
    public <T> T readOne(Work<ReadConnection, T> work) {
        return slots.isEmpty() || shard.isAlone()
                ? shard.guarded(() -> shard.reads().readOne(work))
                : read(work);
    }

    @Override
    public <T> T write(Work<Transaction, T> work) {
        return run(work::run);
    }

    /** The same where the work itself checks that the slots are there: {@link SlotRows#holdAndLock}. */
    <T> T runUnheld(Work<MysqlSession, T> work) {
        return shard.guarded(() -> shard.writes().run(work));
    }

    <T> T run(Work<MysqlSession, T> work) {
        return shard.guarded(() -> shard.writes().run(session -> {
            SlotRows.hold(session.connection(), slots, shard.name());
            return work.run(session);
        }));
    }
}
