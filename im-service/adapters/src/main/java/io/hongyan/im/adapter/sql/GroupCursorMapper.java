package io.hongyan.im.adapter.sql;

import org.apache.ibatis.annotations.Param;

/** SQL of {@link SqlGroupCursors}. */
interface GroupCursorMapper {
    /** Nothing where the device is not known. */
    void move(
            @Param("uid") String uid,
            @Param("device") String device,
            @Param("group") String group,
            @Param("seq") long seq);

    void delete(@Param("uid") String uid, @Param("device") String device, @Param("group") String group);
}
