package io.hongyan.im.core.simulation;

import io.hongyan.im.core.Storage;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.Notice;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.session.LocalSessionDirectory;
import io.hongyan.im.core.session.Platform;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

/** Everything there is in one run: the service or none, its storage, the devices, and fate. */
final class World implements AutoCloseable {
    private static final Platform[] PLATFORMS = {
        Platform.ANDROID, Platform.IOS, Platform.MAC, Platform.LINUX, Platform.WEB, Platform.IOT, Platform.IOT
    };

    private final Random random;
    private final Shape shape;
    private final Breakage breakage;
    private final ChangeContents contents = new ChangeContents();
    private final Scheduler scheduler;
    private final RunHistory history;
    private final InMemoryStorage storage;
    private final UnreliableStorage unreliable;
    private final Storage ports;
    private final List<SimulatedDevice> devices = new ArrayList<>();
    private final Organisers organisers;
    private final Changers changers;
    private final Map<Conversation, GroupReplay> groups = new LinkedHashMap<>();
    private final Violations violations = new Violations();
    private final UnreadChecker unread = new UnreadChecker(this);
    /** Highest message of others that a device has acknowledged, highest own mark or send. */
    private final Map<List<Object>, Long> deliveredAtMost = new HashMap<>();

    private final Map<List<Object>, Long> readAtMost = new HashMap<>();

    private SimulatedService service;
    private SimulatedGate gate;
    private boolean stopping;
    private int lives;
    private long connections;

    World(long seed, int actions, Function<InMemoryStorage, Breakage> breaking) {
        random = new Random(seed);
        shape = Shape.drawn(random, actions);
        storage = new InMemoryStorage(
                shape.limits().groups(), shape.limits().messages().changes());
        breakage = breaking.apply(storage);
        scheduler = new Scheduler(random);
        storage.changes().clock(scheduler);
        history = new RunHistory(scheduler);
        unreliable = new UnreliableStorage(scheduler, random, shape.pace().latencyMillisMax());
        ports = breakage.storage().apply(unreliable.around(storage.ports()));
        for (int user = 1; user <= shape.users(); user++) {
            String uid = "u" + user;
            storage.ensure(uid);
            int count = 1 + random.nextInt(shape.devicesPerUserMax());
            for (int i = 1; i <= count; i++) {
                Platform platform = PLATFORMS[random.nextInt(PLATFORMS.length)];
                devices.add(new SimulatedDevice(this, random, uid, platform, uid + "d" + i));
            }
        }
        storage.devices().onEviction(this::evicted);
        organisers = new Organisers(this, random);
        changers = new Changers(this, random);
        startService();
    }

    private void startService() {
        lives++;
        stopping = false;
        gate = new SimulatedGate(this);
        service = new SimulatedService(
                scheduler,
                random,
                ports,
                breakage.directory().apply(new LocalSessionDirectory()),
                breakage.downlink().apply(gate),
                contents,
                storage.fanOut()::anyOpen,
                shape.limits());
        gate.start(service.life());
    }

    /** As by SIGKILL; it comes back after a while. */
    void killService() {
        if (service == null) {
            return;
        }
        record(new Recorded.Killed(Integer.toString(lives)));
        service.life().kill();
        gate.killAll();
        service = null;
        later(2_000, this::startService);
    }

    /** As by SIGTERM; it comes back after a while. */
    void stopService() {
        if (service == null || stopping) {
            return;
        }
        record(new Recorded.Remark("stopping"));
        stopping = true;
        SimulatedService ending = service;
        ending.stop(gate, written -> {
            if (written) {
                record(new Recorded.Remark("stopped"));
                if (reliable()) {
                    checkEverythingIsWritten(ending);
                }
            } else {
                record(new Recorded.Killed(Integer.toString(lives)));
            }
            service = null;
            later(2_000, this::startService);
        });
    }

    /** Of a clean end: cursors are where acknowledgements were. */
    private void checkEverythingIsWritten(SimulatedService ended) {
        for (SimulatedDevice device : devices) {
            DeviceKey key = device.key();
            if (device.evicted()) {
                continue;
            }
            if (storedCursor(key) < ended.told(key, null)) {
                violated("P4", key + " had acknowledged " + ended.told(key, null) + " before the end");
            }
            for (Map.Entry<String, Long> cursor :
                    storage.devices().groupCursors().find(key).entrySet()) {
                if (cursor.getValue() < ended.told(key, cursor.getKey())) {
                    violated("P4", key + " had acknowledged more of " + cursor.getKey() + " than " + cursor.getValue());
                }
            }
        }
    }

    /** With a storage that fails, acknowledgements may come after the service has given up a stream. */
    boolean reliable() {
        return shape.trouble().none();
    }

    private void evicted(DeviceKey key) {
        record(new Recorded.Remark("evicted " + key));
        devices.stream().filter(device -> device.key().equals(key)).forEach(SimulatedDevice::evict);
        if (service != null) {
            service.forget(key);
        }
    }

    Random random() {
        return random;
    }

    Shape shape() {
        return shape;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    RunHistory history() {
        return history;
    }

    /** What is really stored. */
    InMemoryStorage storage() {
        return storage;
    }

    UnreliableStorage unreliable() {
        return unreliable;
    }

    List<SimulatedDevice> devices() {
        return devices;
    }

    /** Null while it is down. */
    SimulatedService service() {
        return service;
    }

    SimulatedGate gate() {
        return gate;
    }

    Organisers organisers() {
        return organisers;
    }

    Changers changers() {
        return changers;
    }

    ChangeContents contents() {
        return contents;
    }

    /** All groups there have ever been, as their logs tell them now. */
    Map<Conversation, GroupReplay> groups() {
        for (Conversation conversation : storage.conversations()) {
            if (conversation.kind() == Conversation.Kind.GROUP) {
                groups.computeIfAbsent(conversation, name -> new GroupReplay(contents))
                        .upTo(storage.log(conversation));
            }
        }
        return groups;
    }

    /** Whether the message was written on this device. */
    static boolean wrote(DeviceKey device, StoredMessage message) {
        return message.senderDevice().equals(device.device())
                && message.sender().equals(device.uid());
    }

    UnreadChecker unread() {
        return unread;
    }

    Violations violations() {
        return violations;
    }

    void violated(String promise, String how) {
        violations.add(promise, scheduler.elapsedMillis(), how);
        record(new Recorded.Remark("VIOLATED " + promise + ": " + how));
    }

    void record(Recorded what) {
        history.add(what);
    }

    Channel channel() {
        return new Channel(scheduler, random, shape.pace().delayMillisMax());
    }

    /** Null if nobody listens. */
    SimulatedConnection connectionFor(SimulatedDevice device) {
        if (service == null) {
            return null;
        }
        String gateName = (random.nextInt(3) == 0 ? "b" : "a") + lives;
        return new SimulatedConnection(this, new ConnectionKey(gateName, ++connections), device);
    }

    /** Happens in the world outside, within so many milliseconds. */
    void later(int millisMax, Runnable work) {
        later(0, millisMax, work);
    }

    void later(int millisMin, int millisMax, Runnable work) {
        scheduler.after(millisMin + random.nextInt(millisMax - millisMin + 1), null, work);
    }

    void laterIn(Life life, int millisMax, Runnable work) {
        scheduler.after(random.nextInt(millisMax + 1), life, work);
    }

    /** What is to be told as missing comes with the number of the cursor. */
    long storedCursor(DeviceKey key) {
        return storage.devices()
                .find(key)
                .map(device -> device.skipped() ? device.cursor() - 1 : device.cursor())
                .orElse(0L);
    }

    /** Above this no device of the user has acknowledged anything. */
    long highestAcknowledged(String uid) {
        return devices.stream()
                .filter(device -> device.key().uid().equals(uid))
                .mapToLong(SimulatedDevice::cursorAtMost)
                .max()
                .orElse(0);
    }

    /** A device has acknowledged this entry. */
    void acknowledged(String uid, Entry entry) {
        if (entry instanceof Entry.OfMessage of && !of.message().sender().equals(uid)) {
            deliveredAtMost.merge(
                    List.of(uid, of.message().conversation()), of.message().seq(), Math::max);
        }
    }

    /** A device has acknowledged everything up to here by asking for what follows. */
    void acknowledgedUpTo(String uid, long seq) {
        storage.wholeInbox(uid).stream().filter(entry -> entry.seq() <= seq).forEach(entry -> acknowledged(uid, entry));
    }

    /** A user says to have read up to here. */
    void read(String uid, Conversation conversation, long seq) {
        readAtMost.merge(List.of(uid, conversation), seq, Math::max);
    }

    /** What is told about delivery and reading never says more than what happened. */
    void checkReceipt(Notice.Receipt receipt) {
        boolean delivered = receipt.deliveredSeq() <= deliveredAtMost(receipt.from(), receipt.conversation());
        if (!delivered || receipt.readSeq() > readAtMost(receipt.from(), receipt.conversation())) {
            violated("receipts", receipt + " says too much");
        }
    }

    long deliveredAtMost(String uid, Conversation conversation) {
        return deliveredAtMost.getOrDefault(List.of(uid, conversation), 0L);
    }

    long readAtMost(String uid, Conversation conversation) {
        return readAtMost.getOrDefault(List.of(uid, conversation), 0L);
    }

    @Override
    public void close() {
        scheduler.close();
    }
}
