package io.hongyan.im.core.simulation;

import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.Event;
import io.hongyan.im.core.inbox.InboxPage;
import io.hongyan.im.core.inbox.Notice;
import io.hongyan.im.core.message.Answer;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.SendOutcome;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.session.Platform;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A client: keeps what it has to send until it is answered, sends it again in order after each reconnect, acknowledges
 * what it gets, and remembers which numbers of its inbox it knows. How well it behaves changes.
 */
final class SimulatedDevice {
    private static final int SEND_WINDOW = 6;

    private final World world;
    private final Random random;
    private final String uid;
    private final Platform platform;
    private final String name;
    private final int receiveMaximum;
    private final long sessionExpirySeconds;
    private final int qos;
    private final boolean takesInbox;
    private final boolean takesGroups;

    private final Map<String, Outgoing> pending = new LinkedHashMap<>();
    private final Map<String, Outgoing> answered = new LinkedHashMap<>();
    private final BitSet known = new BitSet();
    private final DeviceGroups groups = new DeviceGroups();
    final DeviceConversations conversations;
    private final Map<List<Object>, Notice.Receipt> receipts = new HashMap<>();
    private long acknowledged;
    private boolean begun;
    private boolean evicted;
    private boolean lacksRoom;
    private long startedAtMost;
    private int messages;

    private SimulatedConnection connection;
    private boolean online;
    private boolean subscribed;
    private boolean subscribing;
    private int inTransit;
    private boolean asleep = true;
    private boolean acknowledges = true;
    private boolean leftOut;
    private long lastAcknowledgementAtMillis;
    /** They leave in the order of the deliveries. */
    private final ArrayDeque<Runnable> acknowledgements = new ArrayDeque<>();

    record Outgoing(Conversation conversation, String id, byte[] content, long quotedSeq) {}

    SimulatedDevice(World world, Random random, String uid, Platform platform, String name) {
        this.world = world;
        this.random = random;
        this.uid = uid;
        this.platform = platform;
        this.name = name;
        this.receiveMaximum = 1 + random.nextInt(10);
        this.sessionExpirySeconds = random.nextInt(3) == 0 ? 5 + random.nextInt(60) : 0;
        this.qos = random.nextInt(8) == 0 ? 0 : 1;
        this.takesInbox = random.nextInt(10) > 0;
        this.takesGroups = !takesInbox || random.nextInt(8) > 0;
        this.conversations = new DeviceConversations(uid, world.contents());
    }

    DeviceKey key() {
        return new DeviceKey(uid, platform.wireName() + ':' + name);
    }

    Platform platform() {
        return platform;
    }

    String name() {
        return name;
    }

    int receiveMaximum() {
        return receiveMaximum;
    }

    boolean takesInbox() {
        return takesInbox;
    }

    boolean takesGroups() {
        return takesGroups;
    }

    boolean online() {
        return online;
    }

    boolean listens() {
        return online && subscribed;
    }

    boolean acknowledgesEverything() {
        return qos > 0 && acknowledges && !leftOut;
    }

    boolean asleep() {
        return asleep;
    }

    boolean hasPending() {
        return !pending.isEmpty();
    }

    SimulatedConnection connection() {
        return connection;
    }

    /**
     * Nothing above this may be left out when the inbox is pushed: a new device starts, at the latest, after what the
     * user's devices have acknowledged by now; a known one after what it has acknowledged itself.
     */
    long startsAtMost() {
        if (!begun || evicted) {
            startedAtMost = Math.max(startedAtMost, world.highestAcknowledged(uid));
        }
        return Math.max(acknowledged, startedAtMost);
    }

    /** How far its cursor may be: own sends behind what is acknowledged count as that. */
    long cursorAtMost() {
        long cursor = Math.max(acknowledged, begun ? startedAtMost : 0);
        while (ownAt(cursor + 1) != null) {
            cursor++;
        }
        return cursor;
    }

    /** What it has written itself and has this number in the inbox, null where that is not so. */
    private StoredMessage ownAt(long seq) {
        return world.storage().entryAt(uid, seq) instanceof Entry.OfMessage of && World.wrote(key(), of.message())
                ? of.message()
                : null;
    }

    /** It is being given its inbox. */
    void begin() {
        startsAtMost();
        conversations.begin(begun);
        begun = true;
    }

    /**
     * The push of the inbox has begun: the storage knows the device.
     *
     * @return whether it knows it again, as a new one
     */
    boolean registered() {
        begin();
        boolean again = evicted && world.storage().devices().knows(key());
        evicted = evicted && !again;
        return again;
    }

    /** The storage has forgotten it: it is a new device when it begins the next time. */
    void evict() {
        evicted = true;
        conversations.forget();
    }

    boolean evicted() {
        return evicted;
    }

    /** Highest number up to which the client has everything, pushed or named by an answer. */
    long completeTo() {
        startsAtMost();
        return known.nextClearBit((int) startedAtMost + 1) - 1L;
    }

    /** What it should have and has not, in words; null where it has everything. */
    String lacks() {
        long head = world.storage().head(uid);
        if (takesInbox && completeTo() < head) {
            return (completeTo() + 1) + " of " + head;
        }
        for (Map.Entry<Conversation, GroupReplay> group : world.groups().entrySet()) {
            String id = group.getKey().id();
            long missing = takesGroups ? groups.lacks(id, group.getValue(), key()) : 0;
            if (missing > 0) {
                return id + "/" + missing + " of " + group.getValue().log().size();
            }
        }
        return null;
    }

    /** Rises with everything it gets. */
    long progress() {
        return completeTo() + groups.size();
    }

    DeviceGroups groups() {
        return groups;
    }

    /** How far it has its inbox, for what must come after that. */
    long inboxRead() {
        return takesInbox && subscribed && qos > 0 ? Math.max(cursorAtMost(), startsAtMost()) : Long.MAX_VALUE;
    }

    /** What others have told about a conversation; null if nothing. */
    Notice.Receipt receiptOf(String from, Conversation conversation) {
        return receipts.get(List.of(from, conversation));
    }

    void connect() {
        asleep = false;
        if (connection != null) {
            connection.cut();
            leave();
        }
        SimulatedConnection made = world.connectionFor(this);
        connection = made;
        boolean cleanStart = random.nextInt(4) == 0;
        if (made == null) {
            reconnectLater();
            return;
        }
        made.fromClient(() -> made.connect(cleanStart, sessionExpirySeconds, receiveMaximum));
        world.later(0, 15_000, () -> {
            if (connection == made && !online) {
                made.cut();
            }
        });
    }

    /** All devices that are kept of its user are online: its user leaves it be, as after being kicked. */
    void refusedForRoom(SimulatedConnection on) {
        lacksRoom = true;
        if (connection == null || connection == on) {
            asleep = true;
        }
    }

    boolean lacksRoom() {
        return lacksRoom;
    }

    void connected(SimulatedConnection on, boolean restored) {
        if (on != connection) {
            return;
        }
        online = true;
        lacksRoom = false;
        inTransit = 0;
        subscribed = restored;
        boolean sendsFirst = random.nextBoolean();
        if (sendsFirst) {
            transmitMore();
        }
        if (!restored && random.nextInt(10) > 0) {
            subscribe();
        }
        if (!sendsFirst) {
            transmitMore();
        }
    }

    void subscribe() {
        if (!subscribing) {
            subscribing = true;
            SimulatedConnection on = connection;
            on.fromClient(() -> on.subscribe(qos));
        }
    }

    void unsubscribe() {
        if (subscribed) {
            SimulatedConnection on = connection;
            subscribed = false;
            acknowledges = true;
            leftOut = false;
            on.fromClient(on::unsubscribe);
        }
    }

    void subscribed(SimulatedConnection on) {
        if (on == connection) {
            subscribing = false;
            subscribed = true;
        }
    }

    void sleep() {
        asleep = true;
        if (connection != null) {
            SimulatedConnection on = connection;
            on.fromClient(() -> on.end("client left"));
            leave();
        }
    }

    void logOut() {
        if (online) {
            asleep = true;
            connection.fromClient(connection::logOut);
        }
    }

    void lost(SimulatedConnection on) {
        if (on == connection) {
            leave();
            reconnectLater();
        }
    }

    private void reconnectLater() {
        world.later(10, 3_000, () -> {
            if (connection == null && !asleep) {
                connect();
            }
        });
    }

    private void leave() {
        connection = null;
        online = false;
        subscribed = false;
        subscribing = false;
        acknowledges = true;
        leftOut = false;
    }

    void noticed(SimulatedConnection on, Notice notice) {
        if (on == connection && notice instanceof Notice.Kicked) {
            asleep = true;
        } else if (notice instanceof Notice.Receipt receipt) {
            receipts.merge(
                    List.of(receipt.from(), receipt.conversation()),
                    receipt,
                    (one, other) -> one.deliveredSeq() > other.deliveredSeq() ? one : other);
        }
    }

    void send(Conversation conversation) {
        String id = name + "-" + ++messages;
        Outgoing message = conversations.messages().compose(random, conversation, id);
        boolean next = pending.size() == inTransit;
        pending.put(id, message);
        if (online && next && inTransit < SEND_WINDOW) {
            transmit(message);
        }
    }

    /** In the order they were written, the oldest first. */
    private void transmitMore() {
        pending.values().stream()
                .skip(inTransit)
                .limit(SEND_WINDOW - inTransit)
                .toList()
                .forEach(this::transmit);
    }

    private void transmit(Outgoing message) {
        inTransit++;
        SimulatedConnection on = connection;
        on.fromClient(() -> on.publish(message, false));
    }

    /** Sends something again that needs no sending again. */
    void repeat() {
        if (online && !answered.isEmpty()) {
            Outgoing old = List.copyOf(answered.values()).get(random.nextInt(answered.size()));
            SimulatedConnection on = connection;
            on.fromClient(() -> on.publish(old, true));
        }
    }

    void answered(SimulatedConnection on, Outgoing message, SendOutcome outcome) {
        if (on != connection) {
            return;
        }
        long head = world.storage().head(message.conversation());
        world.record(new Recorded.Answered(on.key(), key(), message.conversation(), message.id(), outcome, head));
        if (outcome instanceof SendOutcome.Stored stored) {
            known.set((int) stored.inboxSeq());
            conversations.sent(message, stored);
        }
        boolean first = pending.remove(message.id()) != null;
        if (first) {
            answered.put(message.id(), message);
            inTransit--;
            transmitMore();
        }
    }

    /** @param group the large group whose entry it is, null of the inbox */
    void received(SimulatedConnection on, long token, String group, Entry entry) {
        if (on != connection) {
            return;
        }
        world.record(new Recorded.Received(on.key(), key(), group, entry));
        if (group == null) {
            take(entry);
        } else {
            groups.take(group, entry);
            conversations.take(group, entry);
        }
        leftOut |= !acknowledges;
        if (qos > 0 && acknowledges) {
            lastAcknowledgementAtMillis =
                    Math.max(lastAcknowledgementAtMillis, world.scheduler().millis() + random.nextInt(50));
            long delay = lastAcknowledgementAtMillis - world.scheduler().millis();
            acknowledgements.add(() -> acknowledge(on, token, group, entry));
            world.scheduler().after(delay, null, () -> acknowledgements.remove().run());
        }
    }

    private void acknowledge(SimulatedConnection on, long token, String group, Entry entry) {
        if (on != connection) {
            return;
        }
        if (group == null) {
            acknowledged = Math.max(acknowledged, entry.seq());
        } else {
            groups.acknowledge(group, entry.seq());
        }
        world.acknowledged(uid, entry);
        on.fromClient(() -> on.acknowledge(token));
    }

    private void take(Entry entry) {
        conversations.take(null, entry);
        known.set((int) entry.seq());
        if (entry instanceof Entry.OfEvent event && event.event() instanceof Event.Trimmed trimmed) {
            known.set(1, (int) trimmed.from());
        }
    }

    void pull() {
        if (!online) {
            return;
        }
        SimulatedConnection on = connection;
        long complete = begun ? completeTo() : 0;
        long afterSeq = random.nextInt(5) == 0 ? random.nextInt((int) complete + 1) : complete;
        int limit = random.nextInt(4);
        acknowledged = Math.max(acknowledged, afterSeq);
        world.acknowledgedUpTo(uid, afterSeq);
        on.fromClient(() -> on.ask(
                on.service().messaging().sync().pullInbox().pull(key(), afterSeq, limit),
                answer -> pulled(on, afterSeq, limit, answer)));
    }

    private void pulled(SimulatedConnection on, long afterSeq, int limit, Answer<InboxPage> answer) {
        if (on != connection) {
            return;
        }
        InboxPage page = ((Answer.Given<InboxPage>) answer).value();
        world.record(new Recorded.Pulled(on.key(), key(), afterSeq, limit, page));
        begin();
        page.entries().forEach(this::take);
    }

    void type(Conversation conversation) {
        if (online) {
            SimulatedConnection on = connection;
            on.fromClient(() ->
                    on.service().messaging().sessions().sendSignal().send(new Notice.Typing(uid, conversation, true)));
        }
    }

    void stopAcknowledging() {
        acknowledges = false;
    }

    void stopReading() {
        if (connection != null) {
            connection.down().pause();
        }
    }

    /** As a client should. Acknowledgements cannot be taken up where some were left out: the gate ends that connection. */
    void behave() {
        acknowledges = !leftOut;
        if (connection != null) {
            connection.down().resume();
        }
    }
}
