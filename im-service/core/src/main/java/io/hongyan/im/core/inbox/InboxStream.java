package io.hongyan.im.core.inbox;

import io.hongyan.im.core.inbox.DeliverySession.Effects;
import io.hongyan.im.core.inbox.Downlink.OutgoingMessage;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.StorageException;
import java.util.concurrent.RejectedExecutionException;

/**
 * The inbox on its way to one connection: drives a {@link DeliverySession}. Events come from network threads, the
 * writer and readers; its monitor lets in one at a time and keeps pushes in order.
 */
public final class InboxStream {
    private final Delivery delivery;
    private final ConnectionKey connection;
    private final DeviceKey device;
    private final boolean tracked;
    private final DeliverySession session;

    private boolean stopped;
    private int readsFailed;
    private long reportedCursor;

    InboxStream(Delivery delivery, ConnectionKey connection, DeviceKey device, int receiveMaximum, boolean tracked) {
        this.delivery = delivery;
        this.connection = connection;
        this.device = device;
        this.tracked = tracked;
        this.session = new DeliverySession(device, receiveMaximum, delivery.limits());
    }

    ConnectionKey connection() {
        return connection;
    }

    DeviceKey device() {
        return device;
    }

    synchronized void begin(long cursor) {
        if (stopped) {
            return;
        }
        reportedCursor = cursor;
        carryOut(session.begin(cursor), null, null);
    }

    /** @param outgoing the same message made ready for sending, shared with the other receivers */
    synchronized void announced(Entry.OfMessage entry, OutgoingMessage outgoing, boolean ownSend) {
        if (!stopped) {
            carryOut(session.announced(entry, ownSend), entry, outgoing);
        }
    }

    synchronized void announced(Entry.OfEvent entry) {
        if (!stopped) {
            carryOut(session.announced(entry, false), null, null);
        }
    }

    synchronized void refresh() {
        if (!stopped) {
            carryOut(session.refresh(), null, null);
        }
    }

    /** The connection has sent again what was stored before, as entry {@code seq}. */
    public synchronized void sentAgain(long seq) {
        session.sentAgain(seq);
    }

    /**
     * The connection has sent this message, whose place in the inbox is not known yet; to be called before
     * {@link #sendAnswered}. Its entry is not pushed, whether it is announced before or after.
     */
    public synchronized void sentByMarker(Conversation conversation, long seq) {
        session.sentByMarker(conversation, seq);
    }

    /** The connection has handed in a message. */
    public synchronized void sendSubmitted() {
        session.sendSubmitted();
    }

    /** One of the messages handed in has its outcome, and was announced if it was stored. */
    public synchronized void sendAnswered() {
        Effects effects = session.sendAnswered();
        if (!stopped) {
            carryOut(effects, null, null);
        }
    }

    /** The client has acknowledged everything it was sent up to inbox number {@code seq}. */
    public synchronized void acknowledged(long seq) {
        if (stopped) {
            return;
        }
        Effects effects = session.acknowledged(seq);
        if (tracked) {
            for (Entry.OfMessage entry : effects.acknowledged()) {
                delivery.delivered(device.uid(), entry.message());
            }
        }
        carryOut(effects, null, null);
    }

    synchronized boolean stopped() {
        return stopped;
    }

    /** Nothing is sent from now on. */
    synchronized void stop() {
        stopped = true;
    }

    private void carryOut(Effects effects, Entry.OfMessage announced, OutgoingMessage outgoing) {
        for (Entry entry : effects.push()) {
            if (entry == announced) {
                outgoing.pushTo(connection, entry.seq());
            } else {
                delivery.push(connection, entry);
            }
        }
        if (!effects.push().isEmpty()) {
            delivery.counters().entriesPushed.add(effects.push().size());
        }
        if (tracked && session.cursor() > reportedCursor) {
            reportedCursor = session.cursor();
            delivery.cursors().moved(device, reportedCursor);
        }
        if (effects.readAfter() >= 0) {
            readLater(effects.readAfter());
        }
    }

    private void readLater(long afterSeq) {
        try {
            delivery.blocking().execute(() -> read(afterSeq));
        } catch (RejectedExecutionException full) {
            giveUp();
        }
    }

    private void read(long afterSeq) {
        InboxPage page = null;
        try {
            page = delivery.readPage(device.uid(), afterSeq);
        } catch (StorageException trouble) {
            delivery.counters().inboxReadsFailed.increment();
        }
        synchronized (this) {
            if (stopped) {
                return;
            }
            if (page != null) {
                readsFailed = 0;
                carryOut(session.pageRead(page), null, null);
            } else if (++readsFailed < delivery.limits().readAttemptsMax()) {
                readLater(afterSeq);
            } else {
                giveUp();
            }
        }
    }

    /** The device comes back and goes on from its cursor. */
    private void giveUp() {
        stopped = true;
        delivery.close(connection);
    }
}
