package io.hongyan.im.core.session;

import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.group.Groups;
import io.hongyan.im.core.inbox.DeviceRoom;
import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.work.Feature;
import io.hongyan.im.core.work.PeriodicTask;
import io.hongyan.im.core.work.WorkQueues;
import io.hongyan.metrics.Counters;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Lets users in and out, and knows who is there. */
public final class SessionsFeature implements Feature {
    private static final long EXPIRY_MILLIS = 1_000;

    private final Counters<SessionCounter> counters = new Counters<>(SessionCounter.class);
    private final SessionLimits limits;
    private final Sessions sessions;
    private final ThrowOut throwOut;
    private final LookUpUsers lookUpUsers;
    private final SendSignal sendSignal;

    /**
     * @param tellUsers where signals go
     * @param groups to whose members signals go, where they are not large
     */
    public SessionsFeature(
            SessionPorts ports,
            TellUsers tellUsers,
            Groups groups,
            WorkQueues queues,
            InstantSource clock,
            SessionLimits limits,
            GroupLimits groupLimits) {
        BlockingWork service = new BlockingWork(queues.service());
        this.limits = limits;
        this.sessions = new Sessions(ports, queues, clock, limits, counters);
        this.throwOut = new ThrowOut(ports.users(), sessions, ports.directory(), ports.otherNodes(), service, clock);
        this.lookUpUsers = new LookUpUsers(ports.users(), ports.devices(), ports.directory(), service);
        this.sendSignal =
                new SendSignal(tellUsers, groups, new BlockingWork(queues.calls()), groupLimits.largeAbove(), counters);
    }

    public Counters<SessionCounter> counters() {
        return counters;
    }

    public Sessions logins() {
        return sessions;
    }

    public ThrowOut throwOut() {
        return throwOut;
    }

    public LookUpUsers lookUpUsers() {
        return lookUpUsers;
    }

    public SendSignal sendSignal() {
        return sendSignal;
    }

    /** Which devices are kept. */
    public DeviceRoom deviceRoom() {
        return sessions.deviceRoom();
    }

    @Override
    public List<PeriodicTask> tasks() {
        List<PeriodicTask> tasks = new ArrayList<>();
        if (limits.endAtExpiry()) {
            tasks.add(new PeriodicTask("end sessions of expired tokens", EXPIRY_MILLIS, sessions::endExpired));
        }
        tasks.add(new PeriodicTask("end sessions of barred users", ThrowOut.LOOK_MILLIS, throwOut::look));
        return tasks;
    }
}
