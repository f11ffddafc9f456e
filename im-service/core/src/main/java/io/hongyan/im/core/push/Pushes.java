package io.hongyan.im.core.push;

import io.hongyan.im.core.message.StorageException;
import java.util.List;
import java.util.Optional;

/**
 * The jobs of pushes. One worker at a time holds a job, for the time of a lease. Safe for many threads and processes;
 * blocks; durable on return. Throws {@link StorageException}.
 */
public interface Pushes {
    /**
     * Stores a job, unless there is one of that id.
     *
     * @param digest of everything in the push: tells the same request from another one under the same id
     * @param openMax jobs that are not finished; no more are taken
     */
    Submitted submit(Push push, byte[] digest, long nowMillis, int openMax);

    Optional<PushState> find(String pushId);

    /**
     * Takes the oldest open job that nobody holds or whose lease is over, or that this worker held longer than its
     * lease.
     *
     * @param worker names a process and thread; two never have the same name at the same time
     */
    Optional<PushJob> take(String worker, long nowMillis, long leaseMillis);

    /**
     * Gives back what a worker held: for one that begins under the name of another that is no more, so that nobody waits
     * for that one's leases.
     */
    void release(String worker);

    /**
     * Notes how far a job is, and renews the lease.
     *
     * @return false where the worker does not hold the job any more: nothing was noted, and nothing more is to be done
     */
    boolean advance(PushJob job, String worker, long nowMillis, long leaseMillis);

    /** Ends a job; what only its carrying out needed is forgotten. False as with {@link #advance}. */
    boolean finish(PushJob job, String worker, long nowMillis);

    /**
     * Some of all users, without the system's own, in the order they were made.
     *
     * @param afterUser opaque place where the page before ended, 0 = from the first one
     */
    UserPage users(long afterUser, int usersMax);

    /**
     * Forgets finished jobs: their ids are free again.
     *
     * @return how many, at most {@code jobsMax}
     */
    int forget(long finishedBeforeMillis, int jobsMax);

    /** @param next give it next time; where the page is empty, it is the last */
    record UserPage(List<String> uids, long next) {
        public UserPage {
            uids = List.copyOf(uids);
        }
    }

    /** What became of a submission. */
    sealed interface Submitted {
        /** @param known whether the same push was submitted before */
        record Accepted(PushState state, boolean known) implements Submitted {}

        /** There is another push of this id. */
        record OtherPush() implements Submitted {}

        /** Too many jobs are open. */
        record TooMany() implements Submitted {}
    }
}
