package io.hongyan.im.core.session;

import io.hongyan.im.core.cluster.FencingEpoch;
import io.hongyan.im.core.feed.SessionEnd;
import io.hongyan.im.core.inbox.ClientStreams;
import io.hongyan.im.core.inbox.GroupSubscriptions;
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
    private final FencingEpoch asked;
    private volatile ClientStreams streams;
    private boolean closed;
    private volatile boolean forgotten;
    private volatile SessionEnd end;

    /** @param asked when the client asked */
    ClientSession(Login login, Sessions sessions, FencingEpoch asked) {
        this.login = login;
        this.sessions = sessions;
        this.origin = SendOrigin.of(login.connection(), asked);
        this.asked = asked;
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

    /** Of the token it has logged in with. */
    public TokenFacts token() {
        return login.token();
    }

    /** Whether the session outlives the connection. */
    public boolean kept() {
        return login.sessionExpirySeconds() > 0 && !forgotten;
    }

    /** Another node is asked for what is not stored yet: it is not to be stored here after all. Before it is closed. */
    public void leaveToOthers() {
        origin.breakOff();
    }

    /** What its messages come from. */
    public SendOrigin origin() {
        return origin;
    }

    /** What an entry comes from that one of its calls asks for. */
    public SendOrigin callOrigin() {
        return SendOrigin.call(asked);
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
        ClientStreams pushed = streams;
        if (pushed != null) {
            pushed.stopInbox();
        }
    }

    /**
     * Starts to push the streams of large groups, instead of those that are pushed.
     *
     * @return completes when the push has begun; exceptionally if the storage failed
     */
    public CompletionStage<Void> startGroups(GroupSubscriptions interest) {
        return sessions.startGroups(this, interest);
    }

    /** Ends the push of large groups. */
    public void stopGroups() {
        ClientStreams pushed = streams;
        if (pushed != null) {
            pushed.stopGroups();
        }
    }

    /** The client has acknowledged what it was pushed of its inbox up to this number. */
    public void acknowledged(long inboxSeq) {
        ClientStreams pushed = streams;
        if (pushed != null) {
            pushed.inboxAcknowledgedByClient(inboxSeq);
        }
    }

    /** Makes these the filters of the kept session; durable when the stage completes. Of a session not kept: nothing. */
    public CompletionStage<Void> keepFilters(List<KeptSession.Filter> filters) {
        return sessions.keepFilters(this, filters);
    }

    /**
     * The server has decided that it ends.
     *
     * @return false where that was decided before
     */
    synchronized boolean endsBy(SessionEnd why) {
        boolean first = end == null;
        if (first) {
            end = why;
        }
        return first;
    }

    SessionEnd endOr(SessionEnd otherwise) {
        SessionEnd decided = end;
        return decided == null ? otherwise : decided;
    }

    void forget() {
        forgotten = true;
    }

    Login login() {
        return login;
    }

    /** Made when they are first asked for; null once the session is over. */
    synchronized ClientStreams streams(ClientStreams.Source source) {
        if (!closed && streams == null) {
            streams = source.open(login.connection(), login.device(), login.receiveMaximum());
            origin.streams(streams);
        }
        return streams;
    }

    synchronized ClientStreams detach() {
        closed = true;
        ClientStreams ended = streams;
        streams = null;
        origin.streams(null);
        return ended;
    }
}
