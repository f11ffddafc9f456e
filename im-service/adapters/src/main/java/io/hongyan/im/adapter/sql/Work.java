package io.hongyan.im.adapter.sql;

import java.sql.SQLException;

/**
 * What is to be done with a connection, a session on one, or a transaction: that is the work's own until it returns.
 * A work that writes may run again after having been undone, each time from the beginning.
 *
 * @param <S> what it is done with
 */
@FunctionalInterface
public interface Work<S, T> {
    T run(S session) throws SQLException;
}
