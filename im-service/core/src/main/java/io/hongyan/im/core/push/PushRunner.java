package io.hongyan.im.core.push;

import io.hongyan.im.core.inbox.Notice;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.SendOutcome;
import io.hongyan.im.core.message.SystemUser;
import io.hongyan.im.core.push.Pushes.UserPage;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.send.Drafts;
import io.hongyan.im.core.send.SendOrigin;
import io.hongyan.im.core.session.SessionDirectory;
import io.hongyan.im.core.session.TellUsers;
import io.hongyan.im.core.session.Users;
import io.hongyan.metrics.Counters;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Carries out pushes: takes jobs, and goes through their users in pages, at a limited rate, a page of each job in turn.
 * A page whose end was not noted is done again: what is stored is recognised by its id, a notice may come twice.
 */
public final class PushRunner {
    private static final int PAGE_MAX = 2_000;
    /** Of what is stored for the users of a page, so that it is a small part of what may wait to be stored. */
    private static final int PAGE_BYTES_MAX = 4 << 20;

    private static final int JOBS_MAX = 4;
    /** With those that rest after a failure. */
    private static final int HELD_MAX = 64;

    private static final long LEASE_MILLIS = 10_000;
    private static final long LOOK_MILLIS = 1_000;
    private static final long RETRY_MILLIS = 1_000;
    private static final long RETRY_MILLIS_MAX = 8_000;

    /** What it works with. */
    public record Tools(
            Pushes pushes,
            Drafts drafts,
            Users users,
            SessionDirectory directory,
            TellUsers tellUsers,
            PushEvents events,
            InstantSource clock) {}

    /** A job that rests since its page has failed, while others have their turns. */
    private record Rest(long untilMillis, long millis) {}

    /** @param nextPlace where the job goes on afterwards */
    private record Reached(PushJob job, long nextPlace, PushCounts counts) {}

    private final Tools tools;
    private final String worker;
    private final PushLimits limits;
    private final Counters<PushCounter> counters;
    private volatile boolean woken = true;

    // The driver's.
    private final Deque<PushJob> held = new ArrayDeque<>();
    private final Map<String, Rest> resting = new HashMap<>();
    /** Null while there is none. */
    private PushPage page;
    /** What has become of a page, until it is noted; null while there is none. */
    private Reached reached;
    /** What business lines must know before the job that is first in the row goes on; null while there is nothing. */
    private CompletableFuture<Void> telling;

    /** Whether what a former process of this name held has been given back. */
    private boolean begun;

    private long lookAtMillis;
    private long retryAtMillis;
    private long allowedAtMillis;
    private double allowance;

    /**
     * @param worker names this process, never two at the same time; what one that was killed had in its hands, another goes
     *     on with at once if it has the same name
     */
    public PushRunner(Tools tools, String worker, PushLimits limits, Counters<PushCounter> counters) {
        this.tools = tools;
        this.worker = worker;
        this.limits = limits;
        this.counters = counters;
        this.allowedAtMillis = tools.clock.millis();
    }

    /** There may be a new job. Any thread. */
    public void wake() {
        woken = true;
    }

    /**
     * Does what can be done now. For one thread, the driver, some times a second; blocks for the storage, not for the
     * lane.
     */
    public void runOnce() {
        long now = tools.clock.millis();
        allow(now);
        if (page != null) {
            if (!page.done()) {
                return;
            }
            endPage(now);
        }
        if (now < retryAtMillis) {
            return;
        }
        if (reached != null && !noteReached(now)) {
            return;
        }
        if (woken || now >= lookAtMillis) {
            takeJobs(now);
        }
        PushJob job = telling == null ? nextJob(now) : held.peekFirst();
        if (job == null) {
            return;
        }
        if (telling != null) {
            finish(job, now);
        } else if (allowance >= 1) {
            beginPage(job, now);
        }
    }

    private void allow(long now) {
        double perMilli = limits.usersPerSecondMax() / 1_000.0;
        allowance =
                Math.min(PAGE_MAX, allowance + Math.max(0, Math.min(now - allowedAtMillis, LOOK_MILLIS)) * perMilli);
        allowedAtMillis = now;
    }

    private void takeJobs(long now) {
        if (!begun) {
            tools.pushes.release(worker);
            begun = true;
        }
        woken = false;
        lookAtMillis = now + LOOK_MILLIS;
        while (held.size() < HELD_MAX && held.size() - countResting(now) < JOBS_MAX) {
            Optional<PushJob> taken = tools.pushes.take(worker, now, LEASE_MILLIS);
            if (taken.isEmpty()) {
                return;
            }
            String pushId = taken.get().push().pushId();
            held.removeIf(job -> job.push().pushId().equals(pushId) && job != held.peekFirst());
            if (held.isEmpty() || !held.peekFirst().push().pushId().equals(pushId)) {
                held.addLast(taken.get());
            }
        }
    }

    /** The first one that does not rest, and is the first of all then; null where all do. */
    private PushJob nextJob(long now) {
        for (int i = held.size(); i > 0; i--) {
            if (!isResting(held.peekFirst(), now)) {
                return held.peekFirst();
            }
            held.addLast(held.removeFirst());
        }
        return null;
    }

    private boolean isResting(PushJob job, long now) {
        Rest rest = resting.get(job.push().pushId());
        // Not longer, where the clock has been set back.
        return rest != null && now < rest.untilMillis && now >= rest.untilMillis - rest.millis;
    }

    private int countResting(long now) {
        return (int) held.stream().filter(job -> isResting(job, now)).count();
    }

    private void beginPage(PushJob job, long now) {
        int usersMax = usersMax(job.push());
        UserPage next = job.push().forEverybody() ? tools.pushes.users(job.place(), usersMax) : listed(job, usersMax);
        if (next.uids().isEmpty()) {
            telling = tools.events.finished(job.push().pushId(), job.counts()).toCompletableFuture();
            finish(job, now);
            return;
        }
        allowance -= next.uids().size();
        if (job.push().mode() == PushMode.STORE) {
            page = new PushPage(job, next.uids(), next.next(), store(job.push(), next.uids()));
        } else {
            reached = new Reached(job, next.next(), tell(job.push(), next.uids()));
            noteReached(now);
        }
    }

    private int usersMax(Push push) {
        int usersMax = (int) Math.min(allowance, PAGE_MAX);
        return push.mode() == PushMode.STORE
                ? Math.min(usersMax, 1 + PAGE_BYTES_MAX / Math.max(1, push.content().length))
                : usersMax;
    }

    private static UserPage listed(PushJob job, int usersMax) {
        List<String> all = job.push().recipients();
        int from = (int) Math.min(job.place(), all.size());
        int to = Math.min(all.size(), from + usersMax);
        return new UserPage(all.subList(from, to), to);
    }

    private List<CompletableFuture<SendOutcome>> store(Push push, List<String> uids) {
        List<CompletableFuture<SendOutcome>> outcomes = new ArrayList<>(uids.size());
        for (String uid : uids) {
            Draft draft = new Draft(
                    Conversation.system(push.channel(), uid),
                    SystemUser.UID,
                    SystemUser.DEVICE,
                    push.pushId(),
                    push.content());
            outcomes.add(tools.drafts.submit(draft, SendOrigin.server()).toCompletableFuture());
        }
        return outcomes;
    }

    /** A page that has failed is forgotten, and begun again after a while: perhaps one recipient cannot be reached for long. */
    private void endPage(long now) {
        if (page.failed()) {
            counters.increment(PushCounter.PAGES_FAILED);
            long millis = Math.min(
                    RETRY_MILLIS_MAX,
                    2 * resting.getOrDefault(page.job().push().pushId(), new Rest(0, RETRY_MILLIS / 2)).millis);
            resting.put(page.job().push().pushId(), new Rest(now + millis, millis));
            page = null;
            return;
        }
        reached = new Reached(page.job(), page.nextPlace(), page.counts());
        page = null;
    }

    /**
     * Tells whom the page has not reached, and then notes that it is done; if that fails, a later run does it again.
     *
     * @return whether the job may go on
     */
    private boolean noteReached(long now) {
        PushCounts counts = reached.counts;
        retryAtMillis = now + RETRY_MILLIS;
        if (telling == null) {
            telling = counts.offline() + counts.unknown() == 0
                    ? CompletableFuture.completedFuture(null)
                    : tools.events
                            .unreached(reached.job.push().pushId(), counts.offlineUids(), counts.unknownUids())
                            .toCompletableFuture();
        }
        if (telling.isCompletedExceptionally()) {
            telling = null;
            return false;
        }
        if (telling.isDone()) {
            note(reached.job, reached.nextPlace, counts, now);
            telling = null;
            reached = null;
        }
        retryAtMillis = 0;
        return reached == null;
    }

    private PushCounts tell(Push push, List<String> uids) {
        Notice notice = new Notice.Push(push.pushId(), push.channel(), push.content());
        List<String> offline = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        // Whether a device there takes notices is not known here.
        Set<String> elsewhere = tools.directory.onlineElsewhere(uids);
        tools.tellUsers.elsewhere(List.copyOf(elsewhere), notice);
        for (String uid : uids) {
            boolean told = tools.tellUsers.here(uid, notice);
            if (!told && !elsewhere.contains(uid)) {
                (push.forEverybody() || tools.users.exists(uid) ? offline : unknown).add(uid);
            }
        }
        int online = uids.size() - offline.size() - unknown.size();
        return new PushCounts(uids.size(), 0, online, offline.size(), unknown.size(), offline, unknown);
    }

    /** The job's turn is over. */
    private void note(PushJob job, long place, PushCounts more, long now) {
        PushJob advanced = job.at(place, job.counts().plus(more, limits.listedMax()));
        boolean stillHeld = tools.pushes.advance(advanced, worker, now, LEASE_MILLIS);
        counters.add(PushCounter.STORED, more.stored());
        counters.add(PushCounter.ONLINE, more.online());
        counters.add(PushCounter.OFFLINE, more.offline());
        counters.add(PushCounter.UNKNOWN, more.unknown());
        resting.remove(held.removeFirst().push().pushId());
        if (stillHeld) {
            held.addLast(advanced);
        } else {
            counters.increment(PushCounter.LEASES_LOST);
        }
    }

    private void finish(PushJob job, long now) {
        if (!telling.isDone()) {
            return;
        }
        if (telling.isCompletedExceptionally()) {
            telling = null;
            retryAtMillis = now + RETRY_MILLIS;
            return;
        }
        boolean stillHeld = tools.pushes.finish(job, worker, now);
        telling = null;
        resting.remove(held.removeFirst().push().pushId());
        counters.increment(stillHeld ? PushCounter.FINISHED : PushCounter.LEASES_LOST);
    }
}
