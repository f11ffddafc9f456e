package io.hongyan.im.core.simulation;

import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.Conversation.Kind;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.SendOutcome;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.receipt.Marks.EntryReceipts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Compares what was recorded in a run with what is stored at its end, promise by promise: logs and answers here, what
 * was pushed in the checkers of inboxes and streams.
 */
final class Checker {
    private final RunHistory history;
    private final EndState end;
    private final InboxChecker inboxes;
    private final StreamChecker streams;
    private final LoginChecker logins;
    private final FeedChecker feed;
    private final ChangeChecker changes;

    private final Map<MessageKey, StoredMessage> stored = new HashMap<>();
    private final Map<MessageKey, SendOutcome.Stored> firstAnswers = new HashMap<>();
    private final Map<ConnectionKey, List<MessageKey>> published = new LinkedHashMap<>();
    private final Map<Handed, Moment> handedIn = new HashMap<>();
    private final Map<MessageKey, Long> firstHeads = new HashMap<>();
    private final List<String> uids;
    private final boolean hasFeed;
    private int acknowledged;

    /** A message on one connection. */
    private record Handed(ConnectionKey connection, MessageKey message) {}

    /** @param head entries of the conversation by then */
    private record Moment(long atMillis, long head) {}

    /** How much a run has tried. */
    record Counts(int stored, int acknowledged, int pushed, int streamed, int logins, int changes, int recalls) {}

    Checker(World world) {
        history = world.history();
        end = new EndState(world.storage(), world.groups(), world.violations());
        inboxes = new InboxChecker(end);
        streams = new StreamChecker(
                end, world.shape().limits().messages().delivery().groupBacklogMax());
        logins = new LoginChecker(end);
        feed = new FeedChecker(end);
        changes = new ChangeChecker(end, world.shape().limits().messages().changes());
        hasFeed = world.shape().limits().feed().enabled();
        uids = IntStream.rangeClosed(1, world.shape().users())
                .mapToObj(user -> "u" + user)
                .toList();
    }

    Counts counts() {
        return new Counts(
                stored.size(),
                acknowledged,
                inboxes.pushed(),
                streams.pushed(),
                logins.logins(),
                changes.changes(),
                changes.recalls());
    }

    void check() {
        end.storage().conversations().forEach(this::checkLog);
        end.storage().conversations().forEach(changes::check);
        end.groups().values().forEach(group -> group.disorders().forEach(disorder -> end.violated("P1", 0, disorder)));
        for (RunHistory.Step step : history.steps()) {
            check(step.atMillis(), step.what());
        }
        published.forEach(this::checkOrderOfConnection);
        inboxes.checkOwnSends();
        streams.checkOwnSends();
        logins.checkOneOnlinePerClass();
        if (hasFeed) {
            feed.check();
        }
    }

    private void check(long at, Recorded what) {
        if (what instanceof Recorded.Opened opened) {
            logins.opened(at, opened);
            feed.opened(opened);
        } else if (what instanceof Recorded.Ended ended) {
            logins.ended(at, ended);
            feed.ended(ended);
        } else if (what instanceof Recorded.Killed killed) {
            feed.killed(killed);
        } else if (what instanceof Recorded.Noticed noticed) {
            logins.noticed(noticed);
        } else if (what instanceof Recorded.Published message) {
            notePublished(at, message);
        } else if (what instanceof Recorded.Answered answered) {
            checkAnswer(at, answered);
        } else if (what instanceof Recorded.Changed changed) {
            MessageKey key = new MessageKey(changed.group(), changed.actor(), changed.requestId());
            checkChange(at, key, changed.outcome());
        } else if (what instanceof Recorded.MessageChanged changed) {
            checkChange(
                    at,
                    new MessageKey(changed.conversation(), changed.actor(), changed.requestId()),
                    changed.outcome());
        } else if (what instanceof Recorded.Subscribed subscribed) {
            inboxes.subscribed(subscribed);
        } else if (what instanceof Recorded.Pushed push) {
            inboxes.checkPush(at, push);
        } else if (what instanceof Recorded.TakesGroups begins) {
            streams.begins(begins);
        } else if (what instanceof Recorded.Streamed push) {
            streams.checkPush(at, push);
        } else if (what instanceof Recorded.Pulled pulled) {
            inboxes.checkPull(at, pulled);
        } else if (what instanceof Recorded.Read read) {
            checkRead(at, read);
        } else if (what instanceof Recorded.Asked asked) {
            checkReceipts(at, asked);
        }
    }

    /** P2 and P3 in the storage: one number per message, none left out; P4: each inbox has what it must have, once. */
    private void checkLog(Conversation conversation) {
        long expected = 1;
        for (StoredMessage message : end.log(conversation)) {
            if (message.seq() != expected++) {
                end.violated("P3", 0, "number " + message.seq() + " in place of " + (expected - 1));
            }
            if (stored.putIfAbsent(MessageKey.of(message), message) != null) {
                end.violated("P2", 0, MessageKey.of(message) + " has two numbers");
            }
        }
        uids.forEach(uid -> checkInbox(conversation, uid));
    }

    private void checkInbox(Conversation conversation, String uid) {
        List<StoredMessage> inInbox = new ArrayList<>();
        for (Entry entry : end.storage().wholeInbox(uid)) {
            if (entry instanceof Entry.OfMessage of
                    && of.message().conversation().equals(conversation)) {
                inInbox.add(of.message());
            }
        }
        List<StoredMessage> expected = end.inInboxOf(uid, conversation);
        if (!inInbox.equals(expected)) {
            end.violated(
                    conversation.kind() == Kind.GROUP ? "P4" : "P3",
                    0,
                    "the inbox of " + uid + " has of " + conversation.id() + " " + numbersOf(inInbox) + " in place of "
                            + numbersOf(expected));
        }
    }

    private static List<Long> numbersOf(List<StoredMessage> messages) {
        return messages.stream().map(StoredMessage::seq).toList();
    }

    private void notePublished(long at, Recorded.Published message) {
        MessageKey key = MessageKey.of(message);
        handedIn.putIfAbsent(new Handed(message.connection(), key), new Moment(at, message.head()));
        firstHeads.putIfAbsent(key, message.head());
        inboxes.published(message);
        streams.published(message);
        if (!message.again()) {
            published
                    .computeIfAbsent(message.connection(), connection -> new ArrayList<>())
                    .add(key);
        }
    }

    private void checkAnswer(long at, Recorded.Answered answer) {
        MessageKey key = MessageKey.of(answer);
        if (answer.outcome() instanceof SendOutcome.Refused refused) {
            checkRefusal(at, answer, key, refused.refusal());
        } else if (answer.outcome() instanceof SendOutcome.Stored outcome) {
            acknowledged++;
            inboxes.answered(answer);
            streams.answered(answer);
            checkStored(at, key, outcome);
        }
    }

    private void checkStored(long at, MessageKey key, SendOutcome.Stored outcome) {
        SendOutcome.Stored first = firstAnswers.putIfAbsent(key, outcome);
        boolean same = first == null
                || first.seq() == outcome.seq()
                        && first.sentAtMillis() == outcome.sentAtMillis()
                        && (first.inboxSeq() == outcome.inboxSeq() || mayHaveNoPlace(key));
        if (!same) {
            end.violated("P2", at, key + " was answered with " + first + ", then with " + outcome);
        }
        StoredMessage message = stored.get(key);
        if (message == null
                || message.seq() != outcome.seq()
                || message.sentAtMillis() != outcome.sentAtMillis()
                || !standsAt(outcome.inboxSeq(), message)) {
            end.violated("P1", at, key + " was acknowledged as " + outcome + ", stored is " + message);
        }
    }

    /** In the inbox of the sender. */
    private boolean standsAt(long place, StoredMessage message) {
        return place == 0 && mayHaveNoPlace(MessageKey.of(message))
                || end.storage().entryAt(message.sender(), place) instanceof Entry.OfMessage of
                        && of.message() == message;
    }

    private static boolean mayHaveNoPlace(MessageKey key) {
        return key.conversation().kind() == Kind.GROUP;
    }

    /** What is refused was not known, and the log tells why. */
    private void checkRefusal(long at, Recorded.Answered answer, MessageKey key, Refusal refusal) {
        Moment handed = handedIn.get(new Handed(answer.connection(), key));
        StoredMessage message = stored.get(key);
        if (firstAnswers.containsKey(key) || message != null && message.seq() <= handed.head()) {
            end.violated("P2", at, key + " is stored and was refused: " + refusal);
        }
        Conversation conversation = key.conversation();
        if (conversation.kind() == Kind.GROUP) {
            GroupReplay group = end.groups().get(conversation);
            long millis = Scheduler.START_MILLIS + handed.atMillis();
            boolean right = group == null
                    ? refusal == Refusal.UNKNOWN_CONVERSATION
                    : group.mayRefuse(key.sender(), refusal, handed.head(), answer.head(), millis);
            if (!right) {
                end.violated("P1", at, key + " was refused: " + refusal);
            }
        } else if (uids.containsAll(InMemoryStorage.membersOf(conversation))) {
            end.violated("P1", at, key + " was refused: " + refusal);
        }
    }

    private void checkChange(long at, MessageKey key, SendOutcome answer) {
        if (answer instanceof SendOutcome.Stored outcome) {
            checkStored(at, key, outcome);
        } else if (firstAnswers.containsKey(key)) {
            end.violated("P2", at, key + " is stored and was answered with " + answer);
        }
    }

    /** P3: what one connection sends to a conversation in order is numbered in order. */
    private void checkOrderOfConnection(ConnectionKey connection, List<MessageKey> messages) {
        Map<Conversation, StoredMessage> highest = new HashMap<>();
        for (MessageKey key : messages) {
            StoredMessage message = stored.get(key);
            if (message == null) {
                continue;
            }
            StoredMessage before = highest.get(key.conversation());
            if (before == null || before.seq() < message.seq()) {
                highest.put(key.conversation(), message);
            } else if (!wasPerhapsRefused(before, message)) {
                end.violated("P3", 0, connection + " sent " + key + " later and it has number " + message.seq());
            }
        }
    }

    /** One that was refused before the other was stored may be stored later, when it is sent again. */
    private boolean wasPerhapsRefused(StoredMessage sentFirst, StoredMessage storedFirst) {
        GroupReplay group = end.groups().get(sentFirst.conversation());
        long from = firstHeads.get(MessageKey.of(sentFirst));
        return group != null && group.mayRefuse(sentFirst.sender(), from, storedFirst.seq() - 1);
    }

    private void checkRead(long at, Recorded.Read read) {
        long expected = 0;
        for (StoredMessage message : read.messages()) {
            if (!end.storage().changes().stoodSince(read.askedAtMillis(), message)) {
                end.violated("P1", at, "history gave " + message + ", which was not in the log any more");
            }
            if (!end.readable(read.uid(), read.conversation(), message.seq())) {
                end.violated("P4", at, RunHistory.inWords(message) + " is not for " + read.uid() + " to read");
            }
            for (long seq = expected; expected > 0 && seq < message.seq(); seq++) {
                if (end.readable(read.uid(), read.conversation(), seq)) {
                    end.violated("P3", at, "history left out " + seq + " before " + RunHistory.inWords(message));
                }
            }
            if (message.seq() < expected) {
                end.violated("P3", at, "history gave " + message.seq() + " after " + (expected - 1));
            }
            expected = message.seq() + 1;
        }
    }

    private void checkReceipts(long at, Recorded.Asked asked) {
        EntryReceipts receipts = asked.receipts();
        List<String> recipients = uids.stream()
                .filter(uid -> !uid.equals(asked.sender()))
                .filter(uid -> end.readable(uid, asked.conversation(), asked.seq()))
                .toList();
        boolean right = receipts.recipients() == recipients.size()
                && receipts.delivered() <= recipients.size()
                && receipts.read() <= receipts.delivered()
                && recipients.containsAll(receipts.readers());
        if (!right) {
            end.violated("receipts", at, asked + " of " + recipients);
        }
    }
}
