package io.hongyan.im.adapter.sql;

import java.util.List;
import org.apache.ibatis.annotations.Param;

/** SQL of {@link SqliteGroupCursors}. */
interface GroupCursorMapper {
    List<GroupCursorRow> find(@Param("uid") String uid, @Param("device") String device);

    /** Nothing where the device is not known. */
    void move(
            @Param("uid") String uid,
            @Param("device") String device,
            @Param("group") String group,
            @Param("seq") long seq);

    void delete(@Param("uid") String uid, @Param("device") String device, @Param("group") String group);

    /** How far a device has come in a group. */
    record GroupCursorRow(String group, long seq) {}
}
