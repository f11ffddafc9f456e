package io.hongyan.im.core.simulation;

import io.hongyan.im.core.MessagingLimits;
import io.hongyan.im.core.feed.EventWriterLimits;
import io.hongyan.im.core.feed.FeedOptions;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.hint.HintLimits;
import io.hongyan.im.core.inbox.DeliveryLimits;
import io.hongyan.im.core.inbox.InboxLimits;
import io.hongyan.im.core.message.PageLimits;
import io.hongyan.im.core.push.PushLimits;
import io.hongyan.im.core.receipt.ReceiptLimits;
import io.hongyan.im.core.send.ChangeLimits;
import io.hongyan.im.core.send.LaneLimits;
import io.hongyan.im.core.send.MessageLimits;
import io.hongyan.im.core.session.SessionLimits;
import java.util.Random;

/**
 * What differs from run to run.
 *
 * @param groups groups there are at a time
 * @param actions things that clients and fate do before the storm ends
 * @param trims whether inboxes are small enough to be trimmed
 */
record Shape(
        int users,
        int devicesPerUserMax,
        int groups,
        int actions,
        Pace pace,
        Trouble trouble,
        boolean trims,
        MessagingLimits limits) {

    /**
     * How long things take.
     *
     * @param pauseMillisMax longest time between two actions
     * @param latencyMillisMax of one half of a storage call
     * @param delayMillisMax of a packet
     */
    record Pace(int pauseMillisMax, int latencyMillisMax, int delayMillisMax) {}

    /**
     * What goes wrong.
     *
     * @param failuresPerThousand storage calls that fail
     * @param disastersPerThousand actions that are a kill of the service or an outage of the storage
     * @param cutsPerThousand actions that cut a connection
     */
    record Trouble(int failuresPerThousand, int disastersPerThousand, int cutsPerThousand) {
        boolean none() {
            return failuresPerThousand == 0 && disastersPerThousand == 0;
        }
    }

    /** Limits are small, so that they are met. */
    static Shape drawn(Random random, int actions) {
        boolean calm = random.nextInt(4) == 0;
        boolean trims = random.nextInt(4) == 0;
        return new Shape(
                2 + random.nextInt(5),
                1 + random.nextInt(4),
                random.nextInt(4),
                actions,
                new Pace(1 + random.nextInt(120), 1 + random.nextInt(20), 1 + random.nextInt(60)),
                new Trouble(calm ? 0 : random.nextInt(60), calm ? 0 : random.nextInt(15), random.nextInt(60)),
                trims,
                limits(random, trims));
    }

    private static MessagingLimits limits(Random random, boolean trims) {
        LaneLimits lane =
                new LaneLimits(30 + random.nextInt(200), 4_000, 4 + random.nextInt(40), 600, 2 + random.nextInt(4), 50);
        DeliveryLimits delivery = new DeliveryLimits(
                1 + random.nextInt(8),
                100 + random.nextInt(400),
                1 + random.nextInt(8),
                100 + random.nextInt(400),
                1 + random.nextInt(4),
                50,
                random.nextInt(3) == 0 ? 4 + random.nextInt(12) : 1_000);
        SessionLimits sessions = sessions(random);
        GroupLimits groups = groups(random);
        FeedOptions feed = random.nextInt(3) == 0 ? feed(random) : FeedOptions.OFF;
        InboxLimits inbox = new InboxLimits(90, trims ? 5 + random.nextInt(20) : 1_000_000);
        return new MessagingLimits(
                new MessageLimits(lane, delivery, 100, inbox, changes(random)),
                sessions,
                groups,
                new PageLimits(7, 3, 300),
                new ReceiptLimits(1_000),
                HintLimits.DEFAULT,
                PushLimits.DEFAULT,
                feed);
    }

    private static ChangeLimits changes(Random random) {
        return new ChangeLimits(
                random.nextInt(60),
                random.nextInt(90),
                1 + random.nextInt(3),
                1 + random.nextInt(3),
                1 + random.nextInt(3));
    }

    /** Now and then a user has more devices than are kept. */
    private static SessionLimits sessions(Random random) {
        SessionLimits usual = SessionLimits.DEFAULT;
        return random.nextInt(4) > 0 ? usual : new SessionLimits(usual.perClass(), 2 + random.nextInt(2));
    }

    private static FeedOptions feed(Random random) {
        FeedOptions usual = FeedOptions.DEFAULT;
        EventWriterLimits eventWriter = new EventWriterLimits(
                4 + random.nextInt(20), 4_000, 1 + random.nextInt(6), 1_000, 2 + random.nextInt(3), 50);
        return new FeedOptions(
                true,
                true,
                usual.destinations(),
                eventWriter,
                usual.relay(),
                usual.eventAgeDaysMax(),
                usual.eventsMax(),
                0);
    }

    private static GroupLimits groups(Random random) {
        int membersMax = 3 + random.nextInt(6);
        int largeAbove = random.nextInt(3) == 0 ? 100 : 1 + random.nextInt(6);
        int inlineMax = 1 + random.nextInt(4);
        int stepMax = 1 + random.nextInt(3);
        return new GroupLimits(membersMax, 4, largeAbove, inlineMax, stepMax, 500, 64, 100);
    }
}
