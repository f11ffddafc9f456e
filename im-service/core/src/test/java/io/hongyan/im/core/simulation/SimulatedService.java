package io.hongyan.im.core.simulation;

import io.hongyan.im.core.Dependencies;
import io.hongyan.im.core.Messaging;
import io.hongyan.im.core.MessagingLimits;
import io.hongyan.im.core.Storage;
import io.hongyan.im.core.group.GroupChange;
import io.hongyan.im.core.group.GroupContents;
import io.hongyan.im.core.inbox.Downlink;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.SendOutcome;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.send.FanOut;
import io.hongyan.im.core.send.MessageChange;
import io.hongyan.im.core.send.SendOrigin;
import io.hongyan.im.core.session.SessionDirectory;
import io.hongyan.im.core.work.PeriodicTask;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** One run of the service: the core under test, and the drivers that an application gives it. */
final class SimulatedService {
    private static final int BLOCKING_WORK_MAX = 64;
    private static final int FAN_OUT_LOOK_MILLIS_MAX = 300;
    private static final int EVENT_WRITER_LOOK_MILLIS_MAX = 30;
    private static final int DRAIN_LOOKS_MAX = 40;

    private final Scheduler scheduler;
    private final Random random;
    private final Life life = new Life();
    private final Messaging messaging;

    /** How far acknowledgements have come to this run of the service: by device and group, null for the inbox. */
    private final Map<List<Object>, Long> told = new HashMap<>();

    private final int fanOutLookMillisMax;
    private boolean laneRuns;
    private int blockingWork;

    SimulatedService(
            Scheduler scheduler,
            Random random,
            Storage storage,
            SessionDirectory directory,
            Downlink downlink,
            GroupContents contents,
            BooleanSupplier markersLeft,
            MessagingLimits limits) {
        this.scheduler = scheduler;
        this.random = random;
        messaging = new Messaging(
                Dependencies.alone(storage, directory, downlink, contents, new PlainContents()),
                bounded(scheduler.executor(life)),
                scheduler,
                scheduler::pause,
                limits);
        messaging.tasks().forEach(this::repeat);
        fanOutLookMillisMax = 1 + random.nextInt(FAN_OUT_LOOK_MILLIS_MAX);
        // Two of three processes that there may be; who has a lease comes back at once, later, or not at all.
        int absent = random.nextInt(3);
        for (int worker = 0; worker < 3; worker++) {
            if (worker != absent) {
                repeatFanOut(messaging.messages().newFanOut("worker-" + worker), markersLeft, false);
            }
        }
        if (messaging.feed().eventWriter().enabled()) {
            repeatEventWriter();
        }
    }

    Messaging messaging() {
        return messaging;
    }

    Life life() {
        return life;
    }

    CompletionStage<SendOutcome> send(
            SendOrigin origin, DeviceKey sender, Conversation conversation, SimulatedDevice.Outgoing message) {
        CompletionStage<SendOutcome> outcome = messaging
                .messages()
                .sendMessage()
                .send(origin, sender, conversation, message.id(), message.content(), message.quotedSeq());
        wakeLane();
        return outcome;
    }

    CompletionStage<SendOutcome> change(DeviceKey actor, Conversation group, String requestId, GroupChange change) {
        CompletionStage<SendOutcome> outcome =
                messaging.groups().changeGroup().change(actor, group.id(), requestId, change);
        wakeLane();
        return outcome;
    }

    CompletionStage<SendOutcome> change(
            DeviceKey actor, Conversation conversation, String requestId, MessageChange.Asked change) {
        CompletionStage<SendOutcome> outcome = messaging
                .messages()
                .changeMessage()
                .change(SendOrigin.server(), actor, conversation, requestId, change);
        wakeLane();
        return outcome;
    }

    /** An acknowledgement has come. */
    void tell(DeviceKey device, String group, long seq) {
        told.merge(Arrays.asList(device, group), seq, Math::max);
    }

    long told(DeviceKey device, String group) {
        return told.getOrDefault(Arrays.asList(device, group), 0L);
    }

    /** The storage has forgotten a device. */
    void forget(DeviceKey device) {
        told.keySet().removeIf(key -> key.get(0).equals(device));
    }

    /**
     * Ends as the application does on SIGTERM: takes nobody any more, tells the clients, finishes what waits, closes the
     * connections, writes what is held in memory.
     *
     * @param stopped told at the end whether everything was written
     */
    void stop(SimulatedGate gate, Consumer<Boolean> stopped) {
        scheduler.strandAfter(0, life, () -> {
            gate.stopAccepting();
            messaging.sessions().logins().announceStop(1_000);
            for (int look = 0;
                    look < DRAIN_LOOKS_MAX
                            && (laneRuns || messaging.messages().lane().waiting() > 0);
                    look++) {
                scheduler.pause(50);
            }
            gate.endAll("STOPPING");
            for (int look = 0;
                    look < DRAIN_LOOKS_MAX
                            && (look < 4 || messaging.feed().eventWriter().waiting() > 0);
                    look++) {
                scheduler.pause(50);
            }
            boolean written = flush() && messaging.feed().eventWriter().waiting() == 0;
            life.kill();
            stopped.accept(written);
        });
    }

    private boolean flush() {
        try {
            messaging.flush();
            return true;
        } catch (StorageException trouble) {
            return false;
        }
    }

    private void wakeLane() {
        if (!laneRuns) {
            laneRuns = true;
            scheduler.strandAfter(random.nextInt(4), life, this::runLane);
        }
    }

    private void runLane() {
        try {
            while (messaging.messages().lane().runOnce(0)
                    || messaging.messages().lane().waiting() > 0) {
                scheduler.pause(random.nextInt(4));
            }
            laneRuns = false;
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /**
     * Looks, as a thread does all the time, whether there is a turn for it; what it costs to find nothing is spared.
     *
     * @param more whether the turn before found something: what failed there is settled in the next one
     */
    private void repeatFanOut(FanOut fanOut, BooleanSupplier markersLeft, boolean more) {
        scheduler.after(1 + random.nextInt(fanOutLookMillisMax), life, () -> {
            if (!more && !markersLeft.getAsBoolean()) {
                repeatFanOut(fanOut, markersLeft, false);
                return;
            }
            scheduler.strandAfter(0, life, () -> {
                try {
                    repeatFanOut(fanOut, markersLeft, fanOut.runOnce(0));
                } catch (InterruptedException interrupted) {
                    throw new IllegalStateException(interrupted);
                }
            });
        });
    }

    private void repeatEventWriter() {
        scheduler.after(1 + random.nextInt(EVENT_WRITER_LOOK_MILLIS_MAX), life, () -> {
            if (messaging.feed().eventWriter().waiting() == 0) {
                repeatEventWriter();
                return;
            }
            scheduler.strandAfter(0, life, () -> {
                try {
                    messaging.feed().eventWriter().runOnce(0);
                } catch (InterruptedException interrupted) {
                    throw new IllegalStateException(interrupted);
                }
                repeatEventWriter();
            });
        });
    }

    private Executor bounded(Executor executor) {
        return work -> {
            if (blockingWork >= BLOCKING_WORK_MAX) {
                throw new RejectedExecutionException("too much work");
            }
            blockingWork++;
            executor.execute(() -> {
                try {
                    work.run();
                } finally {
                    blockingWork--;
                }
            });
        };
    }

    private void repeat(PeriodicTask task) {
        scheduler.sometimesStrandAfter(task.periodMillis(), life, () -> {
            try {
                task.work().run();
                if (messaging.messages().lane().waiting() > 0) {
                    wakeLane();
                }
            } catch (StorageException trouble) {
                // The next run does it.
            }
            repeat(task);
        });
    }
}
