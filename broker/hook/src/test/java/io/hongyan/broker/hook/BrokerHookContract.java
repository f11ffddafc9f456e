package io.hongyan.broker.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.broker.hook.ConnectRequest.ClientLimits;
import io.hongyan.broker.hook.ConnectRequest.Credentials;
import io.hongyan.broker.hook.ConnectRequest.SessionTerms;
import io.hongyan.broker.hook.ResumeRequest.Granted;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is true between a broker and its node, however they are connected: by a method call, with a decorator, or over a
 * network.
 */
@Timeout(30)
public abstract class BrokerHookContract {
    private static final ConnectionId FIRST = new ConnectionId("gate-1", 1);
    private static final ConnectionId SECOND = new ConnectionId("gate-1", Long.MAX_VALUE);
    private static final ConnectionId THIRD = new ConnectionId("gate-1", 3);
    private static final Granted NOTHING = new Granted(List.of(), false, "");

    private final RecordingHook hook = new RecordingHook();

    private static ConditionFactory soon() {
        return await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2));
    }

    /** The node as the broker sees it. */
    protected abstract BrokerHook join(BrokerHook hook) throws Exception;

    /** With nothing that may be absent. */
    private static ConnectRequest connect(String clientId, SessionTerms session) {
        return new ConnectRequest(
                FIRST,
                clientId,
                4,
                new Credentials(null, null),
                session,
                new ClientLimits(1, 1, 0),
                null,
                "",
                List.of());
    }

    @Test
    void connectRequestArrivesWhole() throws Exception {
        BrokerHook broker = join(hook);
        broker.connecting(new ConnectRequest(
                FIRST,
                "alice:android:pixel",
                5,
                new Credentials(
                        "alice",
                        "secret".getBytes(StandardCharsets.UTF_8),
                        new ClientCertificate(
                                List.of("cn:alice", "uri:hongyan:alice"), 1_700_000_000L, 4_000_000_000L)),
                new SessionTerms(true, 0xFFFFFFFFL),
                new ClientLimits(65_535, Integer.MAX_VALUE, 60),
                "t/alice/gone",
                "127.0.0.1",
                List.of(new UserProperty("version", "2"), new UserProperty("版本", ""))));
        soon().until(() -> hook.heard.size() == 1);
        ConnectRequest heard = (ConnectRequest) hook.heard.get(0);
        assertThat(heard.connection()).isEqualTo(FIRST);
        assertThat(heard.credentials().certificate())
                .isEqualTo(new ClientCertificate(
                        List.of("cn:alice", "uri:hongyan:alice"), 1_700_000_000L, 4_000_000_000L));
        assertThat(heard.clientId()).isEqualTo("alice:android:pixel");
        assertThat(heard.credentials().username()).isEqualTo("alice");
        assertThat(heard.credentials().password()).isEqualTo("secret".getBytes(StandardCharsets.UTF_8));
        assertThat(heard.protocolLevel()).isEqualTo(5);
        assertThat(heard.session().cleanStart()).isTrue();
        assertThat(heard.session().expirySeconds()).isEqualTo(0xFFFFFFFFL);
        assertThat(heard.limits().receiveMaximum()).isEqualTo(65_535);
        assertThat(heard.limits().maximumPacketSize()).isEqualTo(Integer.MAX_VALUE);
        assertThat(heard.limits().keepAliveSeconds()).isEqualTo(60);
        assertThat(heard.willTopic()).isEqualTo("t/alice/gone");
        assertThat(heard.remoteAddress()).isEqualTo("127.0.0.1");
        assertThat(heard.properties()).containsExactly(new UserProperty("version", "2"), new UserProperty("版本", ""));
    }

    @Test
    void absentPartsOfAConnectRequestStayAbsent() throws Exception {
        join(hook).connecting(connect("", new SessionTerms(false, 0)));
        soon().until(() -> hook.heard.size() == 1);
        ConnectRequest heard = (ConnectRequest) hook.heard.get(0);
        assertThat(heard.credentials().username()).isNull();
        assertThat(heard.credentials().password()).isNull();
        assertThat(heard.willTopic()).isNull();
        assertThat(heard.clientId()).isEmpty();
        assertThat(heard.credentials().certificate()).isNull();
        assertThat(heard.properties()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("connectVerdicts")
    void connectVerdictComesBack(ConnectVerdict verdict) throws Exception {
        CompletableFuture<ConnectVerdict> answer =
                join(hook).connecting(connect("c", SessionTerms.CLEAN)).toCompletableFuture();
        soon().until(() -> hook.connects.size() == 1);
        assertThat(answer).isNotDone();
        hook.connects.get(0).complete(verdict);
        soon().untilAsserted(() -> assertThat(answer).isCompletedWithValue(verdict));
    }

    static Stream<ConnectVerdict> connectVerdicts() {
        return Stream.concat(
                Stream.of(
                        new ConnectVerdict.Accept(false, List.of(), "", false),
                        new ConnectVerdict.Accept(
                                true,
                                List.of(new GrantedFilter("u/爱丽丝/#", 1, 268_435_455)),
                                "t/a/",
                                true,
                                "since 7",
                                List.of(new UserProperty("version", "3"), new UserProperty("version", "4")))),
                Stream.of(ConnectRefusal.values()).map(reason -> new ConnectVerdict.Refuse(reason, "because")));
    }

    @Test
    void subscriptionChangesArriveWholeAndVerdictsComeBackInOrder() throws Exception {
        BrokerHook broker = join(hook);
        SubscriptionChange subscribe = new SubscriptionChange.Subscribe(
                List.of(new GrantedFilter("u/a/#", 1, 3), new GrantedFilter("t/a/+", 2, 0)));
        SubscriptionChange unsubscribe = new SubscriptionChange.Unsubscribe(List.of("u/a/#"));
        CompletableFuture<List<FilterVerdict>> answer =
                broker.subscribing(SECOND, subscribe).toCompletableFuture();
        broker.subscribing(SECOND, unsubscribe);
        soon().until(() -> hook.changes.size() == 2);
        assertThat(hook.heard)
                .containsExactly(
                        new RecordingHook.Change(SECOND, subscribe), new RecordingHook.Change(SECOND, unsubscribe));
        List<FilterVerdict> verdicts = List.of(new FilterVerdict(1), FilterVerdict.NOT_AUTHORIZED);
        hook.changes.get(0).complete(verdicts);
        soon().untilAsserted(() -> assertThat(answer).isCompletedWithValue(verdicts));
    }

    @Test
    void connectedClientsAreAnnouncedWhole() throws Exception {
        ResumeRequest request = new ResumeRequest(
                FIRST,
                "alice:android:pixel",
                "192.0.2.7",
                5,
                0xFFFFFFFFL,
                65_535,
                1_000,
                new Granted(
                        List.of(new GrantedFilter("u/alice/#", 1, 3), new GrantedFilter("u/alice/notice", 0, 0)),
                        true,
                        "since 7"),
                1_700_000_000_123L);
        BrokerHook broker = join(hook);
        CompletableFuture<ResumeVerdict> first = broker.resuming(request).toCompletableFuture();
        CompletableFuture<ResumeVerdict> second = broker.resuming(
                        new ResumeRequest(SECOND, "", "", 4, 0, 1, Integer.MAX_VALUE, NOTHING, 1))
                .toCompletableFuture();
        CompletableFuture<ResumeVerdict> third = broker.resuming(
                        new ResumeRequest(THIRD, "c", "", 4, 0, 1, Integer.MAX_VALUE, NOTHING, 1))
                .toCompletableFuture();
        soon().until(() -> hook.resumes.size() == 3);
        assertThat(hook.heard.get(0)).isEqualTo(request);
        hook.resumes.get(0).complete(new ResumeVerdict.GoOn());
        hook.resumes.get(1).complete(new ResumeVerdict.Close(DisconnectCause.SESSION_TAKEN_OVER));
        hook.resumes.get(2).completeExceptionally(new IllegalStateException("store is down"));
        soon().untilAsserted(() -> assertThat(first).isCompletedWithValue(new ResumeVerdict.GoOn()));
        soon().untilAsserted(() ->
                assertThat(second).isCompletedWithValue(new ResumeVerdict.Close(DisconnectCause.SESSION_TAKEN_OVER)));
        soon().untilAsserted(() -> assertThat(third).isCompletedExceptionally());
    }

    @Test
    void publishesArriveInOrderAndMayBeAnsweredInAnother() throws Exception {
        BrokerHook broker = join(hook);
        List<CompletableFuture<PublishVerdict>> answers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            answers.add(broker.publishing(new PublishRequest(FIRST, "im/send", new byte[] {(byte) i}, i % 2))
                    .toCompletableFuture());
        }
        soon().until(() -> hook.publishes.size() == 100);
        for (int i = 0; i < 100; i++) {
            PublishRequest heard = (PublishRequest) hook.heard.get(i);
            assertThat(heard.payload()).containsExactly(i);
            assertThat(heard.qos()).isEqualTo(i % 2);
            assertThat(heard.topic()).isEqualTo("im/send");
            assertThat(heard.connection()).isEqualTo(FIRST);
        }
        for (int i = 99; i >= 0; i--) {
            PublishVerdict verdict = new PublishVerdict.Acknowledge(i, "r" + i, List.of(), null, false);
            hook.publishes.get(i).complete(verdict);
            CompletableFuture<PublishVerdict> answer = answers.get(i);
            soon().untilAsserted(() -> assertThat(answer).isCompletedWithValue(verdict));
        }
    }

    @Test
    void acknowledgementComesBackWhole() throws Exception {
        CompletableFuture<PublishVerdict> answer = join(hook)
                .publishing(new PublishRequest(FIRST, "im/send", new byte[0], 1))
                .toCompletableFuture();
        soon().until(() -> hook.publishes.size() == 1);
        byte[] reply = {1, 2, 3};
        hook.publishes
                .get(0)
                .complete(new PublishVerdict.Acknowledge(
                        0x97,
                        "slow down",
                        List.of(new UserProperty("seq", "7"), new UserProperty("seq", "8")),
                        new PublishVerdict.Reply("u/a/reply", reply),
                        true));
        soon().until(answer::isDone);
        PublishVerdict.Acknowledge back = (PublishVerdict.Acknowledge) answer.join();
        assertThat(back.reasonCode()).isEqualTo(0x97);
        assertThat(back.reason()).isEqualTo("slow down");
        assertThat(back.properties()).containsExactly(new UserProperty("seq", "7"), new UserProperty("seq", "8"));
        assertThat(back.reply().topic()).isEqualTo("u/a/reply");
        assertThat(back.reply().payload()).isEqualTo(reply);
        assertThat(back.thenClose()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(DisconnectCause.class)
    void closingInsteadOfAnsweringComesBack(DisconnectCause cause) throws Exception {
        CompletableFuture<PublishVerdict> answer = join(hook)
                .publishing(new PublishRequest(FIRST, "im/send", new byte[0], 0))
                .toCompletableFuture();
        soon().until(() -> hook.publishes.size() == 1);
        hook.publishes.get(0).complete(new PublishVerdict.CloseUnanswered(cause));
        soon().untilAsserted(() -> assertThat(answer).isCompletedWithValue(new PublishVerdict.CloseUnanswered(cause)));
    }

    @Test
    void failedPublishFailsForTheBrokerToo() throws Exception {
        CompletableFuture<PublishVerdict> answer = join(hook)
                .publishing(new PublishRequest(FIRST, "im/send", new byte[0], 1))
                .toCompletableFuture();
        soon().until(() -> hook.publishes.size() == 1);
        hook.publishes.get(0).completeExceptionally(new IllegalStateException("store is down"));
        soon().untilAsserted(() -> assertThat(answer).isCompletedExceptionally());
    }

    @Test
    void noticesArriveInOrder() throws Exception {
        BrokerHook broker = join(hook);
        List<Object> expected = new ArrayList<>();
        broker.connected(FIRST);
        expected.add(new RecordingHook.Notice("connected", FIRST, ""));
        for (long token = 0; token < 100; token++) {
            broker.delivered(FIRST, token);
            expected.add(new RecordingHook.Notice("delivered", FIRST, token));
        }
        broker.lastSeen(List.of(new LastPacket(FIRST, 1_700_000_000_122L), new LastPacket(SECOND, 1_700_000_000_121L)));
        expected.add(new RecordingHook.Notice("heard", FIRST, 1_700_000_000_122L));
        expected.add(new RecordingHook.Notice("heard", SECOND, 1_700_000_000_121L));
        broker.disconnected(FIRST, DisconnectCause.KEEP_ALIVE_TIMEOUT, 1_700_000_000_123L, 3_600);
        expected.add(new RecordingHook.Notice("disconnected", FIRST, "KEEP_ALIVE_TIMEOUT@1700000000123+3600"));
        soon().untilAsserted(() -> assertThat(hook.heard).containsExactlyElementsOf(expected));
    }
}
