package io.hongyan.im.adapter.mqtt;

import io.hongyan.broker.hook.ConnectRefusal;
import io.hongyan.broker.hook.ConnectRequest;
import io.hongyan.broker.hook.ConnectRequest.Credentials;
import io.hongyan.broker.hook.ConnectVerdict;
import io.hongyan.broker.hook.ConnectVerdict.Accept;
import io.hongyan.broker.hook.ConnectVerdict.Refuse;
import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.broker.hook.GrantedFilter;
import io.hongyan.broker.hook.ResumeRequest;
import io.hongyan.broker.hook.ResumeVerdict;
import io.hongyan.broker.hook.SubscriptionChange.Subscribe;
import io.hongyan.broker.hook.UserProperty;
import io.hongyan.im.core.session.Login;
import io.hongyan.im.core.session.LoginAnswer;
import io.hongyan.im.core.session.LoginAnswer.DevicesOnline;
import io.hongyan.im.core.session.LoginAnswer.ReturnsTooSoon;
import io.hongyan.im.core.session.LoginAnswer.TokenRevoked;
import io.hongyan.im.core.session.LoginAnswer.UserBarred;
import io.hongyan.im.core.session.Platform;
import io.hongyan.im.core.session.Sessions;
import io.hongyan.im.core.session.Sessions.Opened;
import io.hongyan.im.core.session.TokenVerdict;
import io.hongyan.im.core.session.TokenVerdict.Genuine;
import io.hongyan.im.core.session.TokenVerdict.Worthless;
import io.hongyan.im.core.session.TokenVerifier;
import io.hongyan.im.core.session.TokenVerifier.Asker;
import io.hongyan.im.core.session.UserStanding.State;
import io.hongyan.protocol.ClientId;
import io.hongyan.protocol.ProtocolVersion;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Decides who may log in, and opens their sessions. */
final class Logins {
    private static final String CLIENT_ID_FORM = "The client id must be uid:platform:device, each of 1-"
            + ClientId.NAME_MAX + " letters, digits and _ . @ -, with a platform of " + platforms() + '.';

    private static final long MILLIS_PER_SECOND = 1_000;

    private final TokenVerifier tokens;
    private final CertificateLogin certificates;
    private final Sessions sessions;
    private final TopicAccess access;
    private final FilterRules rules;
    private final ClientVersions versions;
    private final ClientEpochs epochs;
    private final InstantSource clock;
    private final MqttCounters counters;

    /** A client id whose platform exists. */
    private record Client(ClientId id, Platform platform) {}

    /** One of the two, the other is null. */
    private record Answer(ConnectVerdict refused, LoginAnswer core) {}

    Logins(
            TokenVerifier tokens,
            CertificateLogin certificates,
            Sessions sessions,
            TopicAccess access,
            FilterRules rules,
            ClientVersions versions,
            ClientEpochs epochs,
            InstantSource clock,
            MqttCounters counters) {
        this.tokens = tokens;
        this.certificates = certificates;
        this.sessions = sessions;
        this.access = access;
        this.rules = rules;
        this.versions = versions;
        this.epochs = epochs;
        this.clock = clock;
        this.counters = counters;
    }

    /** Does not block. */
    CompletionStage<ConnectVerdict> admit(MqttConnection connection, ConnectRequest request) {
        Optional<Client> client = client(request.clientId());
        if (client.isEmpty()) {
            return completed(access == TopicAccess.OPEN ? admitGeneric(request) : refuseClientId());
        }
        Refuse tooOld = versions.refusal(connection, request);
        if (tooOld != null) {
            return completed(tooOld);
        }
        String uid = client.get().id.uid();
        if (!mayHaveWill(request.willTopic(), access.genericPrefix(uid))) {
            return completed(refuseWill());
        }
        Credentials credentials = request.credentials();
        Genuine shown = certificates.identify(credentials.certificate());
        if (shown != null) {
            return admit(connection, request, client.get(), shown);
        }
        if (credentials.password() == null || !uid.equals(credentials.username())) {
            return completed(refuseToken("The user name must be the uid of the client id, the password its token."));
        }
        String token = new String(credentials.password(), StandardCharsets.UTF_8);
        Asker asker = new Asker(request.network(), connection::isThere);
        return tokens.verify(token, asker)
                .thenCompose(verdict -> judged(connection, request, client.get(), verdict))
                .thenCompose(answer -> askedAgain(connection, request, client.get(), token, asker, answer))
                .thenApply(answer -> verdict(connection, answer))
                .exceptionally(this::unavailable);
    }

    /** By a certificate, which takes the place of user name and token. */
    private CompletionStage<ConnectVerdict> admit(
            MqttConnection connection, ConnectRequest request, Client client, Genuine shown) {
        String username = request.credentials().username();
        if (!shown.uid().equals(client.id.uid())
                || username != null && !shown.uid().equals(username)) {
            counters.increment(MqttCounter.CONNECTS_CERTIFICATE_REFUSED);
            return completed(new Refuse(
                    ConnectRefusal.NOT_AUTHORIZED, "The certificate belongs to another user than the client id says."));
        }
        return judged(connection, request, client, shown)
                .thenApply(answer -> verdict(connection, answer))
                .exceptionally(this::unavailable);
    }

    private static Optional<Client> client(String clientId) {
        return ClientId.parse(clientId)
                .flatMap(id -> Platform.ofWireName(id.platform()).map(platform -> new Client(id, platform)));
    }

    /** Opens the session of a client that another node has accepted. Does not block. */
    CompletionStage<ResumeVerdict> resume(MqttConnection connection, ResumeRequest request) {
        if (!request.granted().messaging()) {
            return CompletableFuture.completedFuture(new ResumeVerdict.GoOn());
        }
        Optional<Client> client = client(request.clientId());
        ResumeText.Resumed earlier = ResumeText.read(request.granted().resume());
        if (client.isEmpty() || earlier.login().atMillis() <= 0) {
            counters.failed("a gate announced a client with what no node has given it", request.clientId(), null);
            counters.increment(MqttCounter.RESUMES_REFUSED);
            return CompletableFuture.completedFuture(new ResumeVerdict.Close(DisconnectCause.NOT_AUTHORIZED));
        }
        if (epochs.isOutdated(earlier.login().atMillis())) {
            counters.increment(MqttCounter.RESUMES_OUTDATED);
            return CompletableFuture.completedFuture(new ResumeVerdict.Close(DisconnectCause.ADMINISTRATIVE_ACTION));
        }
        connection.version(version(earlier, request));
        Login resumed = new Login(
                connection.key(),
                client.get().id.uid(),
                client.get().platform,
                client.get().id.device(),
                false,
                request.sessionExpirySeconds(),
                request.receiveMaximum(),
                earlier.token(),
                earlier.login());
        return sessions.open(resumed, connection::isThere)
                .thenApply(answer -> answer instanceof Opened opened
                        ? resumed(connection, request.granted().filters(), opened)
                        : new ResumeVerdict.Close(DisconnectCause.ADMINISTRATIVE_ACTION))
                .exceptionally(this::notResumed);
    }

    private static int version(ResumeText.Resumed earlier, ResumeRequest request) {
        boolean toldByConnect = earlier.version() > 0 || request.protocolLevel() >= 5;
        return toldByConnect ? Math.max(earlier.version(), ProtocolVersion.UNTOLD) : ClientVersions.BELIEVED;
    }

    /** What the gate holds is what the client has been told; of other filters only what is kept is known. */
    private ResumeVerdict resumed(MqttConnection connection, List<GrantedFilter> heldByGate, Opened opened) {
        List<GrantedFilter> all = new ArrayList<>(heldByGate);
        opened.filters().stream()
                .filter(kept -> !TopicAccess.isMessaging(kept.filter()))
                .forEach(kept -> all.add(new GrantedFilter(kept.filter(), kept.qos(), kept.subscriptionId())));
        HeldFilters held = rules.apply(opened.session().uid(), HeldFilters.EMPTY, new Subscribe(all))
                .held();
        if (!connection.enter(opened, held)) {
            sessions.close(opened.session());
            return new ResumeVerdict.GoOn();
        }
        versions.entered(connection);
        epochs.entered(connection);
        if (opened.session().kept() && !opened.sessionPresent()) {
            connection.inOrder(() -> opened.session().keepFilters(held.kept()));
        }
        counters.increment(MqttCounter.RESUMED);
        return new ResumeVerdict.GoOn();
    }

    private ResumeVerdict notResumed(Throwable trouble) {
        if (isUnwanted(trouble)) {
            return new ResumeVerdict.Close(DisconnectCause.SERVER_BUSY);
        }
        counters.failed("a session could not be resumed", "a client", trouble);
        counters.increment(MqttCounter.RESUMES_FAILED);
        return new ResumeVerdict.Close(DisconnectCause.SERVER_BUSY);
    }

    /** A client of plain MQTT, without messaging rights. */
    private ConnectVerdict admitGeneric(ConnectRequest request) {
        return mayHaveWill(request.willTopic(), "") ? new Accept(false, List.of(), "", false) : refuseWill();
    }

    private static boolean mayHaveWill(String topic, String genericPrefix) {
        return topic == null || !TopicAccess.isMessaging(topic) && topic.startsWith(genericPrefix);
    }

    /** @return what the core says, or without asking it why the token is none for this client */
    private CompletionStage<Answer> judged(
            MqttConnection connection, ConnectRequest request, Client client, TokenVerdict verdict) {
        if (verdict instanceof Worthless worthless) {
            return completed(new Answer(refuseToken(worthless.why()), null));
        }
        Genuine genuine = (Genuine) verdict;
        if (!genuine.uid().equals(client.id.uid())) {
            return completed(new Answer(refuseToken("The token belongs to another user."), null));
        }
        if (genuine.device() != null && !genuine.device().equals(client.id.device())
                || genuine.platform() != null && !genuine.platform().equals(client.id.platform())) {
            counters.increment(MqttCounter.CONNECTS_NOT_ALLOWED);
            return completed(new Answer(
                    new Refuse(
                            ConnectRefusal.NOT_AUTHORIZED,
                            "The token or certificate was issued for another device or platform."),
                    null));
        }
        Login login = new Login(
                connection.key(),
                client.id.uid(),
                client.platform,
                client.id.device(),
                request.session().cleanStart(),
                request.session().expirySeconds(),
                request.limits().receiveMaximum(),
                genuine.facts(),
                null);
        return sessions.open(login, connection::isThere).thenApply(answer -> new Answer(null, answer));
    }

    /** What was known of the token from before a revocation is found out again, once. */
    private CompletionStage<Answer> askedAgain(
            MqttConnection connection,
            ConnectRequest request,
            Client client,
            String token,
            Asker asker,
            Answer answer) {
        return answer.core instanceof TokenRevoked revoked
                ? tokens.verifyAgain(token, revoked.second(), asker)
                        .thenCompose(verdict -> isProvenSince(verdict, revoked.second())
                                ? judged(connection, request, client, verdict)
                                : completed(answer))
                : completed(answer);
    }

    /** What is worthless by now is refused as such. */
    private static boolean isProvenSince(TokenVerdict verdict, long second) {
        return !(verdict instanceof Genuine genuine) || genuine.facts().provenAt() > second;
    }

    private ConnectVerdict verdict(MqttConnection connection, Answer answer) {
        if (answer.core == null) {
            return answer.refused;
        } else if (answer.core instanceof Opened opened) {
            return entered(connection, opened);
        } else if (answer.core instanceof UserBarred barred) {
            counters.increment(MqttCounter.CONNECTS_BARRED);
            return new Refuse(
                    ConnectRefusal.BANNED,
                    barred.state() == State.DELETED ? "The user was deleted." : "The user is disabled.");
        } else if (answer.core instanceof ReturnsTooSoon soon) {
            counters.increment(MqttCounter.CONNECTS_RETURN_TOO_SOON);
            long seconds = (soon.millis() + MILLIS_PER_SECOND - 1) / MILLIS_PER_SECOND;
            return new Refuse(
                    ConnectRefusal.CONNECTION_RATE_EXCEEDED,
                    "Another device has displaced this one; come back in " + seconds
                            + " seconds, or with a new token.");
        }
        if (answer.core instanceof DevicesOnline full) {
            counters.increment(MqttCounter.CONNECTS_DEVICES_ONLINE);
            return new Refuse(
                    ConnectRefusal.QUOTA_EXCEEDED,
                    "The user's " + full.devicesMax() + " devices are all online; end one of them first.");
        }
        return refuseToken("The token or certificate was revoked; get a new one.");
    }

    private ConnectVerdict entered(MqttConnection connection, Opened opened) {
        String uid = opened.session().uid();
        HeldFilters held = stillAllowed(uid, opened);
        if (!connection.enter(opened, held)) {
            sessions.close(opened.session());
        } else {
            versions.entered(connection);
            epochs.entered(connection);
        }
        return new Accept(
                opened.sessionPresent(),
                held.all(),
                access.genericPrefix(uid),
                true,
                ResumeText.write(opened.login(), opened.session().token(), connection.version()),
                told(connection));
    }

    private static List<UserProperty> told(MqttConnection connection) {
        List<UserProperty> told = new ArrayList<>(ClientVersions.told(connection));
        told.addAll(ClientEpochs.told(connection));
        return told;
    }

    /** Filters were granted once; the operator may have narrowed the access since. */
    private HeldFilters stillAllowed(String uid, Opened opened) {
        if (opened.filters().isEmpty()) {
            return HeldFilters.EMPTY;
        }
        List<GrantedFilter> kept = opened.filters().stream()
                .map(filter -> new GrantedFilter(filter.filter(), filter.qos(), filter.subscriptionId()))
                .toList();
        return rules.apply(uid, HeldFilters.EMPTY, new Subscribe(kept)).held();
    }

    private ConnectVerdict refuseClientId() {
        counters.increment(MqttCounter.CONNECTS_CLIENT_ID_REFUSED);
        return new Refuse(ConnectRefusal.CLIENT_IDENTIFIER_NOT_VALID, CLIENT_ID_FORM);
    }

    private ConnectVerdict refuseWill() {
        counters.increment(MqttCounter.CONNECTS_WILL_REFUSED);
        return new Refuse(ConnectRefusal.NOT_AUTHORIZED, "The will's topic is not one of this client's own.");
    }

    private ConnectVerdict refuseToken(String why) {
        counters.increment(MqttCounter.CONNECTS_TOKEN_REFUSED);
        return new Refuse(ConnectRefusal.BAD_USER_NAME_OR_PASSWORD, why);
    }

    private ConnectVerdict unavailable(Throwable trouble) {
        if (isUnwanted(trouble)) {
            // Nobody gets this answer.
            return new Refuse(ConnectRefusal.SERVER_UNAVAILABLE, "The login has been given up.");
        }
        counters.failed("a login could not be answered", "a client", trouble);
        counters.increment(MqttCounter.CONNECTS_UNAVAILABLE);
        return new Refuse(ConnectRefusal.SERVER_UNAVAILABLE, "The service cannot answer now; try again.");
    }

    private static boolean isUnwanted(Throwable trouble) {
        return trouble instanceof CancellationException || trouble.getCause() instanceof CancellationException;
    }

    private static <T> CompletionStage<T> completed(T answer) {
        return CompletableFuture.completedFuture(answer);
    }

    private static String platforms() {
        StringBuilder names = new StringBuilder();
        for (Platform platform : Platform.values()) {
            names.append(names.isEmpty() ? "" : ", ").append(platform.wireName());
        }
        return names.toString();
    }
}
