package io.hongyan.im.core.simulation;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.sync.ConversationList.Item;
import java.util.List;

/** Counts unread messages one by one in the log, and compares with what is told by subtraction. */
final class UnreadChecker {
    private final World world;
    private int steps;
    private long recounted;
    private long keptByDevices;

    UnreadChecker(World world) {
        this.world = world;
    }

    /** Looks at the conversations of one more user as they are stored now. */
    void step() {
        String uid = "u" + (1 + steps++ % world.shape().users());
        check(uid, stored(uid));
    }

    private List<Item> stored(String uid) {
        return world.storage()
                .ports()
                .conversations()
                .list(uid, 0, null, Integer.MAX_VALUE, Integer.MAX_VALUE)
                .items();
    }

    /** What is stored, or was answered to a device just now. */
    void check(String uid, List<Item> items) {
        for (Item item : items) {
            recounted++;
            long expected = recount(uid, item);
            if (item.unread() != expected) {
                world.violated("unread", uid + " has " + item.unread() + " unread, counted " + expected + ": " + item);
            }
        }
    }

    private long recount(String uid, Item item) {
        Conversation conversation = item.conversation();
        GroupReplay group = world.groups().get(conversation);
        List<StoredMessage> log = world.storage().log(conversation).subList(0, (int) item.headSeq());
        if (log.get(log.size() - 1).sender().equals(uid)) {
            return 0;
        }
        long joined = group == null ? 0 : group.stretchAt(uid, item.headSeq()).fromSeq();
        long read = Math.max(item.mine().readSeq(), joined);
        return log.stream()
                .filter(entry -> entry.seq() > read)
                .filter(entry -> world.contents().counts(entry))
                .count();
    }

    /**
     * Compares with what a device that has everything has kept by itself. It may know of something read that a crash has
     * made the service forget.
     */
    void check(SimulatedDevice device) {
        String uid = device.key().uid();
        for (Item item : stored(uid)) {
            DeviceUnread.State kept = device.conversations.unread().find(item.conversation());
            if (kept == null) {
                continue;
            }
            keptByDevices++;
            boolean readIsRight =
                    world.reliable() ? kept.read() == item.readOrdinal() : kept.read() >= item.readOrdinal();
            if (kept.head() != item.headOrdinal() || !readIsRight) {
                String counts = kept.head() + " messages, " + kept.read() + " of them read";
                world.violated("unread", device.key() + " counts " + counts + ": " + item);
            }
        }
    }

    long recounted() {
        return recounted;
    }

    long keptByDevices() {
        return keptByDevices;
    }
}
