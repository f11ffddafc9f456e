package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.adapter.sql.Work;
import io.hongyan.im.core.message.StorageException;
import java.sql.Connection;
import java.util.function.Supplier;

/** Transactions that are repeated when their connection breaks: whether they were committed is not known then. */
final class TransactionRetry {
    private static final int ATTEMPTS_MAX = 3;

    private TransactionRetry() {}

    /**
     * @param work does no harm where it was done before
     * @throws StorageException the database is away, refuses the work, or broke the connection each time
     */
    static <T> T write(Shard shard, Work<MysqlSession, T> work) {
        return repeat(() -> shard.whole().run(work));
    }

    /** @throws StorageException as {@link #write} */
    static <T> T read(Shard shard, Work<Connection, T> work) {
        return repeat(() -> Shards.readWhole(shard, work));
    }

    private static <T> T repeat(Supplier<T> transaction) {
        for (int attempt = 1; ; attempt++) {
            try {
                return transaction.get();
            } catch (StorageException broken) {
                if (attempt == ATTEMPTS_MAX || !ShardCircuitBreaker.isOfTheConnection(broken)) {
                    throw broken;
                }
            }
        }
    }
}
