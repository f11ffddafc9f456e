package io.hongyan.im.core.simulation;

import io.hongyan.im.core.message.SystemUser;
import io.hongyan.im.core.push.Push;
import io.hongyan.im.core.push.PushCounts;
import io.hongyan.im.core.push.PushJob;
import io.hongyan.im.core.push.PushState;
import io.hongyan.im.core.push.Pushes;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The jobs of pushes in an {@link InMemoryStorage}. */
final class InMemoryPushes implements Pushes {
    private final InMemoryStorage storage;
    /** By id, in the order of submission. */
    private final Map<String, Row> rows = new LinkedHashMap<>();

    private static final class Row {
        private final Push push;
        private final byte[] digest;
        private final long submittedAt;
        private long place;
        private PushCounts counts = PushCounts.NOTHING;
        private String worker;
        private long leaseUntil;
        private long finishedAt;

        Row(Push push, byte[] digest, long submittedAt) {
            this.push = push;
            this.digest = digest;
            this.submittedAt = submittedAt;
        }

        PushState state() {
            return new PushState(push.pushId(), push.channel(), push.mode(), counts, submittedAt, finishedAt);
        }

        boolean heldBy(String asker, long now) {
            return finishedAt == 0 && asker.equals(worker) && leaseUntil >= now;
        }
    }

    InMemoryPushes(InMemoryStorage storage) {
        this.storage = storage;
    }

    @Override
    public Submitted submit(Push push, byte[] digest, long nowMillis, int openMax) {
        synchronized (storage) {
            Row known = rows.get(push.pushId());
            if (known != null) {
                return Arrays.equals(known.digest, digest)
                        ? new Submitted.Accepted(known.state(), true)
                        : new Submitted.OtherPush();
            }
            if (rows.values().stream().filter(row -> row.finishedAt == 0).count() >= openMax) {
                return new Submitted.TooMany();
            }
            Row made = new Row(push, digest, nowMillis);
            rows.put(push.pushId(), made);
            return new Submitted.Accepted(made.state(), false);
        }
    }

    @Override
    public Optional<PushState> find(String pushId) {
        synchronized (storage) {
            return Optional.ofNullable(rows.get(pushId)).map(Row::state);
        }
    }

    @Override
    public Optional<PushJob> take(String worker, long nowMillis, long leaseMillis) {
        synchronized (storage) {
            for (Row row : rows.values()) {
                if (row.finishedAt == 0 && (row.worker == null || row.leaseUntil < nowMillis)) {
                    row.worker = worker;
                    row.leaseUntil = nowMillis + leaseMillis;
                    return Optional.of(new PushJob(row.push, row.place, row.counts));
                }
            }
            return Optional.empty();
        }
    }

    @Override
    public void release(String worker) {
        synchronized (storage) {
            rows.values().stream()
                    .filter(row -> row.finishedAt == 0 && worker.equals(row.worker))
                    .forEach(row -> row.worker = null);
        }
    }

    @Override
    public boolean advance(PushJob job, String worker, long nowMillis, long leaseMillis) {
        synchronized (storage) {
            Row row = rows.get(job.push().pushId());
            if (row == null || !row.heldBy(worker, nowMillis)) {
                return false;
            }
            row.place = job.place();
            row.counts = job.counts();
            row.leaseUntil = nowMillis + leaseMillis;
            return true;
        }
    }

    @Override
    public boolean finish(PushJob job, String worker, long nowMillis) {
        synchronized (storage) {
            Row row = rows.get(job.push().pushId());
            if (row == null || !row.heldBy(worker, nowMillis)) {
                return false;
            }
            row.counts = job.counts();
            row.finishedAt = nowMillis;
            return true;
        }
    }

    @Override
    public UserPage users(long afterUser, int usersMax) {
        synchronized (storage) {
            List<String> uids = storage.uids().stream()
                    .filter(uid -> !uid.equals(SystemUser.UID))
                    .toList();
            int from = (int) Math.min(afterUser, uids.size());
            int to = Math.min(from + usersMax, uids.size());
            return new UserPage(uids.subList(from, to), to);
        }
    }

    @Override
    public int forget(long finishedBeforeMillis, int jobsMax) {
        synchronized (storage) {
            int forgotten = 0;
            for (Iterator<Row> all = rows.values().iterator(); all.hasNext() && forgotten < jobsMax; ) {
                Row row = all.next();
                if (row.finishedAt > 0 && row.finishedAt < finishedBeforeMillis) {
                    all.remove();
                    forgotten++;
                }
            }
            return forgotten;
        }
    }
}
