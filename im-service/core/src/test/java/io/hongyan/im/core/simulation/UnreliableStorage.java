package io.hongyan.im.core.simulation;

import io.hongyan.im.core.Storage;
import io.hongyan.im.core.feed.EventLog;
import io.hongyan.im.core.feed.FeedStorage;
import io.hongyan.im.core.group.Groups;
import io.hongyan.im.core.hint.Hints;
import io.hongyan.im.core.inbox.Devices;
import io.hongyan.im.core.inbox.GroupCursors;
import io.hongyan.im.core.inbox.Inbox;
import io.hongyan.im.core.inbox.InboxTrimmer;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.push.Pushes;
import io.hongyan.im.core.receipt.Marks;
import io.hongyan.im.core.send.ChangedMessages;
import io.hongyan.im.core.send.FanOutLog;
import io.hongyan.im.core.send.History;
import io.hongyan.im.core.send.MessageLog;
import io.hongyan.im.core.send.MessageStorage;
import io.hongyan.im.core.session.Users;
import io.hongyan.im.core.sync.ConversationList;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Random;
import java.util.Set;

/**
 * Puts between a storage and its users what networks and disks do: calls take time, before and after the moment they
 * take effect, while others run; they fail, and a write that failed may have been done all the same.
 */
final class UnreliableStorage {
    private static final Set<String> WRITES = Set.of(
            "append",
            "make",
            "makeWithDevice",
            "register",
            "moveCursors",
            "move",
            "forget",
            "keepSession",
            "raise",
            "appendReadEvents",
            "advance",
            "trim");
    /** Of a fan-out. */
    private static final String STEP = "advance";

    private static final int DOZE_MILLIS_MIN = 9_000;
    private static final int DOZE_MILLIS_MAX = 20_000;

    private final Scheduler scheduler;
    private final Random random;
    private final int latencyMillisMax;

    private int failuresPerThousand;
    private long downUntilMillis;

    UnreliableStorage(Scheduler scheduler, Random random, int latencyMillisMax) {
        this.scheduler = scheduler;
        this.random = random;
        this.latencyMillisMax = latencyMillisMax;
    }

    void failuresPerThousand(int rate) {
        failuresPerThousand = rate;
    }

    /** Every call fails for a while; those that write may have been done. */
    void downFor(long millis) {
        downUntilMillis = scheduler.millis() + millis;
    }

    void heal() {
        failuresPerThousand = 0;
        downUntilMillis = 0;
    }

    Storage around(Storage storage) {
        return new Storage(
                new MessageStorage(
                        around(MessageLog.class, storage.log()),
                        around(History.class, storage.history()),
                        around(FanOutLog.class, storage.fanOut()),
                        around(Groups.class, storage.groups()),
                        around(Inbox.class, storage.inbox()),
                        around(InboxTrimmer.class, storage.trimmer()),
                        around(Devices.class, storage.devices()),
                        around(GroupCursors.class, storage.groupCursors()),
                        around(ChangedMessages.class, storage.changed())),
                around(Users.class, storage.users()),
                around(Marks.class, storage.marks()),
                around(ConversationList.class, storage.conversations()),
                around(Hints.class, storage.hints()),
                new FeedStorage(
                        around(EventLog.class, storage.feed().events()),
                        storage.feed().feed(),
                        storage.feed().partitions()),
                around(Pushes.class, storage.pushes()));
    }

    private <T> T around(Class<T> port, T inner) {
        return port.cast(Proxy.newProxyInstance(
                port.getClassLoader(),
                new Class<?>[] {port},
                (proxy, method, arguments) -> call(inner, method, arguments)));
    }

    private Object call(Object inner, Method method, Object[] arguments) throws Throwable {
        if (failuresPerThousand > 0 && method.getName().equals(STEP) && random.nextInt(20) == 0) {
            // A worker that stands still until long after its lease.
            scheduler.pause(DOZE_MILLIS_MIN + random.nextInt(DOZE_MILLIS_MAX - DOZE_MILLIS_MIN));
        }
        linger();
        boolean fails = scheduler.millis() < downUntilMillis || random.nextInt(1_000) < failuresPerThousand;
        boolean doneAllTheSame = fails && WRITES.contains(method.getName()) && random.nextInt(3) == 0;
        Object result = null;
        if (!fails || doneAllTheSame) {
            try {
                result = method.invoke(inner, arguments);
            } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
            }
        }
        linger();
        if (fails) {
            throw new StorageException("simulated failure of " + method.getName(), null);
        }
        return result;
    }

    private void linger() {
        if (random.nextInt(3) == 0) {
            scheduler.pause(random.nextInt(latencyMillisMax + 1));
        }
    }
}
