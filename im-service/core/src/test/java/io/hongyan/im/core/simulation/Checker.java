package io.hongyan.im.core.simulation;

import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.Event;
import io.hongyan.im.core.inbox.Notice;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.SendOutcome;
import io.hongyan.im.core.session.PlatformClass;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Compares what was recorded in a run with what is stored at its end, promise by promise. */
final class Checker {
    /** A displaced connection is closed within this. */
    private static final long DISPLACED_MILLIS_MAX = 1_000;

    private final RunHistory history;
    private final InMemoryStorage storage;
    private final List<String> violations = new ArrayList<>();

    private final Map<MessageKey, StoredMessage> stored = new HashMap<>();
    private final Map<MessageKey, SendOutcome> firstAnswers = new HashMap<>();
    private final Map<ConnectionKey, List<MessageKey>> published = new LinkedHashMap<>();
    private final Map<ConnectionKey, Login> logins = new LinkedHashMap<>();
    private final Map<ConnectionKey, Push> pushes = new HashMap<>();
    private final Map<MessageKey, Push> onlySentOn = new HashMap<>();
    private final Map<Sent, String> ownSendsPushed = new LinkedHashMap<>();
    private final Set<Sent> answered = new HashSet<>();
    private final Set<ConnectionKey> told = new HashSet<>();
    private int acknowledged;
    private int pushed;

    private record MessageKey(Conversation conversation, String sender, String clientMessageId) {}

    private record Sent(ConnectionKey connection, MessageKey message) {}

    /** How much a run has tried. */
    record Counts(int stored, int acknowledged, int pushed, int logins) {}

    private static final class Login {
        private final Recorded.Opened opened;
        private final long sinceMillis;
        private long untilMillis = Long.MAX_VALUE;

        Login(Recorded.Opened opened, long sinceMillis) {
            this.opened = opened;
            this.sinceMillis = sinceMillis;
        }

        boolean sameClass(Login other) {
            return opened.platformClass() == other.opened.platformClass()
                    && opened.device().uid().equals(other.opened.device().uid());
        }
    }

    /** The push of an inbox to one subscription. */
    private static final class Push {
        private final Recorded.Subscribed subscribed;
        private long last = -1;

        Push(Recorded.Subscribed subscribed) {
            this.subscribed = subscribed;
        }
    }

    Checker(RunHistory history, InMemoryStorage storage) {
        this.history = history;
        this.storage = storage;
    }

    List<String> violations() {
        return violations;
    }

    Counts counts() {
        return new Counts(stored.size(), acknowledged, pushed, logins.size());
    }

    void check() {
        checkLogs();
        for (RunHistory.Step step : history.steps()) {
            check(step.atMillis(), step.what());
        }
        published.forEach(this::checkOrderOfConnection);
        // One that was not answered may be pushed: it was not known to be stored, and the connection was ended for it.
        ownSendsPushed.keySet().retainAll(answered);
        ownSendsPushed.values().forEach(where -> violated("P4", 0, where + ": was sent on this very connection"));
        checkOneOnlinePerClass();
    }

    private void violated(String promise, long atMillis, String how) {
        violations.add(promise + " at " + atMillis + ": " + how);
    }

    private void check(long at, Recorded what) {
        if (what instanceof Recorded.Opened opened) {
            logins.put(opened.connection(), new Login(opened, at));
        } else if (what instanceof Recorded.Ended ended) {
            checkEnd(at, ended);
        } else if (what instanceof Recorded.Noticed noticed) {
            if (noticed.notice() instanceof Notice.Kicked) {
                told.add(noticed.connection());
            }
        } else if (what instanceof Recorded.Published message) {
            noteSender(message);
            if (!message.again()) {
                published
                        .computeIfAbsent(message.connection(), key -> new ArrayList<>())
                        .add(keyOf(message));
            }
        } else if (what instanceof Recorded.Answered answered) {
            checkAnswer(at, answered);
        } else if (what instanceof Recorded.Subscribed subscribed) {
            pushes.put(subscribed.connection(), new Push(subscribed));
        } else if (what instanceof Recorded.Pushed push) {
            checkPush(at, push);
        } else if (what instanceof Recorded.Pulled pulled) {
            checkPull(at, pulled);
        } else if (what instanceof Recorded.Read read) {
            checkRead(at, read);
        }
    }

    /** Which push of an inbox a message must not be in; none where it was sent twice, or before the push began. */
    private void noteSender(Recorded.Published message) {
        MessageKey key = keyOf(message);
        if (onlySentOn.containsKey(key)) {
            onlySentOn.put(key, null);
        } else {
            onlySentOn.put(key, pushes.get(message.connection()));
        }
    }

    /** P2 and P3 in the storage: one number per message, none left out, the same order in each member's inbox. */
    private void checkLogs() {
        for (Conversation conversation : storage.conversations()) {
            long expected = 1;
            for (StoredMessage message : storage.log(conversation)) {
                if (message.seq() != expected++) {
                    violated("P3", 0, "number " + message.seq() + " in place of " + (expected - 1));
                }
                MessageKey key = keyOf(message);
                if (stored.putIfAbsent(key, message) != null) {
                    violated("P2", 0, key + " has two numbers");
                }
            }
            for (String uid : InMemoryStorage.membersOf(conversation)) {
                checkFanOut(conversation, uid);
            }
        }
    }

    private void checkFanOut(Conversation conversation, String uid) {
        List<StoredMessage> inInbox = new ArrayList<>();
        for (Entry entry : storage.wholeInbox(uid)) {
            if (entry instanceof Entry.OfMessage of
                    && of.message().conversation().equals(conversation)) {
                inInbox.add(of.message());
            }
        }
        if (!inInbox.equals(storage.log(conversation))) {
            violated("P3", 0, uid + " does not have " + conversation + " in the order of its log");
        }
    }

    private void checkAnswer(long at, Recorded.Answered answer) {
        MessageKey key = new MessageKey(answer.conversation(), answer.device().uid(), answer.clientMessageId());
        SendOutcome first = firstAnswers.putIfAbsent(key, answer.outcome());
        if (first != null && !first.equals(answer.outcome())) {
            violated("P2", at, key + " was answered with " + first + ", then with " + answer.outcome());
        }
        if (!(answer.outcome() instanceof SendOutcome.Stored outcome)) {
            return;
        }
        acknowledged++;
        answered.add(new Sent(answer.connection(), key));
        StoredMessage message = stored.get(key);
        if (message == null
                || message.seq() != outcome.seq()
                || message.sentAtMillis() != outcome.sentAtMillis()
                || !(storage.entryAt(answer.device().uid(), outcome.inboxSeq()) instanceof Entry.OfMessage of)
                || of.message() != message) {
            violated("P1", at, key + " was acknowledged as " + outcome + ", stored is " + message);
        }
    }

    /** P3: what one connection sends to a conversation in order is numbered in order. */
    private void checkOrderOfConnection(ConnectionKey connection, List<MessageKey> messages) {
        Map<Conversation, Long> last = new HashMap<>();
        for (MessageKey key : messages) {
            StoredMessage message = stored.get(key);
            if (message == null) {
                continue;
            }
            Long before = last.put(key.conversation(), message.seq());
            if (before != null && before >= message.seq()) {
                violated("P3", 0, connection + " sent " + key + " later and it has number " + message.seq());
            }
        }
    }

    private void checkPush(long at, Recorded.Pushed push) {
        pushed++;
        Push stream = pushes.get(push.connection());
        String where = push.connection() + " " + push.device() + " " + RunHistory.inWords(push.entry());
        checkContent(at, push.device(), push.entry());
        long seq = push.entry().seq();
        if (stream.last == -1) {
            if (seq <= stream.subscribed.knownCursor()) {
                violated("P4", at, where + ": the cursor was " + stream.subscribed.knownCursor());
            }
            stream.last = Math.max(0, push.startsAtMost());
        } else if (seq <= stream.last) {
            violated("P4", at, where + ": comes after " + stream.last);
        }
        if (!trimmed(push.entry())) {
            for (long hole = stream.last + 1; hole < seq; hole++) {
                if (!isOwnSend(push, hole)) {
                    violated("P4", at, where + ": " + hole + " is left out");
                }
            }
        }
        stream.last = seq;
        if (push.entry() instanceof Entry.OfMessage of && isOnlySentOn(push, of.message())) {
            ownSendsPushed.put(new Sent(push.connection(), keyOf(of.message())), where);
        }
    }

    private boolean isOnlySentOn(Recorded.Pushed push, StoredMessage message) {
        return onlySentOn.get(keyOf(message)) == pushes.get(push.connection());
    }

    /** On the connection itself; before the first entry, on any connection of the device. */
    private boolean isOwnSend(Recorded.Pushed push, long seq) {
        return storage.entryAt(push.device().uid(), seq) instanceof Entry.OfMessage of
                && of.message().sender().equals(push.device().uid())
                && of.message().senderDevice().equals(push.device().device());
    }

    private static boolean trimmed(Entry entry) {
        return entry instanceof Entry.OfEvent event && event.event() instanceof Event.Trimmed;
    }

    private void checkContent(long at, DeviceKey device, Entry entry) {
        if (entry instanceof Entry.OfEvent event && event.event() instanceof Event.Trimmed trimmed) {
            if (trimmed.from() > storage.oldest(device.uid()) || entry.seq() != trimmed.from() - 1) {
                violated("P4", at, entry + " at " + device + ": nothing was trimmed");
            }
        } else if (!entry.equals(storage.entryAt(device.uid(), entry.seq()))) {
            violated("P4", at, entry + " at " + device + " is not what is stored");
        }
    }

    private void checkPull(long at, Recorded.Pulled pulled) {
        long last = pulled.afterSeq();
        for (Entry entry : pulled.page().entries()) {
            checkContent(at, pulled.device(), entry);
            if (entry.seq() <= last || (entry.seq() != last + 1 && !trimmed(entry))) {
                violated("P4", at, "pull after " + pulled.afterSeq() + " gave " + entry.seq() + " after " + last);
            }
            last = entry.seq();
        }
        if (pulled.page().entries().isEmpty()
                && pulled.afterSeq() < pulled.page().headSeq()) {
            violated(
                    "P4",
                    at,
                    "pull after " + pulled.afterSeq() + " gave nothing of "
                            + pulled.page().headSeq());
        }
    }

    private void checkRead(long at, Recorded.Read read) {
        List<StoredMessage> log = storage.log(read.conversation());
        StoredMessage before = null;
        for (StoredMessage message : read.messages()) {
            if (message != log.get((int) message.seq() - 1)) {
                violated("P1", at, "history gave " + message + ", which is not in the log");
            }
            if (before != null && message.seq() != before.seq() + 1) {
                violated("P3", at, "history gave " + message.seq() + " after " + before.seq());
            }
            before = message;
        }
    }

    private void checkEnd(long at, Recorded.Ended ended) {
        Login login = logins.get(ended.connection());
        if (login == null) {
            return;
        }
        login.untilMillis = at;
        if (ended.why().equals("KICKED") && !told.contains(ended.connection())) {
            violated("P5", at, ended.connection() + " was kicked and not told");
        }
    }

    private void checkOneOnlinePerClass() {
        List<Login> all = new ArrayList<>(logins.values());
        for (int i = 0; i < all.size(); i++) {
            for (int j = i + 1; j < all.size(); j++) {
                Login one = all.get(i);
                Login other = all.get(j);
                long together =
                        Math.min(one.untilMillis, other.untilMillis) - Math.max(one.sinceMillis, other.sinceMillis);
                boolean limited = one.opened.platformClass() != PlatformClass.IOT
                        || one.opened.device().equals(other.opened.device());
                if (limited && one.sameClass(other) && together > DISPLACED_MILLIS_MAX) {
                    violated(
                            "P5",
                            other.sinceMillis,
                            one.opened.connection() + " and " + other.opened.connection() + " were online together");
                }
            }
        }
    }

    private static MessageKey keyOf(Recorded.Published message) {
        return new MessageKey(message.conversation(), message.device().uid(), message.clientMessageId());
    }

    private static MessageKey keyOf(StoredMessage message) {
        return new MessageKey(message.conversation(), message.sender(), message.clientMessageId());
    }
}
