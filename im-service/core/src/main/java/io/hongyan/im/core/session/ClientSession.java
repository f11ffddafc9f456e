package io.hongyan.im.core.session;

import io.hongyan.im.core.inbox.InboxStream;
import io.hongyan.im.core.inbox.KeptSession;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.send.SendOrigin;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * One connected client, from login to the end of its connection. Calls for one connection come one at a time, in the
 * order of its packets, but for {@link #acknowledged}, which may come beside them.
 */
public final class ClientSession {
    private final Login login;
    private final Sessions sessions;
    private final SendOrigin origin;
    private boolean closed;
    private volatile boolean forgotten;

    ClientSession(Login login, Sessions sessions) {
        this.login = login;
        this.sessions = sessions;
        this.origin = new SendOrigin(login.connection());
    }

    public String uid() {
        return login.uid();
    }

    public DeviceKey device() {
        return login.device();
    }

    public ConnectionKey connection() {
        return login.connection();
    }

    /** Whether the session outlives the connection. */
    public boolean kept() {
        return login.sessionExpirySeconds() > 0 && !forgotten;
    }

    /** What its messages come from. */
    public SendOrigin origin() {
        return origin;
    }

    /**
     * Starts to push the inbox after the device's cursor; does nothing where it is pushed already.
     *
     * @param tracked whether acknowledgements move the cursor: not with QoS 0
     * @return completes when the push has begun; exceptionally if the storage failed
     */
    public CompletionStage<Void> startInbox(boolean tracked) {
        return sessions.startInbox(this, tracked);
    }

    /** Ends the push of the inbox. */
    public void stopInbox() {
        InboxStream stream = detach(false);
        if (stream != null) {
            sessions.stop(stream);
        }
    }

    /** The client has acknowledged what it was pushed up to this inbox number. */
    public void acknowledged(long inboxSeq) {
        InboxStream stream = origin.stream();
        if (stream != null) {
            stream.acknowledged(inboxSeq);
        }
    }

    /** Makes these the filters of the kept session; durable when the stage completes. Of a session not kept: nothing. */
    public CompletionStage<Void> keepFilters(List<KeptSession.Filter> filters) {
        return sessions.keepFilters(this, filters);
    }

    void forget() {
        forgotten = true;
    }

    Login login() {
        return login;
    }

    /** @return false if there is a stream already, or the session is over */
    synchronized boolean attach(InboxStream stream) {
        if (closed || origin.stream() != null) {
            return false;
        }
        origin.stream(stream);
        return true;
    }

    synchronized InboxStream detach(boolean close) {
        closed |= close;
        InboxStream stream = origin.stream();
        origin.stream(null);
        return stream;
    }
}
