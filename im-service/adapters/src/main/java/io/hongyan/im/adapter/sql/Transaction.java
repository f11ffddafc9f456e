package io.hongyan.im.adapter.sql;

import java.sql.Connection;

/** A transaction as works see it. Used by one thread at a time. */
public interface Transaction {
    /** For statements by hand. */
    Connection connection();

    <M> M mapper(Class<M> type);

    /** For many writes whose results do not matter: they may be carried out together, at the end of the work. */
    <M> M batching(Class<M> type);

    LoginRows loginRows();
}
