package io.hongyan.im.adapter.sql;

import java.util.List;
import org.apache.ibatis.annotations.Param;

/** SQL of users and how they stand. */
public interface UserMapper {
    /** How many were made: 0 where there is such a user. */
    int insert(String uid);

    /** Takes the lock of the row where the engine has one. */
    void touch(@Param("uid") String uid, @Param("now") long now);

    void updateStanding(
            @Param("uid") String uid,
            @Param("state") int state,
            @Param("revokedAt") long revokedAt,
            @Param("revokedDevices") String revokedDevices);

    List<String> changedSince(@Param("at") long at, @Param("limit") int limit);
}
