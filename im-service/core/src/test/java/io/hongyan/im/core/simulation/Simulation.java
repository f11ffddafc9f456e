package io.hongyan.im.core.simulation;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.session.OnlineSession;
import io.hongyan.im.core.session.PlatformClass;
import io.hongyan.im.core.sync.Answer;
import io.hongyan.im.core.sync.ReadHistory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * One run: storms of actions and faults, after each of them calm in which everything must arrive, then each device
 * comes back to be compared with the storage.
 */
final class Simulation {
    private static final long SETTLE_MILLIS = 30_000;
    private static final int STORMS = 3;

    private final World world;
    private final Random random;

    /** What a run has come to. */
    record Outcome(List<String> violations, RunHistory history, Checker.Counts counts) {}

    private Simulation(World world) {
        this.world = world;
        this.random = world.random();
    }

    static Outcome run(long seed, int actions, Breakage breakage, InMemoryStorage storage) {
        try (World world = new World(seed, actions, breakage, storage)) {
            new Simulation(world).run();
            Checker checker = new Checker(world.history(), world.storage());
            checker.check();
            List<String> violations = new ArrayList<>(world.violations());
            violations.addAll(checker.violations());
            return new Outcome(violations, world.history(), checker.counts());
        }
    }

    private void run() {
        for (int storm = 0; storm < STORMS; storm++) {
            storm();
            world.record(new Recorded.Remark("calm"));
            world.scheduler().runFor(SETTLE_MILLIS);
            world.devices().stream().filter(SimulatedDevice::listens).forEach(this::letArrive);
            world.scheduler().runFor(SETTLE_MILLIS / 10);
            checkEverythingArrivedByItself();
        }
        bringEverybodyUpToDate();
        readEverything();
        checkMarks();
        world.devices().forEach(SimulatedDevice::sleep);
        world.scheduler().runFor(10_000);
        checkNothingIsLeft();
    }

    private void storm() {
        world.unreliable().failuresPerThousand(world.shape().failuresPerThousand());
        for (int action = 0; action < world.shape().actions() / STORMS; action++) {
            new Action(world, random).takeOne();
            world.scheduler().runFor(random.nextInt(world.shape().pauseMillisMax()));
            checkDirectory();
        }
        if (world.shape().disastersPerThousand() > 0 && random.nextBoolean()) {
            // Nothing comes after it that could cover up what was not told.
            world.unreliable().downFor(random.nextInt(5_000));
            world.scheduler().runFor(random.nextInt(5_000));
        }
        world.unreliable().heal();
        world.devices().forEach(SimulatedDevice::behave);
    }

    /** P5 in the route table; that the connections follow is the checker's business. */
    private void checkDirectory() {
        if (world.service() == null) {
            return;
        }
        for (SimulatedDevice device : world.devices()) {
            Set<PlatformClass> classes = new HashSet<>();
            for (OnlineSession session :
                    world.service().messaging().sessions().of(device.key().uid())) {
                PlatformClass platformClass = session.platform().platformClass();
                if (platformClass != PlatformClass.IOT && !classes.add(platformClass)) {
                    world.violated("P5", "two sessions of a class: " + session);
                }
            }
        }
        int waiting = world.service().messaging().lane().waiting();
        if (waiting > world.shape().limits().lane().waitingMax()) {
            world.violated("P7", waiting + " drafts wait");
        }
    }

    /** P4 without a reconnect: whoever listens has everything. */
    private void checkEverythingArrivedByItself() {
        for (SimulatedDevice device : world.devices()) {
            if (!device.asleep() && !device.online()) {
                world.violated("P4", device.key() + " cannot come online");
            }
            if (device.listens()) {
                checkComplete(device, "listens");
                checkCursorIsStored(device);
            }
            if (device.online() && device.hasPending()) {
                world.violated("P1", device.key() + " is online and gets no answers");
            }
        }
    }

    /** What was acknowledged, and own sends with it, is stored as the cursor within a second. */
    private void checkCursorIsStored(SimulatedDevice device) {
        long head = world.storage().head(device.key().uid());
        long cursor = world.storedCursor(device.key());
        if (device.acknowledgesEverything() && cursor != head) {
            world.violated("P4", device.key() + " has the cursor " + cursor + ", its inbox ends at " + head);
        }
    }

    private void checkComplete(SimulatedDevice device, String how) {
        long head = world.storage().head(device.key().uid());
        if (device.completeTo() < head) {
            world.violated("P4", device.key() + " " + how + " and lacks " + (device.completeTo() + 1) + " of " + head);
        }
    }

    private void bringEverybodyUpToDate() {
        for (SimulatedDevice device : world.devices()) {
            if (!device.online()) {
                device.connect();
            }
            letArrive(device);
            if (device.hasPending()) {
                world.violated("P1", device.key() + " gets no answers");
            }
            checkComplete(device, "came back");
        }
        // What the last one sent has to reach the ones before.
        for (SimulatedDevice device : world.devices()) {
            if (device.listens()) {
                letArrive(device);
                checkComplete(device, "stayed");
            }
        }
    }

    /** Long enough for whoever makes progress, be it with a window of one entry. */
    private void letArrive(SimulatedDevice device) {
        long progressAtMillis = world.scheduler().millis();
        long complete = device.completeTo();
        while (!upToDate(device) && world.scheduler().millis() - progressAtMillis < SETTLE_MILLIS) {
            world.scheduler().runFor(500);
            if (device.online() && !device.listens()) {
                device.subscribe();
            }
            if (device.completeTo() > complete) {
                complete = device.completeTo();
                progressAtMillis = world.scheduler().millis();
            }
        }
    }

    private boolean upToDate(SimulatedDevice device) {
        return device.listens()
                && !device.hasPending()
                && device.completeTo() >= world.storage().head(device.key().uid());
    }

    /** P1: what is stored can be read by its members, page by page. */
    private void readEverything() {
        for (Conversation conversation : world.storage().conversations()) {
            List<StoredMessage> log = world.storage().log(conversation);
            List<StoredMessage> read = new ArrayList<>();
            for (int page = 0; page <= log.size() && read.size() < log.size(); page++) {
                read.addAll(pageAfter(conversation, read.size()));
            }
            if (!read.equals(log)) {
                world.violated("P1", "history of " + conversation + " gives " + read.size() + " of " + log.size());
            }
        }
    }

    private List<StoredMessage> pageAfter(Conversation conversation, long afterSeq) {
        String uid = conversation.low();
        List<StoredMessage> page = new ArrayList<>();
        ReadHistory readHistory = world.service().messaging().readHistory();
        // Neither bound asked for means the newest ones: the first page is asked from above.
        (afterSeq == 0
                        ? readHistory.read(uid, conversation, 2, 0, 1)
                        : readHistory.read(uid, conversation, 0, afterSeq, 0))
                .whenComplete((answer, trouble) -> {
                    if (answer instanceof Answer.Given<ReadHistory.Page> given) {
                        page.addAll(given.value().messages());
                    }
                });
        world.scheduler().runFor(200);
        return page;
    }

    /** Receipts never say more than what happened. */
    private void checkMarks() {
        world.scheduler().runFor(3_000);
        for (Conversation conversation : world.storage().conversations()) {
            for (String uid : InMemoryStorage.membersOf(conversation)) {
                var mark = world.storage().marks().find(uid, conversation);
                List<Object> key = List.of(uid, conversation);
                long ownSent = world.storage().log(conversation).stream()
                        .filter(message -> message.sender().equals(uid))
                        .mapToLong(StoredMessage::seq)
                        .max()
                        .orElse(0);
                if (mark.deliveredSeq() > world.deliveredAtMost().getOrDefault(key, 0L)) {
                    world.violated("receipts", mark + " was never delivered");
                }
                if (mark.readSeq() > Math.max(ownSent, world.readAtMost().getOrDefault(key, 0L))) {
                    world.violated("receipts", mark + " was never read");
                }
            }
        }
    }

    private void checkNothingIsLeft() {
        int sessions = world.service().messaging().sessions().openSessions();
        int waiting = world.service().messaging().lane().waiting();
        int streams = world.service().messaging().openStreams();
        if (sessions != 0 || waiting != 0 || streams != 0 || world.gate().size() != 0) {
            world.violated("P7", "left: " + sessions + " sessions, " + waiting + " drafts, " + streams + " streams");
        }
    }
}
