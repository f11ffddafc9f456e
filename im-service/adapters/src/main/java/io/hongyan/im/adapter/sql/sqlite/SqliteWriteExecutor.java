package io.hongyan.im.adapter.sql.sqlite;

import io.hongyan.im.adapter.sql.Transaction;
import io.hongyan.im.adapter.sql.Work;
import io.hongyan.im.adapter.sql.WriteExecutor;

/** Works of ports that do not know the engine, in the transactions of the one writer. */
final class SqliteWriteExecutor implements WriteExecutor {
    private final GroupCommit commits;
    private final SqliteWriter writer;

    SqliteWriteExecutor(GroupCommit commits, SqliteWriter writer) {
        this.commits = commits;
        this.writer = writer;
    }

    @Override
    public <T> T write(Work<Transaction, T> work) {
        return commits.write(() -> work.run(writer));
    }
}
