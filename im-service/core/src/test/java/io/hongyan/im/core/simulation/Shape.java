package io.hongyan.im.core.simulation;

import io.hongyan.im.core.MessagingLimits;
import io.hongyan.im.core.feed.FeedOptions;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.hint.HintLimits;
import io.hongyan.im.core.inbox.DeliveryLimits;
import io.hongyan.im.core.push.PushLimits;
import io.hongyan.im.core.send.LaneLimits;
import io.hongyan.im.core.session.SessionLimits;
import io.hongyan.im.core.sync.SyncLimits;
import java.util.Random;

/**
 * What differs from run to run.
 *
 * @param actions things that clients and fate do before the storm ends
 * @param pauseMillisMax longest time between two of them
 * @param latencyMillisMax of one half of a storage call
 * @param delayMillisMax of a packet
 * @param failuresPerThousand storage calls that fail
 * @param disastersPerThousand actions that are a kill of the service or an outage of the storage
 * @param cutsPerThousand actions that cut a connection
 * @param trims whether inboxes are small enough to be trimmed
 */
record Shape(
        int users,
        int devicesPerUserMax,
        int actions,
        int pauseMillisMax,
        int latencyMillisMax,
        int delayMillisMax,
        int failuresPerThousand,
        int disastersPerThousand,
        int cutsPerThousand,
        boolean trims,
        MessagingLimits limits) {

    /** Limits are small, so that they are met. */
    static Shape drawn(Random random, int actions) {
        boolean calm = random.nextInt(4) == 0;
        boolean trims = random.nextInt(4) == 0;
        return new Shape(
                2 + random.nextInt(4),
                1 + random.nextInt(4),
                actions,
                1 + random.nextInt(120),
                1 + random.nextInt(20),
                1 + random.nextInt(60),
                calm ? 0 : random.nextInt(60),
                calm ? 0 : random.nextInt(15),
                random.nextInt(60),
                trims,
                limits(random, trims));
    }

    private static MessagingLimits limits(Random random, boolean trims) {
        return new MessagingLimits(
                new LaneLimits(30 + random.nextInt(200), 4_000, 4 + random.nextInt(40), 600, 2 + random.nextInt(4), 50),
                new DeliveryLimits(
                        1 + random.nextInt(8),
                        100 + random.nextInt(400),
                        1 + random.nextInt(8),
                        100 + random.nextInt(400),
                        1 + random.nextInt(4)),
                SessionLimits.DEFAULT,
                new SyncLimits(7, 3, 300, 1_000),
                HintLimits.DEFAULT,
                groups(random),
                PushLimits.DEFAULT,
                FeedOptions.OFF,
                100,
                90L * 86_400_000,
                trims ? 5 + random.nextInt(20) : 1_000_000);
    }

    private static GroupLimits groups(Random random) {
        int inlineMax = 1 + random.nextInt(4);
        return new GroupLimits(8, 5, 8, inlineMax, 1 + random.nextInt(3), 64, 100);
    }
}
