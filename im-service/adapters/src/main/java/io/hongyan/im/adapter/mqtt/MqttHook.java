package io.hongyan.im.adapter.mqtt;

import io.hongyan.broker.hook.BrokerHook;
import io.hongyan.broker.hook.ConnectRequest;
import io.hongyan.broker.hook.ConnectVerdict;
import io.hongyan.broker.hook.ConnectionId;
import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.broker.hook.FilterVerdict;
import io.hongyan.broker.hook.LastPacket;
import io.hongyan.broker.hook.PublishRequest;
import io.hongyan.broker.hook.PublishVerdict;
import io.hongyan.broker.hook.PublishVerdict.CloseUnanswered;
import io.hongyan.broker.hook.ResumeRequest;
import io.hongyan.broker.hook.ResumeVerdict;
import io.hongyan.broker.hook.SubscriptionChange;
import io.hongyan.im.core.Messaging;
import io.hongyan.im.core.feed.SessionEnd;
import io.hongyan.im.core.inbox.CloseReason;
import io.hongyan.im.core.session.ClientSession;
import io.hongyan.im.core.session.SessionDirectory.LastSeen;
import io.hongyan.im.core.session.TokenVerifier;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Answers the broker: who may come in, what they may subscribe to, what becomes of what they publish. */
public final class MqttHook implements BrokerHook {
    private static final CompletionStage<Void> BEGUN = CompletableFuture.completedFuture(null);

    private final MqttDownlink downlink;
    private final MqttConnections connections;
    private final Messaging messaging;
    private final FilterRules rules;
    private final ClientVersions versions;
    private final ClientEpochs epochs;
    private final Logins logins;
    private final RequestHandler requests;
    private final MqttCounters counters;

    /**
     * @param downlink the way back to the same broker
     * @param certificates whom the certificates of clients make them
     * @param versions of the protocol that clients may use
     * @param limitMax largest {@code limit} of a call
     */
    public MqttHook(
            MqttDownlink downlink,
            Messaging messaging,
            TokenVerifier tokens,
            CertificateLogin certificates,
            TopicAccess access,
            VersionLimits versions,
            int limitMax,
            InstantSource clock,
            MqttCounters counters) {
        this.downlink = downlink;
        this.connections = downlink.connections();
        this.messaging = messaging;
        this.rules = new FilterRules(access, counters);
        this.versions = new ClientVersions(versions, downlink, counters);
        this.epochs = new ClientEpochs(messaging.data(), downlink);
        this.logins = new Logins(
                tokens,
                certificates,
                messaging.sessions().logins(),
                access,
                rules,
                this.versions,
                epochs,
                clock,
                counters);
        Answers answers = new Answers(counters);
        Calls calls = new Calls(messaging, clock, limitMax, answers, this.versions, counters);
        this.requests = new RequestHandler(messaging, calls, answers, this.versions, counters);
        this.counters = counters;
    }

    @Override
    public CompletionStage<ConnectVerdict> connecting(ConnectRequest request) {
        MqttConnection connection = new MqttConnection(
                request.connection(),
                request.protocolLevel() >= 5,
                request.limits().maximumPacketSize(),
                request.remoteAddress());
        connections.add(connection);
        return logins.admit(connection, request);
    }

    @Override
    public CompletionStage<ResumeVerdict> resuming(ResumeRequest request) {
        MqttConnection connection = new MqttConnection(
                request.connection(),
                request.protocolLevel() >= 5,
                request.maximumPacketSize(),
                request.remoteAddress());
        connections.add(connection);
        return logins.resume(connection, request).thenApply(verdict -> {
            // The gate holds the filters; nothing has to be waited for.
            connected(request.connection());
            return verdict;
        });
    }

    @Override
    public void connected(ConnectionId id) {
        MqttConnection connection = connections.find(id);
        if (connection != null && connection.session() != null) {
            HeldFilters held = connection.held();
            epochs.announce(connection);
            if (connection.endOutdatedInbox(held)) {
                beginInbox(connection, held);
            }
            if (connection.endOutdatedGroups(held)) {
                beginGroups(connection, held);
            }
            versions.remind(connection);
        }
    }

    @Override
    public CompletionStage<List<FilterVerdict>> subscribing(ConnectionId id, SubscriptionChange change) {
        MqttConnection connection = connections.find(id);
        if (connection == null) {
            return CompletableFuture.failedFuture(new IllegalStateException(id + " is not connected"));
        }
        FilterRules.Changed changed = rules.apply(connection.uid(), connection.held(), change);
        connection.held(changed.held());
        ClientSession session = connection.session();
        if (session == null) {
            return CompletableFuture.completedFuture(changed.verdicts());
        }
        CompletableFuture<List<FilterVerdict>> answer = new CompletableFuture<>();
        // Also what the change before has begun is done first: who changes filters in a row waits for it.
        connection
                .inOrder(() -> session.keepFilters(changed.held().kept())
                        .thenCompose(kept -> settle(connection, changed, answer)))
                .whenComplete((settled, trouble) -> {
                    if (trouble != null) {
                        answer.completeExceptionally(trouble);
                    }
                });
        return answer;
    }

    /**
     * Answers, and lets the push of the inbox follow the filters: it ends before the answer and begins behind it, so
     * that the broker has the filter before the first entry comes.
     */
    private CompletionStage<Void> settle(
            MqttConnection connection, FilterRules.Changed changed, CompletableFuture<List<FilterVerdict>> answer) {
        boolean beginInbox = connection.endOutdatedInbox(changed.held());
        boolean beginGroups = connection.endOutdatedGroups(changed.held());
        answer.complete(changed.verdicts());
        versions.remind(connection);
        epochs.announce(connection);
        CompletionStage<Void> inbox = beginInbox ? beginInbox(connection, changed.held()) : BEGUN;
        CompletionStage<Void> groups = beginGroups ? beginGroups(connection, changed.held()) : BEGUN;
        return inbox.thenCombine(groups, (one, other) -> null);
    }

    /** Where it fails the connection is closed, which is all that becomes of it. */
    private CompletionStage<Void> beginInbox(MqttConnection connection, HeldFilters held) {
        return connection.beginInbox(held).handle((begun, trouble) -> closeIf(connection, "the inbox", trouble));
    }

    private CompletionStage<Void> beginGroups(MqttConnection connection, HeldFilters held) {
        return connection.beginGroups(held).handle((begun, trouble) -> closeIf(connection, "the groups", trouble));
    }

    private Void closeIf(MqttConnection connection, String what, Throwable trouble) {
        if (trouble != null) {
            counters.failed(what + " could not be read", connection.uid(), trouble);
            counters.increment(MqttCounter.INBOX_STARTS_FAILED);
            downlink.close(connection.key(), CloseReason.STORAGE_TROUBLE);
        }
        return null;
    }

    @Override
    public CompletionStage<PublishVerdict> publishing(PublishRequest request) {
        MqttConnection connection = connections.find(request.connection());
        if (connection == null || connection.session() == null) {
            return CompletableFuture.completedFuture(new CloseUnanswered(DisconnectCause.NOT_AUTHORIZED));
        }
        return requests.answer(connection, request);
    }

    @Override
    public void delivered(ConnectionId id, long token) {
        MqttConnection connection = connections.find(id);
        if (connection != null) {
            connection.pushes().acknowledged(token);
        }
    }

    @Override
    public void disconnected(
            ConnectionId id, DisconnectCause cause, long lastPacketAtMillis, long sessionExpirySeconds) {
        MqttConnection connection = connections.remove(id);
        ClientSession session = connection == null ? null : connection.leave();
        if (session != null) {
            counters.count(connection);
            if (cause == DisconnectCause.GATE_LOST) {
                session.leaveToOthers();
            }
            messaging.sessions().logins().close(session, sessionExpirySeconds, end(cause));
        }
    }

    @Override
    public void lastSeen(List<LastPacket> packets) {
        List<LastSeen> lastSeen = new ArrayList<>(packets.size());
        for (LastPacket packet : packets) {
            MqttConnection connection = connections.find(packet.connection());
            String uid = connection == null ? null : connection.uid();
            if (uid != null) {
                lastSeen.add(new LastSeen(uid, connection.key(), packet.atMillis()));
            }
        }
        messaging.sessions().logins().lastSeen(lastSeen);
    }

    private static SessionEnd end(DisconnectCause cause) {
        return switch (cause) {
            case CLIENT_DISCONNECTED -> SessionEnd.BY_CLIENT;
            case CONNECTION_LOST, GATE_LOST, KEEP_ALIVE_TIMEOUT -> SessionEnd.LOST;
            case SERVER_SHUTTING_DOWN -> SessionEnd.STOPPING;
            // A kick or a newer connection was noted when it was decided; else the gate has seen the same device again.
            case SESSION_TAKEN_OVER -> SessionEnd.REPLACED;
            default -> SessionEnd.BY_SERVER;
        };
    }
}
