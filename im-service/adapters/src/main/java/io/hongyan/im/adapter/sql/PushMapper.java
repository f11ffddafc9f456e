package io.hongyan.im.adapter.sql;

import java.util.List;
import org.apache.ibatis.annotations.Param;

/** SQL of {@link SqlPushes}. */
interface PushMapper {
    /** Null where there is none. */
    StateRow findState(String pushId);

    /** In hexadecimal upper case; null where there is none. */
    String findDigest(String pushId);

    int countOpen();

    void insert(
            @Param("pushId") String pushId,
            @Param("digest") byte[] digest,
            @Param("channel") String channel,
            @Param("onlineOnly") boolean onlineOnly,
            @Param("recipients") String recipients,
            @Param("content") byte[] content,
            @Param("now") long now);

    /** The id of the oldest open job that may be taken; null where there is none. */
    Long findFree(@Param("now") long now);

    /** How many rows have changed: 0 where another worker has taken the job. */
    int lease(@Param("id") long id, @Param("worker") String worker, @Param("now") long now, @Param("until") long until);

    int release(String worker);

    JobRow findJob(long id);

    /** How many rows have changed: 0 where the job is not held. */
    int advance(
            @Param("pushId") String pushId,
            @Param("worker") String worker,
            @Param("now") long now,
            @Param("until") long until,
            @Param("place") long place,
            @Param("counts") CountsRow counts);

    /** How many rows have changed: 0 where the job is not held. */
    int finish(
            @Param("pushId") String pushId,
            @Param("worker") String worker,
            @Param("now") long now,
            @Param("counts") CountsRow counts);

    List<UserRow> findUsers(@Param("afterUser") long afterUser, @Param("limit") int limit);

    int forget(@Param("before") long before, @Param("limit") int limit);

    record UserRow(long id, String uid) {}

    /** Lists of uids with a line for each. */
    record CountsRow(
            long goneThrough,
            long stored,
            long online,
            long offline,
            long unknown,
            String offlineUids,
            String unknownUids) {}

    record StateRow(
            String pushId, String channel, boolean onlineOnly, CountsRow counts, long submittedAt, long finishedAt) {}

    /** @param recipients null = everybody */
    record JobRow(
            String pushId,
            String channel,
            boolean onlineOnly,
            String recipients,
            byte[] content,
            long place,
            CountsRow counts) {}
}
