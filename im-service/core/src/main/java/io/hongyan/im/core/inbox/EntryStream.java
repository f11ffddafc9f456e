package io.hongyan.im.core.inbox;

import io.hongyan.im.core.inbox.DeliverySession.Effects;
import io.hongyan.im.core.inbox.Downlink.OutgoingMessage;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.StorageException;
import java.util.concurrent.RejectedExecutionException;

/**
 * One log on its way to one connection: drives a {@link DeliverySession}. Events come from network threads, the writer
 * and readers; the monitor of the {@link ConnectionStreams}, one for all streams of a connection, lets in one at a time
 * and keeps pushes in order. Methods that are not public are called under it.
 */
public abstract sealed class EntryStream permits InboxStream, GroupStream {
    final ConnectionStreams owner;
    final DeliverySession session;
    /** Whether acknowledgements move the device's cursor. */
    final boolean tracked;

    private boolean stopped;
    private int readsFailed;
    private long reportedCursor;

    EntryStream(ConnectionStreams owner, boolean tracked) {
        this.owner = owner;
        this.tracked = tracked;
        this.session = new DeliverySession(
                owner.device(), owner.window(), owner.delivery().limits());
    }

    public final ConnectionKey connection() {
        return owner.connection();
    }

    /** The large group whose log it is, null for the inbox. */
    public abstract String group();

    /**
     * The client has acknowledged everything it was sent of this stream up to number {@code seq}. Of a stream that has
     * been stopped: nothing happens.
     */
    public final void acknowledged(long seq) {
        owner.acknowledged(this, seq);
    }

    /** What follows a number. Blocks; called without the monitor, by one thread at a time. */
    abstract Read read(long afterSeq);

    /** The device has acknowledged everything up to this number. */
    abstract void cursorMoved(long seq);

    /** It has come to the end that was set for it, and was stopped. */
    abstract void finished();

    /**
     * @param endAt the stream ends with this number, {@link Long#MAX_VALUE} = it does not
     */
    record Read(InboxPage page, long endAt) {}

    final boolean stopped() {
        return stopped;
    }

    /** Nothing is sent from now on. */
    final void stop() {
        if (!stopped) {
            stopped = true;
            session.end();
        }
    }

    final void begin(long cursor) {
        reportedCursor = cursor;
        carryOut(session.begin(cursor), null, null);
    }

    /** @param announced the entry of which {@code outgoing} is the form made ready for sending, null = none */
    final void carryOut(Effects effects, Entry.OfMessage announced, OutgoingMessage outgoing) {
        if (stopped) {
            return;
        }
        if (!effects.push().isEmpty()) {
            owner.push(this, effects.push(), announced, outgoing);
        }
        if (session.cursor() > reportedCursor) {
            reportedCursor = session.cursor();
            cursorMoved(reportedCursor);
        }
        if (effects.readAfter() >= 0) {
            readLater(effects.readAfter());
        }
        if (session.finished()) {
            stop();
            finished();
        }
    }

    private void readLater(long afterSeq) {
        try {
            owner.delivery().read(connection(), () -> readNow(afterSeq));
        } catch (RejectedExecutionException full) {
            giveUp();
        }
    }

    private void readNow(long afterSeq) {
        Read read = null;
        try {
            read = read(afterSeq);
        } catch (StorageException trouble) {
            owner.delivery().counters().increment(DeliveryCounter.INBOX_READS_FAILED);
        }
        synchronized (owner) {
            if (stopped) {
                return;
            }
            if (read != null) {
                readsFailed = 0;
                session.endAt(read.endAt);
                carryOut(session.pageRead(read.page), null, null);
                owner.goOn(this);
            } else if (++readsFailed < owner.delivery().limits().readAttemptsMax()) {
                readLater(afterSeq);
            } else {
                giveUp();
            }
        }
    }

    /** The device comes back and goes on from its cursors. Until then nothing is sent: the room left is not this client's. */
    private void giveUp() {
        owner.close();
        owner.delivery().close(connection());
    }
}
