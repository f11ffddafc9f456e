package io.hongyan.im.core.inbox;

import io.hongyan.im.core.message.DeviceKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Decides what of one log (its inbox, or that of a large group) one device is sent when: a position that moves, not a
 * queue. While the device is level with the log it takes each entry from memory as it is announced; when it has fallen
 * behind, pages are read after its position. Takes events, returns effects, knows no thread: the caller lets in one
 * event at a time and carries out the effects before the next.
 */
final class DeliverySession {
    /** Own sends remembered while their number cannot be passed yet; beyond it they are delivered like any other. */
    static final int OWN_SENDS_MAX = 4_096;

    /**
     * What an event asks for.
     *
     * @param push entries to send, in order
     * @param readAfter read the page after this number; -1 = no read
     * @param acknowledged messages the device has acknowledged with this event
     */
    record Effects(List<Entry> push, long readAfter, List<Entry.OfMessage> acknowledged) {
        static final Effects NONE = new Effects(List.of(), -1, List.of());
    }

    /** An entry that was sent, or an own send that only keeps its place so that the cursor moves in order. */
    private record InFlight(Entry entry, boolean own) {}

    private final DeviceKey device;
    private final DeliveryWindow window;
    private final DeliveryLimits limits;

    /** Before that nothing is sent or read: it is not known yet where to start. */
    private boolean begun;

    private long cursor;
    /** Highest number that was taken for sending; what is ready or in flight is not above it. */
    private long position;
    /** Highest number known to exist. */
    private long head;
    /** Entries above it are not for this device. */
    private long last = Long.MAX_VALUE;
    /** Whether a page is being read. */
    private boolean reading;
    /** Something may have been stored that was not announced. */
    private boolean headUnknown;

    private ArrayDeque<Entry> ready;
    private ArrayDeque<InFlight> inFlight;
    private Set<Long> ownSends;
    private int readyBytes;

    /** The next entry may be one of those: wait for their outcome, since the own connection is not pushed its sends. */
    private boolean awaitingOwnSend;
    /** Wait until so many are answered; later ones cannot be in what was read, or a busy sender would never go on. */
    private long awaitedAnswers;

    private long awaitedHead;
    /** Up to here it is known which entries are sends of this connection. */
    private long decidedUpTo;

    /** @param window shared with the other streams of the connection */
    DeliverySession(DeviceKey device, DeliveryWindow window, DeliveryLimits limits) {
        this.device = device;
        this.window = window;
        this.limits = limits;
    }

    /** Highest number the device has acknowledged without a gap. */
    long cursor() {
        return cursor;
    }

    boolean begun() {
        return begun;
    }

    /** Whether it knows of nothing as high as this number, and is to learn of it. */
    boolean behind(long storedHead) {
        return begun && head < storedHead && !headUnknown && storedHead > position;
    }

    /** Whether entries are ready that the window does not let through. */
    boolean waiting() {
        return ready != null && !ready.isEmpty();
    }

    /** Whether everything up to the end that {@link #endAt} set has been acknowledged. */
    boolean finished() {
        return begun && position >= last && !waiting() && (inFlight == null || inFlight.isEmpty());
    }

    /** The device wants its log from after {@code storedCursor} on. */
    Effects begin(long storedCursor) {
        begun = true;
        cursor = storedCursor;
        position = storedCursor;
        forgetOwnSendsUpTo(storedCursor);
        headUnknown = true;
        return effects(List.of());
    }

    /** An entry has been stored. */
    Effects announced(Entry entry, boolean ownSend) {
        head = Math.max(head, entry.seq());
        if (ownSend && entry.seq() > position) {
            rememberOwn(entry.seq());
        }
        boolean next = entry.seq() == position + 1;
        if (next) {
            awaitingOwnSend = false;
        }
        if (begun && !reading && next && entry.seq() <= last && roomFor(entry)) {
            if (mayBeUnansweredSend(entry)) {
                awaitOwnSend(entry.seq());
            } else {
                take(entry);
            }
        }
        return effects(List.of());
    }

    /** This connection has sent again what was stored before; the answer names the entry. */
    void sentAgain(long seq) {
        if (seq > position) {
            rememberOwn(seq);
        }
    }

    /** One of the messages handed in, counted by the window, has its outcome, and was announced if it was stored. */
    Effects sendAnswered() {
        if (!awaitingOwnSend || window.sendsAnswered() < awaitedAnswers) {
            return Effects.NONE;
        }
        awaitingOwnSend = false;
        decidedUpTo = awaitedHead;
        return effects(List.of());
    }

    /** Entries may have been stored without an announcement. */
    Effects refresh() {
        headUnknown = true;
        return effects(List.of());
    }

    /** Nothing above {@code seq} is for this device; nothing above it has been taken. Another event is to follow. */
    void endAt(long seq) {
        last = Math.min(last, seq);
    }

    /** There may be room in the window. */
    Effects goOn() {
        return effects(List.of());
    }

    /** Nothing will be sent or acknowledged any more: gives back what it holds of the window. */
    void end() {
        if (inFlight != null) {
            inFlight.stream().filter(one -> !one.own).forEach(one -> window.release(bytesOf(one.entry)));
            inFlight = null;
        }
        ready = null;
    }

    /** The page that was asked for. */
    Effects pageRead(InboxPage page) {
        reading = false;
        head = Math.max(head, page.headSeq());
        if (page.oldestSeq() > position + 1) {
            position = page.oldestSeq() - 1;
            forgetOwnSendsUpTo(position);
            take(new Entry.OfEvent(position, new Event.Trimmed(page.oldestSeq())), position);
        }
        for (Entry entry : page.entries()) {
            if (entry.seq() != position + 1 || entry.seq() > last) {
                continue;
            }
            if (mayBeUnansweredSend(entry)) {
                awaitOwnSend(page.headSeq());
                break;
            }
            take(entry);
        }
        return effects(List.of());
    }

    /** The device has acknowledged everything it was sent up to {@code seq}. */
    Effects acknowledged(long seq) {
        if (inFlight == null) {
            return Effects.NONE;
        }
        List<Entry.OfMessage> messages = null;
        for (InFlight first = inFlight.peek();
                first != null && (first.own || first.entry.seq() <= seq);
                first = inFlight.peek()) {
            inFlight.poll();
            cursor = first.entry.seq();
            if (!first.own) {
                window.release(bytesOf(first.entry));
                if (first.entry instanceof Entry.OfMessage message) {
                    messages = messages == null ? new ArrayList<>(4) : messages;
                    messages.add(message);
                }
            }
        }
        return effects(messages == null ? List.of() : messages);
    }

    private boolean mayBeUnansweredSend(Entry entry) {
        return window.sendsAnswered() < window.sendsSubmitted()
                && entry.seq() > decidedUpTo
                && !isOwnSend(entry)
                && entry instanceof Entry.OfMessage message
                && message.message().senderDevice().equals(device.device())
                && message.message().sender().equals(device.uid());
    }

    private void awaitOwnSend(long knownHead) {
        awaitingOwnSend = true;
        awaitedAnswers = window.sendsSubmitted();
        awaitedHead = knownHead;
    }

    private boolean isOwnSend(Entry entry) {
        return ownSends != null && ownSends.contains(entry.seq());
    }

    private void rememberOwn(long seq) {
        if (ownSends == null) {
            ownSends = new HashSet<>();
        }
        if (ownSends.size() < OWN_SENDS_MAX) {
            ownSends.add(seq);
        }
    }

    /** Sends of this connection that have not been passed, for a stream that follows this one. */
    List<Long> ownSendsLeft() {
        return ownSends == null ? List.of() : List.copyOf(ownSends);
    }

    /** Their entries will not come, and the event about trimmed ones must not be taken for one of them. */
    private void forgetOwnSendsUpTo(long seq) {
        if (ownSends != null) {
            ownSends.removeIf(own -> own <= seq);
        }
    }

    private boolean roomFor(Entry entry) {
        return ready == null
                || ready.isEmpty()
                || (ready.size() < limits.pageEntriesMax() && readyBytes + bytesOf(entry) <= limits.pageBytesMax());
    }

    private void take(Entry entry) {
        take(entry, entry.seq());
    }

    private void take(Entry entry, long newPosition) {
        if (ready == null) {
            ready = new ArrayDeque<>(4);
        }
        ready.add(entry);
        readyBytes += bytesOf(entry);
        position = newPosition;
    }

    private Effects effects(List<Entry.OfMessage> acknowledged) {
        List<Entry> push = List.of();
        for (Entry next = peekReady(); next != null; next = peekReady()) {
            boolean own = isOwnSend(next);
            if (!own && window.closedTo(bytesOf(next))) {
                break;
            }
            ready.poll();
            readyBytes -= bytesOf(next);
            if (own) {
                ownSends.remove(next.seq());
                passOwn(next);
                continue;
            }
            send(next);
            push = push.isEmpty() ? new ArrayList<>(4) : push;
            push.add(next);
        }
        long readAfter = -1;
        if (begun
                && !reading
                && !awaitingOwnSend
                && (ready == null || ready.isEmpty())
                && position < last
                && (headUnknown || position < head)) {
            reading = true;
            headUnknown = false;
            readAfter = position;
        }
        return push.isEmpty() && readAfter < 0 && acknowledged.isEmpty()
                ? Effects.NONE
                : new Effects(push, readAfter, acknowledged);
    }

    private Entry peekReady() {
        return ready == null ? null : ready.peek();
    }

    private void passOwn(Entry own) {
        if (inFlight == null || inFlight.isEmpty()) {
            cursor = own.seq();
        } else {
            inFlight.add(new InFlight(own, true));
        }
    }

    private void send(Entry entry) {
        if (inFlight == null) {
            inFlight = new ArrayDeque<>(4);
        }
        inFlight.add(new InFlight(entry, false));
        window.take(bytesOf(entry));
    }

    private static int bytesOf(Entry entry) {
        return entry instanceof Entry.OfMessage message ? message.message().bytes() : 0;
    }
}
