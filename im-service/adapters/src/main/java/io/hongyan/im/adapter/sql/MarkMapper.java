package io.hongyan.im.adapter.sql;

import org.apache.ibatis.annotations.Param;

/** SQL of {@link SqliteMarks}. */
interface MarkMapper {
    /** Null where there is no such mark. */
    MarkRow find(@Param("uid") String uid, @Param("kind") int kind, @Param("name") String name);

    /** How many rows there were to raise: 1 or 0. */
    int raise(
            @Param("uid") String uid,
            @Param("kind") int kind,
            @Param("name") String name,
            @Param("delivered") long delivered,
            @Param("read") long read);

    /** A mark as stored. */
    record MarkRow(long delivered, long read) {}
}
