package io.hongyan.im.adapter.sql;

import io.hongyan.im.adapter.sql.PushMapper.CountsRow;
import io.hongyan.im.adapter.sql.PushMapper.JobRow;
import io.hongyan.im.adapter.sql.PushMapper.StateRow;
import io.hongyan.im.adapter.sql.PushMapper.UserRow;
import io.hongyan.im.core.push.Push;
import io.hongyan.im.core.push.PushCounts;
import io.hongyan.im.core.push.PushJob;
import io.hongyan.im.core.push.PushMode;
import io.hongyan.im.core.push.PushState;
import io.hongyan.im.core.push.Pushes;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** A job is a row, with its list of recipients in it: one step reads or writes one row. */
final class SqlitePushes implements Pushes {
    private static final String LINE = "\n";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private final Readers readers;
    private final GroupCommit writes;
    private final SqliteWriter writer;

    SqlitePushes(Readers readers, GroupCommit writes, SqliteWriter writer) {
        this.readers = readers;
        this.writes = writes;
        this.writer = writer;
    }

    @Override
    public Submitted submit(Push push, byte[] digest, long nowMillis, int openMax) {
        return writes.write(() -> {
            String known = writing().findDigest(push.pushId());
            if (known != null) {
                return known.equals(HEX.formatHex(digest))
                        ? new Submitted.Accepted(toState(writing().findState(push.pushId())), true)
                        : new Submitted.OtherPush();
            }
            if (writing().countOpen() >= openMax) {
                return new Submitted.TooMany();
            }
            writing()
                    .insert(
                            push.pushId(),
                            digest,
                            push.channel(),
                            push.mode() == PushMode.ONLINE_ONLY,
                            push.forEverybody() ? null : String.join(LINE, push.recipients()),
                            push.content(),
                            nowMillis);
            return new Submitted.Accepted(toState(writing().findState(push.pushId())), false);
        });
    }

    @Override
    public Optional<PushState> find(String pushId) {
        return Optional.ofNullable(
                        readers.read(reader -> reader.mapper(PushMapper.class).findState(pushId)))
                .map(SqlitePushes::toState);
    }

    @Override
    public Optional<PushJob> take(String worker, long nowMillis, long leaseMillis) {
        // Mostly there is none: that must not cost a write.
        if (readers.read(reader -> reader.mapper(PushMapper.class).findFree(nowMillis)) == null) {
            return Optional.empty();
        }
        return Optional.ofNullable(writes.write(() -> {
                    Long id = writing().findFree(nowMillis);
                    if (id == null) {
                        return null;
                    }
                    writing().lease(id, worker, nowMillis + leaseMillis);
                    return writing().findJob(id);
                }))
                .map(SqlitePushes::toJob);
    }

    @Override
    public void release(String worker) {
        writes.write(() -> writing().release(worker));
    }

    @Override
    public boolean advance(PushJob job, String worker, long nowMillis, long leaseMillis) {
        return writes.write(() -> writing()
                        .advance(
                                job.push().pushId(),
                                worker,
                                nowMillis,
                                nowMillis + leaseMillis,
                                job.place(),
                                toRow(job.counts()))
                > 0);
    }

    @Override
    public boolean finish(PushJob job, String worker, long nowMillis) {
        return writes.write(() -> writing().finish(job.push().pushId(), worker, nowMillis, toRow(job.counts())) > 0);
    }

    @Override
    public UserPage users(long afterUser, int usersMax) {
        List<UserRow> rows =
                readers.read(reader -> reader.mapper(PushMapper.class).findUsers(afterUser, usersMax));
        long next = rows.isEmpty() ? afterUser : rows.get(rows.size() - 1).id();
        return new UserPage(rows.stream().map(UserRow::uid).toList(), next);
    }

    @Override
    public int forget(long finishedBeforeMillis, int jobsMax) {
        return writes.write(() -> writing().forget(finishedBeforeMillis, jobsMax));
    }

    private static PushState toState(StateRow row) {
        return new PushState(
                row.pushId(),
                row.channel(),
                mode(row.onlineOnly()),
                toCounts(row.counts()),
                row.submittedAt(),
                row.finishedAt());
    }

    private static PushJob toJob(JobRow row) {
        List<String> recipients = row.recipients() == null ? null : lines(row.recipients());
        Push push = new Push(row.pushId(), row.channel(), recipients, mode(row.onlineOnly()), row.content());
        return new PushJob(push, row.place(), toCounts(row.counts()));
    }

    private static PushMode mode(boolean onlineOnly) {
        return onlineOnly ? PushMode.ONLINE_ONLY : PushMode.STORE;
    }

    private static PushCounts toCounts(CountsRow row) {
        return new PushCounts(
                row.goneThrough(),
                row.stored(),
                row.online(),
                row.offline(),
                row.unknown(),
                lines(row.offlineUids()),
                lines(row.unknownUids()));
    }

    private static CountsRow toRow(PushCounts counts) {
        return new CountsRow(
                counts.recipients(),
                counts.stored(),
                counts.online(),
                counts.offline(),
                counts.unknown(),
                String.join(LINE, counts.offlineUids()),
                String.join(LINE, counts.unknownUids()));
    }

    private static List<String> lines(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(LINE));
    }

    /** Within a write. */
    private PushMapper writing() {
        return writer.mapper(PushMapper.class);
    }
}
