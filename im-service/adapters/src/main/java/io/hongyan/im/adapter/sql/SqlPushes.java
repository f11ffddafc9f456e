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
import java.util.function.LongUnaryOperator;

/** A job is a row, with its list of recipients in it: one step reads or writes one row. */
public final class SqlPushes implements Pushes {
    private static final String LINE = "\n";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private final ReadExecutor reads;
    private final WriteExecutor writes;
    private final LongUnaryOperator leaseTime;

    /** @param leaseTime the time that leases are measured in, from the time of the caller */
    public SqlPushes(ReadExecutor reads, WriteExecutor writes, LongUnaryOperator leaseTime) {
        this.reads = reads;
        this.writes = writes;
        this.leaseTime = leaseTime;
    }

    @Override
    public Submitted submit(Push push, byte[] digest, long nowMillis, int openMax) {
        return writes.write(transaction -> {
            PushMapper rows = transaction.mapper(PushMapper.class);
            String known = rows.findDigest(push.pushId());
            if (known != null) {
                return known.equals(HEX.formatHex(digest))
                        ? new Submitted.Accepted(toState(rows.findState(push.pushId())), true)
                        : new Submitted.OtherPush();
            }
            if (rows.countOpen() >= openMax) {
                return new Submitted.TooMany();
            }
            rows.insert(
                    push.pushId(),
                    digest,
                    push.channel(),
                    push.mode() == PushMode.ONLINE_ONLY,
                    push.forEverybody() ? null : String.join(LINE, push.recipients()),
                    push.content(),
                    nowMillis);
            return new Submitted.Accepted(toState(rows.findState(push.pushId())), false);
        });
    }

    @Override
    public Optional<PushState> find(String pushId) {
        return Optional.ofNullable(reads.read(
                        connection -> connection.mapper(PushMapper.class).findState(pushId)))
                .map(SqlPushes::toState);
    }

    @Override
    public Optional<PushJob> take(String worker, long nowMillis, long leaseMillis) {
        long now = leaseTime.applyAsLong(nowMillis);
        // Mostly there is none: that must not cost a write.
        Long free = findFree(now);
        while (free != null) {
            long id = free;
            JobRow taken = writes.write(transaction -> {
                PushMapper rows = transaction.mapper(PushMapper.class);
                return rows.lease(id, worker, now, now + leaseMillis) > 0 ? rows.findJob(id) : null;
            });
            if (taken != null) {
                return Optional.of(toJob(taken));
            }
            // Another worker was faster, and holds it now.
            free = findFree(now);
        }
        return Optional.empty();
    }

    private Long findFree(long now) {
        return reads.read(connection -> connection.mapper(PushMapper.class).findFree(now));
    }

    @Override
    public void release(String worker) {
        writes.write(transaction -> transaction.mapper(PushMapper.class).release(worker));
    }

    @Override
    public boolean advance(PushJob job, String worker, long nowMillis, long leaseMillis) {
        long now = leaseTime.applyAsLong(nowMillis);
        return writes.write(transaction -> transaction
                        .mapper(PushMapper.class)
                        .advance(job.push().pushId(), worker, now, now + leaseMillis, job.place(), toRow(job.counts()))
                > 0);
    }

    @Override
    public boolean finish(PushJob job, String worker, long nowMillis) {
        long now = leaseTime.applyAsLong(nowMillis);
        return writes.write(transaction ->
                transaction.mapper(PushMapper.class).finish(job.push().pushId(), worker, now, toRow(job.counts())) > 0);
    }

    @Override
    public UserPage users(long afterUser, int usersMax) {
        List<UserRow> rows =
                reads.read(connection -> connection.mapper(PushMapper.class).findUsers(afterUser, usersMax));
        long next = rows.isEmpty() ? afterUser : rows.get(rows.size() - 1).id();
        return new UserPage(rows.stream().map(UserRow::uid).toList(), next);
    }

    @Override
    public int forget(long finishedBeforeMillis, int jobsMax) {
        return writes.write(transaction -> transaction.mapper(PushMapper.class).forget(finishedBeforeMillis, jobsMax));
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
}
