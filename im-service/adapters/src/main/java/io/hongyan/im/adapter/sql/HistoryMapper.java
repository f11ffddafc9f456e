package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.send.History.Position;
import org.apache.ibatis.annotations.Param;
import org.apache.ibatis.session.ResultHandler;

/** SQL of {@link SqlHistory}. */
interface HistoryMapper {
    /** Null where there is no such conversation. */
    Long findHead(@Param("kind") int kind, @Param("name") String name);

    /** The newest up to a number; null where there is none. */
    Position findPosition(@Param("kind") int kind, @Param("name") String name, @Param("seq") long seq);

    void readMessages(
            @Param("kind") int kind,
            @Param("name") String name,
            @Param("above") long above,
            @Param("below") long below,
            @Param("newest") boolean newest,
            @Param("limit") int limit,
            ResultHandler<MessageRow> rows);
}
