package io.hongyan.im.core.simulation;

import io.hongyan.im.core.Messaging;
import io.hongyan.im.core.MessagingLimits;
import io.hongyan.im.core.PeriodicTask;
import io.hongyan.im.core.Storage;
import io.hongyan.im.core.inbox.Downlink;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.send.SendOrigin;
import io.hongyan.im.core.send.SendOutcome;
import io.hongyan.im.core.session.SessionDirectory;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** One run of the service: the core under test, and the drivers that an application gives it. */
final class SimulatedService {
    private static final int BLOCKING_WORK_MAX = 64;

    private final Scheduler scheduler;
    private final Random random;
    private final Life life = new Life();
    private final Messaging messaging;

    private boolean laneRuns;
    private int blockingWork;

    SimulatedService(
            Scheduler scheduler,
            Random random,
            Storage storage,
            SessionDirectory directory,
            Downlink downlink,
            MessagingLimits limits) {
        this.scheduler = scheduler;
        this.random = random;
        messaging = new Messaging(
                storage,
                directory,
                downlink,
                change -> change.toString().getBytes(StandardCharsets.UTF_8),
                bounded(scheduler.executor(life)),
                scheduler,
                scheduler::pause,
                limits);
        messaging.tasks().forEach(this::repeat);
    }

    Messaging messaging() {
        return messaging;
    }

    Life life() {
        return life;
    }

    CompletionStage<SendOutcome> send(
            SendOrigin origin, DeviceKey sender, Conversation conversation, String clientMessageId, byte[] content) {
        CompletionStage<SendOutcome> outcome =
                messaging.sendMessage().send(origin, sender, conversation, clientMessageId, content);
        if (!laneRuns) {
            laneRuns = true;
            scheduler.strandAfter(random.nextInt(4), life, this::runLane);
        }
        return outcome;
    }

    private void runLane() {
        try {
            while (messaging.lane().runOnce(0) || messaging.lane().waiting() > 0) {
                scheduler.pause(random.nextInt(4));
            }
            laneRuns = false;
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
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
            } catch (StorageException trouble) {
                // The next run does it.
            }
            repeat(task);
        });
    }
}
