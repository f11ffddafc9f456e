package io.hongyan.client.data;

import io.hongyan.client.data.Calls.Kind;
import io.hongyan.protocol.v1.Code;
import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.Conversation;
import io.hongyan.protocol.v1.ConversationsResult;
import io.hongyan.protocol.v1.Event;
import io.hongyan.protocol.v1.InboxEntry;
import io.hongyan.protocol.v1.Kicked;
import io.hongyan.protocol.v1.Message;
import io.hongyan.protocol.v1.Notice;
import io.hongyan.protocol.v1.Peer;
import io.hongyan.protocol.v1.PullResult;
import io.hongyan.protocol.v1.ReadUpTo;
import io.hongyan.protocol.v1.Reply;
import io.hongyan.protocol.v1.SendAck;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How a device stays level with the server: the rules, and nothing else. It is told what happens, and {@link #step} says what
 * is to be written and done because of it. It has no threads, no clock and no I/O; one thread at a time uses it.
 *
 * <p>After {@link #connected} it subscribes, learns the epoch of the data, and, on a new device, reads the list of
 * conversations; what is delivered meanwhile waits. Then each entry is stored once and acknowledged when it is stored.
 * Numbers of the inbox that neither a delivery nor an answer has named are pulled.
 *
 * <p>When a step could not be committed, the engine knows more than the store: end the connection and make another one from
 * what is stored.
 */
public final class SyncEngine {
    /** What is delivered and waits; the server sends fewer without an acknowledgement. */
    static final int WAITING_MAX = 256;

    static final int ONLY_MAX = 200;
    static final int HISTORIES_WANTED_MAX = 16;

    private final String uid;
    private final String device;

    private final Logs logs;
    private final Outbox outbox;
    private final InboxPosition inbox;
    private String epoch;
    private boolean listed;
    private long lastId;
    private boolean metaChanged;

    private long elapsedMillis;
    private long wallMillis;
    private Step current = new Step();
    private Phase phase = Phase.OFFLINE;

    private boolean online;
    private boolean ended;
    private boolean subscribed;
    private boolean epochTold;
    private long subscribedBy;
    private final Deque<Delivery> waiting = new ArrayDeque<>();
    private final Calls calls = new Calls();
    private String page = "";
    private List<ConversationId> askedFor;
    private long pulledAfter;
    private final Deque<HistoryWanted> histories = new ArrayDeque<>();
    /** Own messages that may be what is missing in the inbox; null while nothing is missing. */
    private Set<Long> mayExplainHole;

    /**
     * Begins where the store is.
     *
     * @param device {@code platform:device}, as in the client id
     */
    public SyncEngine(String uid, String device, Snapshot stored) {
        this.uid = uid;
        this.device = device;
        this.logs = new Logs(uid, stored);
        this.outbox = new Outbox(uid, stored.outbox());
        this.inbox = stored.meta().inbox();
        this.epoch = stored.meta().epoch();
        this.listed = stored.meta().listed();
        this.lastId = stored.meta().lastId();
    }

    /**
     * What follows from everything it was told since the last step. Several things that have happened make one transaction.
     */
    public Step step() {
        if (online && !ended && subscribed) {
            settle();
        }
        logs.flush(current);
        if (metaChanged) {
            metaChanged = false;
            current.change().put(new Meta(epoch, inbox.copy(), listed, lastId));
        }
        tellPhase();
        Step done = current;
        current = new Step();
        return done;
    }

    private void tellPhase() {
        Phase now = !online || ended ? Phase.OFFLINE : isReady() ? Phase.READY : Phase.SYNCING;
        if (now != phase) {
            phase = now;
            current.then((connection, listener) -> listener.phaseChanged(now));
        }
    }

    private boolean isReady() {
        return subscribed && epochTold && listed;
    }

    // --- What people do ---------------------------------------------------------------------------------------------

    /**
     * A message was written. It is the user's again, as refused, when too many wait or it is too large.
     *
     * @param clientMessageId 1 to 64 printable ASCII characters that no other message of the user has
     * @return its local id
     */
    public long send(ConversationId conversation, String clientMessageId, Content content) {
        long localId = nextId();
        OutboxRow.Progress first = new OutboxRow.Progress(localId, wallMillis, false, null, Code.OK);
        outbox.queue(new OutboxRow(localId, conversation, clientMessageId, content, first), current);
        return localId;
    }

    /** @return whether the message had failed; it waits again, as the newest */
    public boolean resend(long localId) {
        return outbox.resend(localId, nextId(), wallMillis, current);
    }

    /** @return whether the message was taken back; not once it was published, unless the server has refused it */
    public boolean cancel(long localId) {
        return outbox.cancel(localId, current);
    }

    /**
     * People look at a part of a log that is not held: it is read when there is a connection. Only the parts that were looked
     * at last are.
     *
     * @param belowSeq 0 for the newest
     */
    public void lookAt(ConversationId conversation, long belowSeq, int limit) {
        if (histories.size() == HISTORIES_WANTED_MAX) {
            histories.removeFirst();
            calls.forget(Kind.HISTORY);
        }
        histories.addLast(new HistoryWanted(conversation, belowSeq, limit));
    }

    private long nextId() {
        metaChanged = true;
        return ++lastId;
    }

    // --- What happens on the connection -----------------------------------------------------------------------------

    /**
     * Time has passed; to be told before anything else that happens, and each second.
     *
     * @param newElapsedMillis by a clock that never goes back and runs while the device sleeps
     * @param newWallMillis since 1970-01-01 UTC, by the clock of the device
     */
    public void at(long newElapsedMillis, long newWallMillis) {
        elapsedMillis = Math.max(elapsedMillis, newElapsedMillis);
        wallMillis = newWallMillis;
        outbox.expire(wallMillis, current);
        boolean overdue = calls.at(elapsedMillis)
                || outbox.isOverdue(elapsedMillis)
                || !subscribed && subscribedBy <= elapsedMillis;
        if (online && !ended && overdue) {
            end(Ending.NO_ANSWER);
        }
    }

    /** CONNACK has come, on a connection without a session. */
    public void connected() {
        disconnected();
        online = true;
        subscribedBy = elapsedMillis + Calls.ANSWER_MILLIS;
        current.then((connection, listener) -> connection.subscribe());
    }

    /** SUBACK has come. */
    public void subscribed() {
        subscribed = online;
    }

    /** The connection is gone; what it delivered and was not acknowledged will come again. */
    public void disconnected() {
        online = false;
        ended = false;
        subscribed = false;
        epochTold = false;
        page = "";
        mayExplainHole = null;
        waiting.clear();
        calls.disconnected();
        outbox.disconnected(current);
    }

    /**
     * An entry was delivered.
     *
     * @param delivery by which {@link Connection#acknowledge} names it
     * @param group whose stream it is of, null if it is of the inbox
     */
    public void delivered(long delivery, String group, InboxEntry entry) {
        if (!online || ended) {
            return;
        }
        if (waiting.size() == WAITING_MAX) {
            end(Ending.FAULT_OF_SERVER);
            return;
        }
        waiting.add(new Delivery(delivery, group, entry));
    }

    /** An answer to a published message. */
    public void answered(SendAck answer) {
        if (!online || ended || !epochTold) {
            return;
        }
        if (answer.getCode() != Code.OK) {
            outbox.refused(answer, elapsedMillis, current);
            return;
        }
        if (answer.getInboxSeq() > 0) {
            know(answer.getInboxSeq(), answer.getInboxSeq());
        }
        OutboxRow row = outbox.find(answer.getClientMessageId());
        if (row != null) {
            take(Message.newBuilder()
                    .setFrom(uid)
                    .setFromDevice(device)
                    .setTo(row.conversation().toPeer())
                    .setSeq(answer.getSeq())
                    .setClientMessageId(row.clientMessageId())
                    .setSentAt(answer.getSentAt())
                    .setContent(row.content())
                    .setOrdinal(answer.getOrdinal())
                    .build());
        }
    }

    /** A notice has come; those that say nothing about data are for others. */
    public void noticed(Notice notice) {
        if (!online || ended) {
            return;
        }
        if (notice.hasDataEpoch()) {
            epochTold(notice.getDataEpoch().getEpoch());
        } else if (notice.hasKicked()) {
            end(ending(notice.getKicked().getWhy()));
        }
    }

    private static Ending ending(Kicked.Why why) {
        switch (why) {
            case NEWER_LOGIN:
                return Ending.KICKED;
            case TOKEN_REVOKED:
            case TOKEN_EXPIRED:
                return Ending.TOKEN_NEEDED;
            case USER_DISABLED:
            case USER_DELETED:
                return Ending.USER_REFUSED;
            case DATA_CHANGED:
                return Ending.DATA_CHANGED;
            default:
                return Ending.BY_OPERATOR;
        }
    }

    private void end(Ending why) {
        ended = true;
        current.then((connection, listener) -> connection.end(why));
    }

    /** A call was answered. */
    public void replied(Reply reply) {
        if (!online || ended) {
            return;
        }
        Kind kind = calls.answered(reply);
        if (kind == null) {
            return;
        }
        if (reply.getCode() == Code.VERSION_UNSUPPORTED) {
            end(Ending.VERSION_UNSUPPORTED);
        } else if (kind == Kind.HISTORY) {
            historyRead(reply);
        } else if (reply.getCode() == Code.OK) {
            take(kind, reply);
        }
    }

    private void take(Kind kind, Reply reply) {
        if (kind == Kind.TIME) {
            epochTold(reply.getTime().getDataEpoch());
        } else if (kind == Kind.PULL) {
            pulled(reply.getPull());
        } else {
            listed(kind, reply.getConversations());
        }
    }

    // --- Epoch, list, inbox, history --------------------------------------------------------------------------------

    private void epochTold(String told) {
        boolean another = !told.isEmpty() && !told.equals(epoch);
        if (another && epochTold) {
            end(Ending.DATA_CHANGED);
            return;
        }
        epochTold = true;
        if (!another) {
            return;
        }
        if (!epoch.isEmpty()) {
            logs.forget(current);
            inbox.forget();
            listed = false;
        }
        epoch = told;
        metaChanged = true;
    }

    private void listed(Kind kind, ConversationsResult result) {
        for (Conversation conversation : result.getConversationsList()) {
            if (isNamed(conversation.getPeer())) {
                logs.list(conversation);
                take(conversation.getLastMessage());
            }
        }
        if (kind == Kind.ONLY) {
            for (ConversationId asked : askedFor) {
                logs.listed(asked);
            }
            return;
        }
        page = result.getNext();
        listed = page.isEmpty();
        metaChanged |= listed;
    }

    private void pulled(PullResult result) {
        long known = pulledAfter;
        for (InboxEntry entry : result.getEntriesList()) {
            take(entry, null);
            know(known + 1, entry.getSeq());
            known = Math.max(known, entry.getSeq());
        }
        if (result.getEntriesCount() == 0) {
            // What is missing is not there any more.
            know(known + 1, inbox.ahead().highest());
        }
    }

    private void historyRead(Reply reply) {
        if (reply.getCode() == Code.UNAVAILABLE || reply.getCode() == Code.RATE_LIMITED) {
            return;
        }
        HistoryWanted wanted = histories.removeFirst();
        for (Message message : reply.getHistory().getMessagesList()) {
            take(message);
        }
        int messages = reply.getHistory().getMessagesCount();
        current.then((connection, listener) -> listener.historyRead(wanted.conversation, wanted.belowSeq, messages));
    }

    private void take(InboxEntry entry, String group) {
        if (entry.hasMessage()) {
            take(entry.getMessage());
        } else if (entry.getEvent().hasTrimmed()) {
            trimmed(entry.getEvent(), group);
        } else if (entry.getEvent().hasReadUpTo()) {
            ReadUpTo read = entry.getEvent().getReadUpTo();
            if (isNamed(read.getPeer())) {
                logs.raise(ConversationId.of(read.getPeer()), 0, 0, read.getOrdinal());
            }
        }
        if (group == null) {
            inbox.begin(entry.getSeq());
            know(entry.getSeq(), entry.getSeq());
        }
    }

    private void take(Message message) {
        if (message.getSeq() > 0 && isNamed(message.getTo())) {
            logs.take(message, outbox.arrived(message, current), current);
        }
    }

    private static boolean isNamed(Peer peer) {
        return !peer.getId().isEmpty();
    }

    private void trimmed(Event event, String group) {
        if (group != null) {
            logs.lose(ConversationId.group(group));
            return;
        }
        logs.loseAll();
        inbox.begin(event.getTrimmed().getFrom());
        know(1, event.getTrimmed().getFrom() - 1);
        listed = false;
        page = "";
        calls.forget(Kind.LIST);
    }

    private void know(long first, long last) {
        inbox.know(first, last);
        metaChanged = true;
    }

    // --- What comes next --------------------------------------------------------------------------------------------

    private void settle() {
        if (!epochTold) {
            if (calls.mayAsk(Kind.TIME)) {
                calls.askTime(current);
            }
            return;
        }
        while (listed && !waiting.isEmpty()) {
            take(waiting.remove());
        }
        if (listed) {
            askForUnlisted();
            fillHole();
        } else if (calls.mayAsk(Kind.LIST)) {
            calls.askForList(page, current);
        }
        if (!histories.isEmpty() && calls.mayAsk(Kind.HISTORY)) {
            calls.askFor(histories.getFirst(), current);
        }
        outbox.transmit(elapsedMillis, current);
    }

    /** What is known already is acknowledged again: it may come again because an acknowledgement was lost. */
    private void take(Delivery delivery) {
        boolean known = delivery.group == null && inbox.knows(delivery.entry.getSeq());
        if (!known || delivery.entry.getEvent().hasTrimmed()) {
            take(delivery.entry, delivery.group);
        }
        current.then((connection, listener) -> connection.acknowledge(delivery.id));
    }

    private void askForUnlisted() {
        List<ConversationId> unlisted = logs.unlisted(ONLY_MAX);
        if (!unlisted.isEmpty() && calls.mayAsk(Kind.ONLY)) {
            askedFor = unlisted;
            calls.askFor(unlisted, current);
        }
    }

    /** A number that is missing may be that of an own message whose answer is on its way; else it is pulled. */
    private void fillHole() {
        if (!inbox.hasHole()) {
            mayExplainHole = null;
            return;
        }
        List<Long> unanswered = outbox.unanswered();
        if (mayExplainHole == null) {
            mayExplainHole = new HashSet<>(unanswered);
        }
        mayExplainHole.retainAll(unanswered);
        if (mayExplainHole.isEmpty() && calls.mayAsk(Kind.PULL)) {
            pulledAfter = inbox.cursor();
            calls.pull(pulledAfter, current);
        }
    }
}
