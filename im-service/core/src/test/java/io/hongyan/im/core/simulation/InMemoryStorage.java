package io.hongyan.im.core.simulation;

import io.hongyan.im.core.Storage;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.Event;
import io.hongyan.im.core.inbox.Inbox;
import io.hongyan.im.core.inbox.InboxPage;
import io.hongyan.im.core.inbox.InboxTrimmer;
import io.hongyan.im.core.inbox.KeptSession;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.AppendPlan;
import io.hongyan.im.core.send.AppendRules;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Appended.InboxPosition;
import io.hongyan.im.core.send.ChangeLimits;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.send.History;
import io.hongyan.im.core.send.MessageContents;
import io.hongyan.im.core.send.MessageLog;
import io.hongyan.im.core.send.MessageRules;
import io.hongyan.im.core.send.MessageStorage;
import io.hongyan.im.core.send.MessageWrites;
import io.hongyan.im.core.session.LoginFacts;
import io.hongyan.im.core.session.UserStanding;
import io.hongyan.im.core.session.Users;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * All storage ports over plain collections, for tests and simulation. Each call is one atomic step, and what has been
 * written stays: to "crash" is to go on with the same object. The object is the lock.
 */
public final class InMemoryStorage implements MessageLog, Inbox, Users, History, InboxTrimmer {
    private final Map<String, UserInbox> inboxes = new LinkedHashMap<>();
    private final List<UserInbox> inboxesInOrder = new ArrayList<>();
    /** Of users about whom something was decided, the latest decision last. */
    private final Map<String, UserStanding> standings = new LinkedHashMap<>();

    private final Map<String, Long> changedAt = new HashMap<>();
    private final Map<Conversation, List<StoredMessage>> logs = new HashMap<>();
    private final Map<DedupKey, Appended.Repeated> known = new HashMap<>();
    private final InMemoryDevices devices = new InMemoryDevices(this);
    private final InMemoryMarks marks = new InMemoryMarks(this);
    private final InMemoryFanOut fanOut = new InMemoryFanOut(this);
    private final InMemoryChanges changes = new InMemoryChanges(this);
    private final InMemoryGroups groups;
    private final AppendRules rules;
    private final InMemoryHints hints = new InMemoryHints(this);
    private final InMemoryFeed feed = new InMemoryFeed();
    private final InMemoryPushes pushes = new InMemoryPushes(this);
    private boolean countsChanges;

    private record DedupKey(Conversation conversation, String sender, String clientMessageId) {}

    /** A user's inbox. Trimmed entries are out of reach of the ports, but still here for who checks a run. */
    static final class UserInbox implements AppendPlan.Recipient {
        private final String uid;
        private final List<Entry> all = new ArrayList<>();
        /** Every conversation there ever was an entry of, with the number of its last entry. */
        private final Map<Conversation, Long> lastEntries = new LinkedHashMap<>();

        private long from = 1;

        UserInbox(String uid) {
            this.uid = uid;
        }

        @Override
        public String uid() {
            return uid;
        }

        void trimTo(long upTo) {
            from = Math.max(from, upTo + 1);
        }

        long head() {
            return all.size();
        }

        long oldest() {
            return from;
        }

        long add(Conversation conversation, Entry entry) {
            all.add(entry);
            lastEntries.put(conversation, entry.seq());
            return entry.seq();
        }

        Map<Conversation, Long> lastEntries() {
            return lastEntries;
        }
    }

    public InMemoryStorage() {
        this(GroupLimits.DEFAULT);
    }

    public InMemoryStorage(GroupLimits limits) {
        this(limits, ChangeLimits.DEFAULT);
    }

    public InMemoryStorage(GroupLimits limits, ChangeLimits changeLimits) {
        this(limits, changeLimits, new PlainContents());
    }

    public InMemoryStorage(GroupLimits limits, ChangeLimits changeLimits, MessageContents contents) {
        this.rules = new AppendRules(limits, new MessageRules(changeLimits, contents));
        this.groups = new InMemoryGroups(this);
    }

    /** The users of a direct conversation, who may be one and the same. */
    static Set<String> membersOf(Conversation conversation) {
        return new LinkedHashSet<>(Arrays.asList(conversation.low(), conversation.high()));
    }

    /** All ports of this storage. */
    public Storage ports() {
        return new Storage(
                new MessageStorage(this, this, fanOut, groups, this, this, devices, devices.groupCursors(), changes),
                this,
                marks,
                new InMemoryConversations(this),
                hints,
                feed.ports(),
                pushes);
    }

    InMemoryDevices devices() {
        return devices;
    }

    InMemoryFeed feed() {
        return feed;
    }

    InMemoryMarks marks() {
        return marks;
    }

    InMemoryGroups groups() {
        return groups;
    }

    InMemoryChanges changes() {
        return changes;
    }

    InMemoryFanOut fanOut() {
        return fanOut;
    }

    /** All users in the order they were made. The caller holds the lock. */
    List<String> uids() {
        return List.copyOf(inboxes.keySet());
    }

    UserInbox inbox(String uid) {
        return inboxes.get(uid);
    }

    /** All conversations with a message. */
    synchronized Set<Conversation> conversations() {
        return new LinkedHashSet<>(logs.keySet());
    }

    /** Whether the conversation exists and the user is in it. The caller holds the lock. */
    boolean holds(String uid, Conversation conversation) {
        if (conversation.kind() == Conversation.Kind.GROUP) {
            return groups.everMember(conversation.id(), uid);
        }
        UserInbox inbox = inboxes.get(uid);
        return inbox != null && inbox.lastEntries.containsKey(conversation);
    }

    /** Who may read an entry, by rising uid. The caller holds the lock. */
    List<String> readersOf(Conversation conversation, long seq) {
        return switch (conversation.kind()) {
            case DIRECT -> List.copyOf(membersOf(conversation));
            case GROUP -> groups.readers(conversation.id(), seq);
            case SYSTEM -> List.of(conversation.reader());
            case ROOM -> List.of();
        };
    }

    /** The whole log of a conversation. */
    synchronized List<StoredMessage> log(Conversation conversation) {
        return List.copyOf(logs.getOrDefault(conversation, List.of()));
    }

    /** Everything that was ever in a user's inbox, trimmed or not. */
    synchronized List<Entry> wholeInbox(String uid) {
        UserInbox inbox = inboxes.get(uid);
        return inbox == null
                ? List.of()
                : inbox.all.stream().map(this::asItStands).toList();
    }

    /** Breaks the storage: changes of groups count as messages. */
    void countChanges() {
        countsChanges = true;
    }

    /** Breaks the storage: messages sent again are stored again. */
    synchronized void forgetWhatWasSent() {
        known.clear();
    }

    /** What has this number in a user's inbox, trimmed or not; null where there is nothing. */
    synchronized Entry entryAt(String uid, long seq) {
        UserInbox inbox = inboxes.get(uid);
        return inbox == null || seq < 1 || seq > inbox.head() ? null : asItStands(inbox.all.get((int) seq - 1));
    }

    synchronized long oldest(String uid) {
        UserInbox inbox = inboxes.get(uid);
        return inbox == null ? 1 : inbox.oldest();
    }

    @Override
    public synchronized List<Appended> append(List<Draft> batch, long nowMillis) {
        if (batch.isEmpty()) {
            throw new IllegalArgumentException("nothing to append");
        }
        List<Appended> results = new ArrayList<>(batch.size());
        for (Draft draft : batch) {
            results.add(append(draft, nowMillis));
        }
        return results;
    }

    private Appended append(Draft draft, long nowMillis) {
        DedupKey key = new DedupKey(draft.conversation(), draft.sender(), draft.clientMessageId());
        InMemoryFacts facts = new InMemoryFacts(this, draft.conversation(), known.containsKey(key));
        AppendPlan<UserInbox> plan = rules.plan(draft, facts, nowMillis);
        if (plan instanceof AppendPlan.Refused<UserInbox> refused) {
            return new Appended.Refused(refused.refusal());
        }
        if (plan instanceof AppendPlan.Noted<UserInbox> noted) {
            write(draft.conversation(), noted.writes());
            return new Appended.Noted();
        }
        return plan instanceof AppendPlan.Entry<UserInbox> entry ? store(entry, key) : known.get(key);
    }

    private Appended.Stored store(AppendPlan.Entry<UserInbox> entry, DedupKey key) {
        StoredMessage message = countsChanges ? counted(entry.message()) : entry.message();
        logs.computeIfAbsent(key.conversation, name -> new ArrayList<>()).add(message);
        feed.stored(message);
        write(key.conversation, entry.writes());
        if (entry.change() != null) {
            groups.carryOut(entry.change(), message);
        }
        if (entry.marker()) {
            fanOut.leave(key.conversation, message.seq());
        }
        List<InboxPosition> positions =
                entry.recipients().stream().map(inbox -> put(inbox, message)).toList();
        long senderInboxSeq = entry.toSender() ? positions.get(0).seq() : 0;
        known.put(key, new Appended.Repeated(message.seq(), message.ordinal(), message.sentAtMillis(), senderInboxSeq));
        return new Appended.Stored(message, positions, entry.fanOut(), entry.outgrown());
    }

    private void write(Conversation conversation, MessageWrites writes) {
        if (writes != null) {
            changes.write(conversation, writes);
        }
    }

    private StoredMessage counted(StoredMessage message) {
        return new StoredMessage(
                message.conversation(),
                message.seq(),
                ordinal(message.conversation(), message.seq() - 1) + 1,
                message.sender(),
                message.senderDevice(),
                message.clientMessageId(),
                message.sentAtMillis(),
                message.content());
    }

    /** An entry of the log as it stands. The caller holds the lock. */
    StoredMessage entry(Conversation conversation, long seq) {
        return logs.get(conversation).get((int) seq - 1);
    }

    /** Puts another entry in the place of the one with its number. The caller holds the lock. */
    void replace(StoredMessage entry) {
        changes.replaced(entry(entry.conversation(), entry.seq()));
        logs.get(entry.conversation()).set((int) entry.seq() - 1, entry);
        feed.changed(entry);
    }

    /** Puts a message into an inbox. The caller holds the lock. */
    InboxPosition put(String uid, StoredMessage message) {
        return put(inboxes.get(uid), message);
    }

    private static InboxPosition put(UserInbox inbox, StoredMessage message) {
        Entry entry = new Entry.OfMessage(inbox.head() + 1, message);
        return new InboxPosition(inbox.uid, inbox.add(message.conversation(), entry));
    }

    @Override
    public synchronized InboxPage read(String uid, long afterSeq, int entriesMax, int bytesMax) {
        UserInbox inbox = inboxes.get(uid);
        if (inbox == null) {
            return new InboxPage(List.of(), 0, 1);
        }
        List<Entry> page = new ArrayList<>();
        long bytes = 0;
        for (long seq = Math.max(Math.min(afterSeq, inbox.head()) + 1, inbox.from);
                seq <= inbox.head() && page.size() < entriesMax;
                seq++) {
            Entry entry = asItStands(inbox.all.get((int) seq - 1));
            int size = entry instanceof Entry.OfMessage of ? of.message().bytes() : 0;
            if (!page.isEmpty() && bytes + size > bytesMax) {
                break;
            }
            bytes += size;
            page.add(entry);
        }
        return new InboxPage(List.copyOf(page), inbox.head(), inbox.oldest());
    }

    private Entry asItStands(Entry entry) {
        return entry instanceof Entry.OfMessage of
                ? new Entry.OfMessage(
                        entry.seq(),
                        entry(of.message().conversation(), of.message().seq()))
                : entry;
    }

    @Override
    public synchronized long head(String uid) {
        UserInbox inbox = inboxes.get(uid);
        return inbox == null ? 0 : inbox.head();
    }

    @Override
    public synchronized UserStanding make(String uid) {
        inboxes.computeIfAbsent(uid, name -> {
            UserInbox inbox = new UserInbox(name);
            inboxesInOrder.add(inbox);
            return inbox;
        });
        return standings.getOrDefault(uid, UserStanding.GOOD);
    }

    @Override
    public synchronized Optional<LoginFacts> makeWithDevice(DeviceKey device, KeptSession session, long nowMillis) {
        Optional<LoginFacts> known = atLogin(device);
        if (known.isEmpty()) {
            make(device.uid());
            devices.register(device, 1, nowMillis);
            devices.keepSession(device, session, 1, nowMillis);
        }
        return known;
    }

    @Override
    public synchronized Optional<UserStanding> standing(String uid) {
        return exists(uid) ? Optional.of(standings.getOrDefault(uid, UserStanding.GOOD)) : Optional.empty();
    }

    @Override
    public synchronized Optional<LoginFacts> atLogin(DeviceKey device) {
        Set<String> known =
                devices.of(device.uid()).stream().map(one -> one.key().device()).collect(Collectors.toSet());
        return standing(device.uid()).map(standing -> new LoginFacts(standing, devices.find(device), known));
    }

    @Override
    public synchronized Optional<UserStanding> change(String uid, UnaryOperator<UserStanding> change, long nowMillis) {
        Optional<UserStanding> after = standing(uid).map(change);
        after.ifPresent(standing -> {
            standings.remove(uid);
            standings.put(uid, standing);
            changedAt.put(uid, nowMillis);
        });
        return after;
    }

    @Override
    public synchronized boolean erase(String uid, int entriesMax) {
        UserInbox inbox = inboxes.get(uid);
        if (inbox == null) {
            return true;
        }
        devices.forget(uid);
        inbox.trimTo(Math.min(inbox.head(), inbox.oldest() - 1 + entriesMax));
        return inbox.oldest() > inbox.head();
    }

    @Override
    public synchronized List<String> changedSince(long atMillis, int usersMax) {
        List<String> changed = new ArrayList<>(standings.keySet());
        Collections.reverse(changed);
        return changed.stream()
                .filter(uid -> changedAt.get(uid) >= atMillis)
                .limit(usersMax)
                .toList();
    }

    @Override
    public synchronized boolean exists(String uid) {
        return inboxes.containsKey(uid);
    }

    @Override
    public synchronized List<StoredMessage> read(
            Conversation conversation, long aboveSeq, long belowSeq, boolean newest, int messagesMax, int bytesMax) {
        List<StoredMessage> log = logs.getOrDefault(conversation, List.of());
        long low = Math.max(aboveSeq, 0) + 1;
        long high = Math.min(belowSeq - 1, log.size());
        List<StoredMessage> page = new ArrayList<>();
        long bytes = 0;
        for (long i = 0; i <= high - low && page.size() < messagesMax; i++) {
            StoredMessage message = log.get((int) ((newest ? high - i : low + i) - 1));
            bytes += message.bytes();
            if (!page.isEmpty() && bytes > bytesMax) {
                break;
            }
            page.add(newest ? 0 : page.size(), message);
        }
        return List.copyOf(page);
    }

    @Override
    public synchronized long head(Conversation conversation) {
        return logs.getOrDefault(conversation, List.of()).size();
    }

    @Override
    public synchronized Position position(Conversation conversation, long seq) {
        long found = Math.min(seq, head(conversation));
        return found == 0 ? Position.NONE : new Position(found, ordinal(conversation, found));
    }

    /** Of an entry, 0 before the first. The caller holds the lock. */
    long ordinal(Conversation conversation, long seq) {
        return seq == 0 ? 0 : logs.get(conversation).get((int) seq - 1).ordinal();
    }

    @Override
    public synchronized Slice trim(long afterUser, long olderThanMillis, int entriesMax, int usersMax) {
        long trimmed = 0;
        int user = (int) afterUser;
        for (int looked = 0; looked < usersMax && user < inboxesInOrder.size(); looked++, user++) {
            trimmed += trim(inboxesInOrder.get(user), olderThanMillis, entriesMax);
        }
        return new Slice(user < inboxesInOrder.size() ? user : 0, trimmed);
    }

    /** Up to the newest old message, so that what stays has no hole. */
    private static long trim(UserInbox inbox, long olderThanMillis, int entriesMax) {
        long from = Math.max(inbox.from, inbox.head() - entriesMax + 1);
        for (long seq = from; seq <= inbox.head(); seq++) {
            if (inbox.all.get((int) seq - 1) instanceof Entry.OfMessage of
                    && of.message().sentAtMillis() < olderThanMillis) {
                from = seq + 1;
            }
        }
        long going = from - inbox.from;
        inbox.from = from;
        return going;
    }

    /** Puts a read event into an inbox. The caller holds the lock. */
    InboxPosition appendRead(String uid, Conversation conversation, long readSeq) {
        UserInbox inbox = inboxes.get(uid);
        Event event = new Event.ReadUpTo(conversation, readSeq, ordinal(conversation, readSeq));
        return new InboxPosition(uid, inbox.add(conversation, new Entry.OfEvent(inbox.head() + 1, event)));
    }
}
