package io.hongyan.im.core.simulation;

import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.Notice;
import io.hongyan.im.core.message.Answer;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.session.OnlineSession;
import io.hongyan.im.core.session.PlatformClass;
import io.hongyan.im.core.sync.ReadHistory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;

/**
 * One run: storms of actions and faults, after each of them calm in which everything must arrive, then each device
 * comes back to be compared with the storage.
 */
final class Simulation {
    private static final long SETTLE_MILLIS = 30_000;
    private static final int FAN_OUT_LOOKS_MAX = 100;
    private static final int STORMS = 3;

    private final World world;
    private final Random random;

    /** What a run has come to. */
    record Outcome(List<String> violations, RunHistory history, Checker.Counts counts, UnreadChecker unread) {}

    private Simulation(World world) {
        this.world = world;
        this.random = world.random();
    }

    /** @param breakage is given the storage of the run */
    static Outcome run(long seed, int actions, Function<InMemoryStorage, Breakage> breakage) {
        try (World world = new World(seed, actions, breakage)) {
            new Simulation(world).run();
            Checker checker = new Checker(world);
            checker.check();
            return new Outcome(world.violations().all(), world.history(), checker.counts(), world.unread());
        }
    }

    private void run() {
        for (int storm = 0; storm < STORMS; storm++) {
            storm();
            world.record(new Recorded.Remark("calm"));
            world.scheduler().runFor(SETTLE_MILLIS);
            letFanOut();
            world.devices().stream().filter(SimulatedDevice::listens).forEach(this::letArrive);
            world.scheduler().runFor(SETTLE_MILLIS / 10);
            checkEverythingArrivedByItself();
        }
        bringEverybodyUpToDate();
        checkReceiptArrives();
        readEverything();
        checkMarks();
        world.devices().forEach(SimulatedDevice::sleep);
        world.scheduler().runFor(10_000);
        checkNothingIsLeft();
    }

    /** Steps are small and workers slow: many markers take their time. */
    private void letFanOut() {
        for (int look = 0; look < FAN_OUT_LOOKS_MAX && world.storage().fanOut().anyOpen(); look++) {
            world.scheduler().runFor(SETTLE_MILLIS / 10);
        }
    }

    private void storm() {
        world.unreliable().failuresPerThousand(world.shape().trouble().failuresPerThousand());
        for (int action = 0; action < world.shape().actions() / STORMS; action++) {
            new Action(world, random).takeOne();
            world.scheduler().runFor(random.nextInt(world.shape().pace().pauseMillisMax()));
            checkDirectory();
            world.unread().step();
        }
        if (world.shape().trouble().disastersPerThousand() > 0 && random.nextBoolean()) {
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
            for (OnlineSession session : world.service()
                    .messaging()
                    .sessions()
                    .logins()
                    .of(device.key().uid())) {
                PlatformClass platformClass = session.platform().platformClass();
                if (platformClass != PlatformClass.IOT && !classes.add(platformClass)) {
                    world.violated("P5", "two sessions of a class: " + session);
                }
            }
        }
        int waiting = world.service().messaging().messages().lane().waiting();
        if (waiting > world.shape().limits().messages().lane().waitingMax()) {
            world.violated("P7", waiting + " drafts wait");
        }
    }

    /** P4 without a reconnect: whoever listens has everything. */
    private void checkEverythingArrivedByItself() {
        for (SimulatedDevice device : world.devices()) {
            if (!device.asleep() && !device.online()) {
                world.violated("P4", device.key() + " cannot come online");
            }
            if (device.listens() && !mayNotHaveBeenTold(device)) {
                checkComplete(device, "listens");
                checkCursorsAreStored(device);
            }
            if (device.online() && device.hasPending()) {
                world.violated("P1", device.key() + " is online and gets no answers");
            }
        }
        if (!world.organisers().haveAllAnswers()) {
            world.violated("P1", "a change of a group is not answered");
        }
        if (!world.changers().haveAllAnswers()) {
            world.violated("P1", "a change of a message is not answered");
        }
        if (!world.storage().changes().due(1, 1).isEmpty()) {
            world.violated(
                    "changes",
                    "something is left to do: " + world.storage().changes().due(1, 1));
        }
        if (world.storage().fanOut().anyOpen()) {
            world.violated("P4", "markers are left");
        }
    }

    /**
     * Where it is not certain whether something of a group was stored, its members are told to look: whoever has left it
     * meanwhile notices with the next entry.
     */
    private boolean mayNotHaveBeenTold(SimulatedDevice device) {
        String uid = device.key().uid();
        long complete = device.completeTo();
        List<Entry> missing = world.storage().wholeInbox(uid).stream()
                .filter(entry -> entry.seq() > complete)
                .toList();
        return !world.reliable()
                && !missing.isEmpty()
                && missing.stream().allMatch(entry -> entry instanceof Entry.OfMessage of && isOfLeftGroup(uid, of));
    }

    private boolean isOfLeftGroup(String uid, Entry.OfMessage entry) {
        GroupReplay group = world.groups().get(entry.message().conversation());
        return group != null && !group.isMember(uid);
    }

    /** What was acknowledged, and own sends with it, is stored as the cursor within a second. */
    private void checkCursorsAreStored(SimulatedDevice device) {
        DeviceKey key = device.key();
        if (!device.acknowledgesEverything() || device.evicted()) {
            return;
        }
        long head = world.storage().head(key.uid());
        long cursor = world.storedCursor(key);
        if (device.takesInbox() && cursor != head) {
            world.violated("P4", key + " has the cursor " + cursor + ", its inbox ends at " + head);
        }
        Map<String, Long> cursors = world.storage().devices().groupCursors().find(key);
        world.groups().forEach((group, replay) -> {
            long end = replay.log().size();
            boolean reads = device.takesGroups() && replay.isMember(key.uid());
            boolean began = reads && replay.inStream(key.uid(), device.groups().acknowledged(group.id()));
            boolean sameMembership = began
                    && replay.intervalAt(key.uid(), end).fromSeq()
                            <= device.groups().acknowledged(group.id());
            if (sameMembership && cursors.getOrDefault(group.id(), 0L) != end) {
                world.violated("P4", key + " has the cursors " + cursors + ", " + group.id() + " ends at " + end);
            }
        });
    }

    private void checkComplete(SimulatedDevice device, String how) {
        String missing = device.lacks();
        if (missing != null) {
            world.violated("P4", device.key() + " " + how + " and lacks " + missing);
        }
    }

    private void bringEverybodyUpToDate() {
        for (SimulatedDevice device : world.devices()) {
            if (!device.online() || mayNotHaveBeenTold(device)) {
                device.connect();
            }
            letArrive(device);
            if (device.lacksRoom()) {
                makeRoomFor(device);
            }
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

    /** Where as many devices of its user are online as are kept, the others leave. */
    private void makeRoomFor(SimulatedDevice device) {
        String uid = device.key().uid();
        if (world.storage().devices().all(uid, Integer.MAX_VALUE).size()
                < world.shape().limits().sessions().devicesMax()) {
            world.violated("P4", device.key() + " is refused, and there is room");
        }
        world.devices().stream()
                .filter(other -> other != device && other.key().uid().equals(uid))
                .forEach(SimulatedDevice::sleep);
        world.scheduler().runFor(SETTLE_MILLIS);
        device.connect();
        letArrive(device);
        if (device.lacksRoom()) {
            world.violated("P4", device.key() + " is refused while no other device is online");
        }
    }

    /** Long enough for whoever makes progress, be it with a window of one entry. */
    private void letArrive(SimulatedDevice device) {
        long progressAtMillis = world.scheduler().millis();
        long progress = device.progress();
        while (!upToDate(device) && world.scheduler().millis() - progressAtMillis < SETTLE_MILLIS) {
            world.scheduler().runFor(500);
            if (device.online() && !device.listens()) {
                device.subscribe();
            }
            if (device.progress() > progress) {
                progress = device.progress();
                progressAtMillis = world.scheduler().millis();
            }
        }
    }

    private boolean upToDate(SimulatedDevice device) {
        return device.listens() && !device.hasPending() && device.lacks() == null;
    }

    /** Whoever has written to somebody who is there learns that it has arrived. */
    private void checkReceiptArrives() {
        for (SimulatedDevice writer : world.devices()) {
            for (SimulatedDevice reader : world.devices()) {
                String to = reader.key().uid();
                boolean there = reader.listens() && reader.takesInbox() && reader.acknowledgesEverything();
                if (writer.online() && there && !to.equals(writer.key().uid())) {
                    Conversation conversation = Conversation.direct(writer.key().uid(), to);
                    writer.send(conversation);
                    world.scheduler().runFor(1_000);
                    letArrive(reader);
                    world.scheduler().runFor(3_000);
                    Notice.Receipt receipt = writer.receiptOf(to, conversation);
                    if (receipt == null
                            || receipt.deliveredSeq() < world.storage().head(conversation)) {
                        world.violated("receipts", writer.key() + " was not told that it arrived: " + receipt);
                    }
                    return;
                }
            }
        }
    }

    /** P1: what is stored can be read by who may, page by page. */
    private void readEverything() {
        Map<Conversation, GroupReplay> groups = world.groups();
        for (Conversation conversation : world.storage().conversations()) {
            GroupReplay group = groups.get(conversation);
            List<String> readers =
                    List.copyOf(group == null ? InMemoryStorage.membersOf(conversation) : group.everybody());
            String uid = readers.get(random.nextInt(readers.size()));
            List<StoredMessage> log = group == null ? world.storage().log(conversation) : group.readableBy(uid);
            List<StoredMessage> read = new ArrayList<>();
            for (int page = 0; page <= log.size() && read.size() < log.size(); page++) {
                long after = read.isEmpty()
                        ? log.get(0).seq() - 1
                        : read.get(read.size() - 1).seq();
                read.addAll(pageAfter(uid, conversation, after));
            }
            read.replaceAll(InMemoryChanges::plain);
            if (!read.equals(log)) {
                world.violated("P1", "history of " + conversation + " gives " + read.size() + " of " + log.size());
            }
        }
    }

    private List<StoredMessage> pageAfter(String uid, Conversation conversation, long afterSeq) {
        List<StoredMessage> page = new ArrayList<>();
        ReadHistory readHistory = world.service().messaging().sync().readHistory();
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

    /** Those too who miss something, once they have asked for what has changed since their last list. */
    private void checkUnread() {
        List<SimulatedDevice> complete = world.devices().stream()
                .filter(device -> device.takesInbox() && device.takesGroups() && upToDate(device))
                .filter(device -> !mayNotHaveBeenTold(device))
                .toList();
        complete.forEach(world.unread()::check);
        complete.forEach(this::checkMessages);
        List<SimulatedDevice> incomplete = complete.stream()
                .filter(device -> device.conversations.unread().isIncomplete())
                .toList();
        incomplete.forEach(new ListCalls(world)::changed);
        world.scheduler().runFor(3_000);
        incomplete.forEach(world.unread()::check);
    }

    /** Receipts never say more than what happened. */
    private void checkMarks() {
        world.scheduler().runFor(3_000);
        checkUnread();
        for (Conversation conversation : world.storage().conversations()) {
            List<StoredMessage> log = world.storage().log(conversation);
            for (int user = 1; user <= world.shape().users(); user++) {
                String uid = "u" + user;
                var mark = world.storage().marks().find(uid, conversation);
                long ownSent = log.stream()
                        .filter(message -> message.sender().equals(uid))
                        .mapToLong(StoredMessage::seq)
                        .max()
                        .orElse(0);
                if (mark.deliveredSeq() > world.deliveredAtMost(uid, conversation)) {
                    world.violated("receipts", mark + " was never delivered");
                }
                if (mark.readSeq() > Math.max(ownSent, world.readAtMost(uid, conversation))) {
                    world.violated("receipts", mark + " was never read");
                }
            }
        }
    }

    /** Whoever has followed shows each message as it is stored. */
    private void checkMessages(SimulatedDevice device) {
        String uid = device.key().uid();
        DeviceMessages messages = device.conversations.messages();
        for (Conversation conversation : messages.conversations()) {
            GroupReplay group = world.groups().get(conversation);
            List<StoredMessage> log = world.storage().log(conversation);
            messages.messages(conversation).forEach((seq, shown) -> {
                if (seq > log.size()) {
                    world.violated(
                            "P1", device.key() + " has " + seq + " of " + conversation + ", which is not stored");
                    return;
                }
                StoredMessage stored = log.get((int) (seq - 1));
                boolean follows = group == null || group.seesAt(uid, seq, log.size()) && group.isMember(uid);
                if (follows && !DeviceMessages.isRight(shown, stored)) {
                    world.violated("changes", device.key() + " shows " + RunHistory.inWords(stored) + " as " + shown);
                }
            });
        }
    }

    private void checkNothingIsLeft() {
        int sessions = world.service().messaging().sessions().logins().openSessions();
        int waiting = world.service().messaging().messages().lane().waiting();
        int streams = world.service().messaging().messages().openStreams()
                + world.service().messaging().messages().openGroupStreams();
        if (sessions != 0 || waiting != 0 || streams != 0 || world.gate().size() != 0) {
            world.violated("P7", "left: " + sessions + " sessions, " + waiting + " drafts, " + streams + " streams");
        }
    }
}
