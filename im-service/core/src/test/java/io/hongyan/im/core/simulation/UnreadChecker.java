package io.hongyan.im.core.simulation;

import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.Event;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.sync.ConversationList.Item;
import java.util.List;
import java.util.Set;

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

    /**
     * A list of what has changed since a version has each conversation of which there is an entry behind it, up to its own
     * version, but those that were dissolved and left.
     */
    void checkNothingIsLeftOut(String uid, long since, long version, Set<Conversation> listed) {
        for (long seq = since + 1; seq <= version; seq++) {
            Conversation changed = conversationOf(world.storage().entryAt(uid, seq));
            if (!listed.contains(changed) && !isOver(uid, changed)) {
                world.violated("unread", uid + " has no " + changed + " in a list of " + since + " to " + version);
            }
        }
    }

    /** A list of some by name has no others, and all that have been listed before, but those that were dissolved and left. */
    void checkNamed(String uid, List<Conversation> asked, List<Conversation> before, Set<Conversation> listed) {
        boolean right = asked.containsAll(listed)
                && before.stream().allMatch(name -> listed.contains(name) || isOver(uid, name));
        if (!right) {
            world.violated("unread", uid + " asked for " + asked + " and got " + listed);
        }
    }

    private static Conversation conversationOf(Entry entry) {
        return entry instanceof Entry.OfMessage of
                ? of.message().conversation()
                : ((Event.ReadUpTo) ((Entry.OfEvent) entry).event()).conversation();
    }

    private boolean isOver(String uid, Conversation conversation) {
        GroupReplay group = world.groups().get(conversation);
        return group != null && group.isDissolved() && !group.isMember(uid);
    }

    private long recount(String uid, Item item) {
        Conversation conversation = item.conversation();
        GroupReplay group = world.groups().get(conversation);
        List<StoredMessage> log = world.storage().log(conversation).subList(0, (int) item.headSeq());
        if (log.get(log.size() - 1).sender().equals(uid)) {
            return 0;
        }
        long joined = group == null ? 0 : group.intervalAt(uid, item.headSeq()).fromSeq();
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

    /** How often a list gave devices back what was missing. */
    long repaired() {
        return world.devices().stream()
                .mapToLong(device -> device.conversations.unread().repaired())
                .sum();
    }

    long recounted() {
        return recounted;
    }

    long keptByDevices() {
        return keptByDevices;
    }
}
