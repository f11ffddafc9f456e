package io.hongyan.im.adapter.sql;

import java.sql.Connection;
import java.sql.SQLException;

/** A connection as reads see it: everything is as it stands at the first of them. Used by one thread at a time. */
public interface ReadConnection {
    /** For statements by hand. */
    Connection connection();

    <M> M mapper(Class<M> type);

    LoginRows loginRows();

    EntryRows entryRows() throws SQLException;
}
