package io.hongyan.im.adapter.mqtt;

import io.hongyan.broker.hook.ConnectionId;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.session.ClientSession;
import io.hongyan.im.core.session.ConnectedClients.ConnectedClient;
import io.hongyan.im.core.session.Sessions.Opened;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** What the adapter knows of one connection, from its CONNECT to its end. There are many: it is kept small. */
final class MqttConnection {
    /** Of a QoS 0 PUBLISH beside topic and payload, at most: header, lengths, no properties. */
    private static final int PUBLISH_BYTES = 8;

    private final ConnectionId id;
    private final boolean mqtt5;
    private final int packetBytesMax;

    private volatile ClientSession session;
    private volatile HeldFilters held = HeldFilters.EMPTY;
    /** Quality of service of the running push of the inbox, or {@link HeldFilters#NONE}. */
    private int inboxQos = HeldFilters.NONE;
    /** The filters by which large groups are pushed. */
    private HeldFilters groupsBy = HeldFilters.EMPTY;

    private final InFlightPushes pushes = new InFlightPushes();

    private final String address;
    /** Of the protocol, as the client told it; 0 where it has not, {@link ClientVersions#BELIEVED}. */
    private volatile int version;
    /** Where it is counted by its version, null where it is not. */
    private LongAdder countedIn;

    private boolean reminded;
    /** The epoch of the data that it is told; empty before it has a session. */
    private volatile String dataEpoch = "";

    private boolean epochAnnounced;
    private long loginAtMillis;
    private boolean gone;
    /** The newest change of the kept filters that is under way, null where none is. */
    private CompletableFuture<Void> keeping;

    /**
     * @param packetBytesMax the client's Maximum Packet Size, {@link Integer#MAX_VALUE} where it has none
     * @param address of the client, empty where it is not known
     */
    MqttConnection(ConnectionId id, boolean mqtt5, int packetBytesMax, String address) {
        this.id = id;
        this.mqtt5 = mqtt5;
        this.packetBytesMax = packetBytesMax;
        this.address = address;
    }

    /** As operators see it; null without a session. */
    synchronized ConnectedClient client() {
        return session == null || gone
                ? null
                : new ConnectedClient(key(), session.device(), address, mqtt5, loginAtMillis);
    }

    ConnectionKey key() {
        return new ConnectionKey(id.gate(), id.number());
    }

    ConnectionId id() {
        return id;
    }

    boolean mqtt5() {
        return mqtt5;
    }

    int version() {
        return version;
    }

    void version(int told) {
        version = told;
    }

    /** @param byVersion from 1 on, the last place is that of all newer ones */
    synchronized void countIn(LongAdder[] byVersion) {
        LongAdder now = gone ? null : byVersion[Math.min(Math.max(version, 1), byVersion.length) - 1];
        if (countedIn != null) {
            countedIn.decrement();
        }
        if (now != null) {
            now.increment();
        }
        countedIn = now;
    }

    /** @return whether it is the first time */
    synchronized boolean remind() {
        boolean first = !reminded;
        reminded = true;
        return first;
    }

    String dataEpoch() {
        return dataEpoch;
    }

    void dataEpoch(String told) {
        dataEpoch = told;
    }

    /** @return whether it is the first time */
    synchronized boolean announceEpoch() {
        boolean first = !epochAnnounced;
        epochAnnounced = true;
        return first;
    }

    /** Whether the client takes a QoS 0 PUBLISH with so much in it. */
    boolean takes(int topicBytes, int payloadBytes) {
        return (long) PUBLISH_BYTES + topicBytes + payloadBytes <= packetBytesMax;
    }

    /** Null before the login and for clients without messaging rights. */
    ClientSession session() {
        return session;
    }

    /** Null for a client without messaging rights. */
    String uid() {
        ClientSession present = session;
        return present == null ? null : present.uid();
    }

    HeldFilters held() {
        return held;
    }

    void held(HeldFilters changed) {
        held = changed;
    }

    /** @return false where the connection has ended meanwhile: the session is to be closed */
    synchronized boolean enter(Opened opened, HeldFilters kept) {
        if (gone) {
            return false;
        }
        held = kept;
        loginAtMillis = opened.login().atMillis();
        session = opened.session();
        return true;
    }

    /** Whether it has not ended, or been refused, yet. */
    synchronized boolean isThere() {
        return !gone;
    }

    /** @return the session to close, null where there is none */
    synchronized ClientSession leave() {
        gone = true;
        return session;
    }

    /** Does one step after the other, in the order of the calls. The result fails where the step fails. */
    synchronized CompletionStage<Void> inOrder(Supplier<CompletionStage<Void>> step) {
        CompletableFuture<Void> before = keeping == null ? CompletableFuture.completedFuture(null) : keeping;
        CompletableFuture<Void> next = before.handle((done, trouble) -> null).thenCompose(ready -> step.get());
        keeping = next;
        next.whenComplete((done, trouble) -> forget(next));
        return next;
    }

    private synchronized void forget(CompletableFuture<Void> finished) {
        if (keeping == finished) {
            keeping = null;
        }
    }

    /**
     * Ends the push of the inbox if the filters no longer cover it, or cover it with another quality of service.
     *
     * @return whether a push is to begin with {@link #beginInbox}
     */
    synchronized boolean endOutdatedInbox(HeldFilters filters) {
        if (filters.inboxQos() == inboxQos) {
            return false;
        }
        if (inboxQos != HeldFilters.NONE) {
            session.stopInbox();
        }
        inboxQos = filters.inboxQos();
        return filters.coversInbox();
    }

    /**
     * Ends the push of large groups if the filters cover others, or cover them with another quality of service.
     *
     * @return whether a push is to begin with {@link #beginGroups}
     */
    synchronized boolean endOutdatedGroups(HeldFilters filters) {
        if (filters.coversSameGroups(groupsBy)) {
            return false;
        }
        session.stopGroups();
        groupsBy = filters;
        return filters.coversGroups();
    }

    /** What was pushed and is not acknowledged. */
    InFlightPushes pushes() {
        return pushes;
    }

    CompletionStage<Void> beginInbox(HeldFilters filters) {
        return session.startInbox(filters.inboxQos() > 0);
    }

    CompletionStage<Void> beginGroups(HeldFilters filters) {
        return session.startGroups(filters);
    }
}
