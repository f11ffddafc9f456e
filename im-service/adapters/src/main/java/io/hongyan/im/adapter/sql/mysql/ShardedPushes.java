package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.core.push.Push;
import io.hongyan.im.core.push.PushJob;
import io.hongyan.im.core.push.PushState;
import io.hongyan.im.core.push.Pushes;
import java.util.List;
import java.util.Optional;

/** The jobs are at home; the users they are for are everywhere. */
final class ShardedPushes implements Pushes {
    private final Pushes jobs;
    private final OwnedUsers users;

    /** @param jobs at home */
    ShardedPushes(Pushes jobs, OwnedUsers users) {
        this.jobs = jobs;
        this.users = users;
    }

    @Override
    public Submitted submit(Push push, byte[] digest, long nowMillis, int openMax) {
        return jobs.submit(push, digest, nowMillis, openMax);
    }

    @Override
    public Optional<PushState> find(String pushId) {
        return jobs.find(pushId);
    }

    @Override
    public Optional<PushJob> take(String worker, long nowMillis, long leaseMillis) {
        return jobs.take(worker, nowMillis, leaseMillis);
    }

    @Override
    public void release(String worker) {
        jobs.release(worker);
    }

    @Override
    public boolean advance(PushJob job, String worker, long nowMillis, long leaseMillis) {
        return jobs.advance(job, worker, nowMillis, leaseMillis);
    }

    @Override
    public boolean finish(PushJob job, String worker, long nowMillis) {
        return jobs.finish(job, worker, nowMillis);
    }

    /** In the order of their ids: slot by slot. */
    @Override
    public UserPage users(long afterUser, int usersMax) {
        List<OwnedUsers.User> page = users.page(afterUser, usersMax, false);
        long next = page.isEmpty() ? afterUser : page.get(page.size() - 1).id();
        return new UserPage(page.stream().map(OwnedUsers.User::uid).toList(), next);
    }

    @Override
    public int forget(long finishedBeforeMillis, int jobsMax) {
        return jobs.forget(finishedBeforeMillis, jobsMax);
    }
}
