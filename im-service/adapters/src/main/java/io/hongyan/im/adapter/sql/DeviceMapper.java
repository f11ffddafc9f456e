package io.hongyan.im.adapter.sql;

import java.util.List;
import org.apache.ibatis.annotations.Param;

/** SQL of {@link SqlDevices}. */
interface DeviceMapper {
    int deleteAll(@Param("userId") long userId);

    List<KnownRow> findAll(@Param("uid") String uid, @Param("limit") int limit);

    /** A device as it is listed. */
    record KnownRow(String device, long lastUsedAt) {}

    /** How many rows changed: 0 where the device is not known. */
    int use(@Param("userId") long userId, @Param("device") String device, @Param("now") long now);

    /** Cursor: the highest of the user's devices, times {@code sign}. */
    void insert(
            @Param("userId") long userId,
            @Param("device") String device,
            @Param("now") long now,
            @Param("sign") int sign);

    List<String> leastUsedFirst(@Param("userId") long userId);

    void delete(@Param("userId") long userId, @Param("device") String device);

    void updateSession(
            @Param("uid") String uid,
            @Param("device") String device,
            @Param("filters") String filters,
            @Param("expiresAt") Long expiresAt,
            @Param("now") long now);
}
