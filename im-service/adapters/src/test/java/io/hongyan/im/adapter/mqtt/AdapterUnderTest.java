package io.hongyan.im.adapter.mqtt;

import io.hongyan.broker.hook.BrokerControl;
import io.hongyan.broker.hook.ClientCertificate;
import io.hongyan.broker.hook.ConnectRequest;
import io.hongyan.broker.hook.ConnectRequest.ClientLimits;
import io.hongyan.broker.hook.ConnectRequest.Credentials;
import io.hongyan.broker.hook.ConnectRequest.SessionTerms;
import io.hongyan.broker.hook.ConnectVerdict;
import io.hongyan.broker.hook.ConnectionId;
import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.broker.hook.FilterVerdict;
import io.hongyan.broker.hook.GrantedFilter;
import io.hongyan.broker.hook.PublishRequest;
import io.hongyan.broker.hook.PublishVerdict;
import io.hongyan.broker.hook.SubscriptionChange.Subscribe;
import io.hongyan.broker.hook.SubscriptionChange.Unsubscribe;
import io.hongyan.im.core.Dependencies;
import io.hongyan.im.core.Messaging;
import io.hongyan.im.core.MessagingLimits;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.send.ChangeLimits;
import io.hongyan.im.core.session.LocalSessionDirectory;
import io.hongyan.im.core.session.TokenFacts;
import io.hongyan.im.core.session.TokenVerdict;
import io.hongyan.im.core.session.TokenVerifier;
import io.hongyan.im.core.session.TokenVerifier.Asker;
import io.hongyan.im.core.simulation.InMemoryStorage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** The adapter over a real core with storage in memory, on one thread, with a broker that only writes down. */
final class AdapterUnderTest implements BrokerControl {
    static final long NOW = 1_700_000_000_000L;

    /** A push as the client would see it. */
    record Sent(ConnectionId connection, String topic, String payload, byte[] bytes, int qos, long token) {}

    final List<Sent> sent = new ArrayList<>();
    final List<String> ended = new ArrayList<>();
    final InMemoryStorage storage =
            new InMemoryStorage(GroupLimits.DEFAULT, ChangeLimits.DEFAULT, new MessageChangeEncoder());
    final MqttCounters counters = new MqttCounters();
    final MqttDownlink downlink = new MqttDownlink();
    final Messaging messaging;
    final MqttHook hook;
    Executor blocking = Runnable::run;
    /** Thrown by each push, null = none. */
    Error breaks;
    /** The server's clock. */
    long now = NOW;
    /** The second in which a token is proven that is looked at again. */
    long provenAgainAt;
    /** For whom the last token was checked. */
    Asker asker;

    private long connections;

    AdapterUnderTest(TopicAccess access) {
        this(access, MessagingLimits.DEFAULT);
    }

    AdapterUnderTest(TopicAccess access, MessagingLimits limits) {
        this(access, limits, VersionLimits.DEFAULT);
    }

    AdapterUnderTest(TopicAccess access, MessagingLimits limits, VersionLimits versions) {
        downlink.attach(this);
        messaging = new Messaging(
                Dependencies.alone(
                        storage.ports(),
                        new LocalSessionDirectory(),
                        downlink,
                        new GroupChangeEncoder(),
                        new MessageChangeEncoder()),
                work -> blocking.execute(work),
                () -> Instant.ofEpochMilli(now),
                millis -> {},
                limits);
        hook = new MqttHook(
                downlink,
                messaging,
                verifier(),
                new CertificateLogin(List.of("uri:hongyan:{uid}:{platform}:{device}", "cn:{uid}")),
                access,
                versions,
                500,
                () -> Instant.ofEpochMilli(now),
                counters);
    }

    private TokenVerifier verifier() {
        return new TokenVerifier() {
            @Override
            public CompletionStage<TokenVerdict> verify(String token, Asker asks) {
                asker = asks;
                return AdapterUnderTest.verify(token);
            }

            @Override
            public CompletionStage<TokenVerdict> verifyAgain(String token, long second, Asker asker) {
                TokenFacts facts = new TokenFacts(0, provenAgainAt, 0);
                return CompletableFuture.completedFuture(new TokenVerdict.Genuine(token, null, null, facts));
            }
        };
    }

    /** A token is {@code uid}, {@code uid:platform:device} or worthless. */
    private static CompletionStage<TokenVerdict> verify(String token) {
        String[] parts = token.split(":");
        return switch (parts[0]) {
            case "forged" -> CompletableFuture.completedFuture(new TokenVerdict.Worthless("It is forged."));
            case "unwanted" -> CompletableFuture.failedFuture(new CancellationException("nobody waits"));
            case "down" -> CompletableFuture.failedFuture(new StorageException("sign-on does not answer", null));
            default ->
                CompletableFuture.completedFuture(
                        parts.length == 1
                                ? new TokenVerdict.Genuine(parts[0], null, null, TokenFacts.NONE)
                                : new TokenVerdict.Genuine(parts[0], parts[2], parts[1], TokenFacts.NONE));
        };
    }

    @Override
    public void push(byte[] shared, List<Target> targets) {
        if (breaks != null) {
            throw breaks;
        }
        for (Target target : targets) {
            byte[] all = Arrays.copyOf(target.head(), target.head().length + shared.length);
            System.arraycopy(shared, 0, all, target.head().length, shared.length);
            String payload = new String(all, StandardCharsets.UTF_8);
            sent.add(new Sent(target.connection(), target.topic(), payload, all, target.qos(), target.token()));
        }
    }

    @Override
    public void pushAll(List<Multicast> pushes) {
        pushes.forEach(one -> push(one.shared(), one.targets()));
    }

    @Override
    public void disconnect(ConnectionId connection, DisconnectCause cause) {
        ended.add(connection + " " + cause);
    }

    ConnectionId nextConnection() {
        return new ConnectionId("gate", ++connections);
    }

    ConnectRequest request(ConnectionId id, String clientId, String username, String password, String will) {
        byte[] token = password == null ? null : password.getBytes(StandardCharsets.UTF_8);
        return request(id, clientId, new Credentials(username, token), will);
    }

    private static ConnectRequest request(ConnectionId id, String clientId, Credentials credentials, String will) {
        return new ConnectRequest(
                id,
                clientId,
                5,
                credentials,
                SessionTerms.CLEAN,
                ClientLimits.keepAlive(60),
                will,
                "127.0.0.1",
                List.of());
    }

    ConnectVerdict connect(String clientId, String username, String password, String will) {
        ConnectionId id = nextConnection();
        ConnectVerdict verdict = now(hook.connecting(request(id, clientId, username, password, will)));
        hook.disconnected(id, DisconnectCause.CONNECTION_LOST, NOW, 3_600);
        return verdict;
    }

    /** Asks to be let in with a certificate of these names and nothing else. */
    ConnectVerdict connectAs(List<String> names, long fromSeconds, String clientId, String username) {
        ConnectionId id = nextConnection();
        ClientCertificate certificate = new ClientCertificate(names, fromSeconds, 4_000_000_000L);
        ConnectVerdict verdict =
                now(hook.connecting(request(id, clientId, new Credentials(username, null, certificate), null)));
        hook.disconnected(id, DisconnectCause.CONNECTION_LOST, NOW, 3_600);
        return verdict;
    }

    /** Logs in. */
    ConnectionId online(String clientId, int level, long sessionExpirySeconds) {
        ConnectionId id = nextConnection();
        String uid = clientId.substring(0, clientId.indexOf(':'));
        CompletionStage<ConnectVerdict> stage = hook.connecting(new ConnectRequest(
                id,
                clientId,
                level,
                new Credentials(uid, uid.getBytes(StandardCharsets.UTF_8)),
                new SessionTerms(sessionExpirySeconds == 0, sessionExpirySeconds),
                ClientLimits.keepAlive(60),
                null,
                "127.0.0.1",
                List.of()));
        runEventWriter();
        ConnectVerdict verdict = now(stage);
        if (!(verdict instanceof ConnectVerdict.Accept)) {
            throw new AssertionError(verdict);
        }
        hook.connected(id);
        return id;
    }

    ConnectionId online(String clientId) {
        return online(clientId, 5, 0);
    }

    /** Logs in and subscribes. */
    ConnectionId listening(String clientId, String... filters) {
        ConnectionId id = online(clientId);
        subscribe(id, filters);
        return id;
    }

    List<Integer> subscribe(ConnectionId id, String... filters) {
        return subscribe(id, 1, filters);
    }

    List<Integer> subscribe(ConnectionId id, int qos, String... filters) {
        List<GrantedFilter> wanted = Arrays.stream(filters)
                .map(filter -> new GrantedFilter(filter, qos, 0))
                .toList();
        return now(hook.subscribing(id, new Subscribe(wanted))).stream()
                .map(FilterVerdict::reasonCode)
                .toList();
    }

    List<Integer> unsubscribe(ConnectionId id, String... filters) {
        return now(hook.subscribing(id, new Unsubscribe(List.of(filters)))).stream()
                .map(FilterVerdict::reasonCode)
                .toList();
    }

    PublishVerdict publish(ConnectionId id, String topic, byte[] payload, int qos) {
        CompletionStage<PublishVerdict> stage = hook.publishing(new PublishRequest(id, topic, payload, qos));
        runLane();
        runEventWriter();
        return now(stage);
    }

    PublishVerdict publish(ConnectionId id, String topic, String json) {
        return publish(id, topic, json.getBytes(StandardCharsets.UTF_8), 1);
    }

    void runLane() {
        try {
            while (messaging.messages().lane().runOnce(0)) {
                // until nothing waits
            }
        } catch (InterruptedException unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    void runEventWriter() {
        try {
            while (messaging.feed().eventWriter().runOnce(0)) {
                // until nothing waits
            }
        } catch (InterruptedException unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    List<Sent> sentTo(ConnectionId connection) {
        return sent.stream()
                .filter(push -> push.connection().equals(connection))
                .toList();
    }

    static <T> T now(CompletionStage<T> stage) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        if (!future.isDone()) {
            throw new AssertionError("not answered yet");
        }
        return future.join();
    }
}
