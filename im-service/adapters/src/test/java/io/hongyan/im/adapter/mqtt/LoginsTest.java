package io.hongyan.im.adapter.mqtt;

import static io.hongyan.broker.hook.ConnectRefusal.BAD_USER_NAME_OR_PASSWORD;
import static io.hongyan.broker.hook.ConnectRefusal.BANNED;
import static io.hongyan.broker.hook.ConnectRefusal.CLIENT_IDENTIFIER_NOT_VALID;
import static io.hongyan.broker.hook.ConnectRefusal.CONNECTION_RATE_EXCEEDED;
import static io.hongyan.broker.hook.ConnectRefusal.NOT_AUTHORIZED;
import static io.hongyan.broker.hook.ConnectRefusal.QUOTA_EXCEEDED;
import static io.hongyan.broker.hook.ConnectRefusal.SERVER_UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.broker.hook.ConnectRefusal;
import io.hongyan.broker.hook.ConnectRequest;
import io.hongyan.broker.hook.ConnectRequest.ClientLimits;
import io.hongyan.broker.hook.ConnectRequest.Credentials;
import io.hongyan.broker.hook.ConnectRequest.SessionTerms;
import io.hongyan.broker.hook.ConnectVerdict;
import io.hongyan.broker.hook.ConnectVerdict.Accept;
import io.hongyan.broker.hook.ConnectVerdict.Refuse;
import io.hongyan.broker.hook.ConnectionId;
import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.broker.hook.GrantedFilter;
import io.hongyan.broker.hook.LastPacket;
import io.hongyan.broker.hook.UserProperty;
import io.hongyan.im.adapter.LogLines;
import io.hongyan.im.core.MessagingLimits;
import io.hongyan.im.core.data.DataEpochs;
import io.hongyan.im.core.session.OnlineSession;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class LoginsTest {
    /** What a gate tells the next node: when the login was, and its stamp in microseconds. */
    private static final String RESUME = AdapterUnderTest.NOW + " " + AdapterUnderTest.NOW * 1_000 + " 0 0 0";

    private static final List<UserProperty> OURS = List.of(
            new UserProperty("protocol_version", "1"),
            new UserProperty("data_epoch", DataEpochs.inMemory().current().id()));

    private final AdapterUnderTest adapter = new AdapterUnderTest(TopicAccess.OWN);

    @Test
    void aGenuineTokenLetsItsUserIn() {
        assertThat(adapter.connect("alice:android:a", "alice", "alice", null))
                .isEqualTo(new Accept(false, List.of(), "t/alice/", true, RESUME, OURS));
        assertThat(adapter.connect("alice:android:a", "alice", "alice:android:a", "t/alice/gone"))
                .isInstanceOf(Accept.class);
        assertThat(adapter.storage.exists("alice")).isTrue();
    }

    @Test
    void aCertificateTakesThePlaceOfUserNameAndToken() {
        long from = AdapterUnderTest.NOW / 1_000 - 60;
        List<String> bound = List.of("cn:someone", "uri:hongyan:alice:android:a");
        assertThat(adapter.connectAs(bound, from, "alice:android:a", null)).isInstanceOf(Accept.class);
        assertThat(adapter.connectAs(bound, from, "alice:android:a", "alice")).isInstanceOf(Accept.class);
        assertThat(adapter.connectAs(List.of("cn:bob"), from, "bob:ios:any", null))
                .isInstanceOf(Accept.class);

        assertRefused(adapter.connectAs(bound, from, "bob:android:a", null), NOT_AUTHORIZED);
        assertRefused(adapter.connectAs(bound, from, "alice:android:a", "bob"), NOT_AUTHORIZED);
        assertThat(adapter.counters.value(MqttCounter.CONNECTS_CERTIFICATE_REFUSED))
                .isEqualTo(2);
        assertRefused(adapter.connectAs(bound, from, "alice:android:b", null), NOT_AUTHORIZED);
        assertRefused(adapter.connectAs(bound, from, "alice:ios:a", null), NOT_AUTHORIZED);
        // Names nobody, so it is as if there were none.
        assertRefused(
                adapter.connectAs(List.of("dns:example.com"), from, "alice:android:a", "alice"),
                BAD_USER_NAME_OR_PASSWORD);
    }

    @Test
    void aClientIdOfAnotherFormIsRefused() {
        for (String clientId : new String[] {"", "alice", "alice:android", "alice:toaster:a", "alice:ANDROID:a"}) {
            assertRefused(adapter.connect(clientId, "alice", "alice", null), CLIENT_IDENTIFIER_NOT_VALID);
        }
        assertThat(adapter.counters.value(MqttCounter.CONNECTS_CLIENT_ID_REFUSED))
                .isEqualTo(5);
    }

    @Test
    void whatTheGateHeardOfAClientIsSeenInItsSession() {
        ConnectionId alice = adapter.online("alice:android:a");
        ConnectionId gone = adapter.nextConnection();

        adapter.hook.lastSeen(List.of(
                new LastPacket(gone, AdapterUnderTest.NOW + 6_000),
                new LastPacket(alice, AdapterUnderTest.NOW + 7_000)));

        assertThat(adapter.messaging.sessions().logins().of("alice"))
                .singleElement()
                .extracting(OnlineSession::lastPacketAtMillis)
                .isEqualTo(AdapterUnderTest.NOW + 7_000);
    }

    @Test
    void aMissingForgedOrForeignTokenIsRefused() {
        assertRefused(adapter.connect("alice:iot:a", null, "alice", null), BAD_USER_NAME_OR_PASSWORD);
        assertRefused(adapter.connect("alice:iot:a", "alice", null, null), BAD_USER_NAME_OR_PASSWORD);
        assertRefused(adapter.connect("alice:iot:a", "bob", "alice", null), BAD_USER_NAME_OR_PASSWORD);
        assertRefused(adapter.connect("alice:iot:a", "alice", "bob", null), BAD_USER_NAME_OR_PASSWORD);
        assertRefused(adapter.connect("alice:iot:a", "alice", "forged", null), BAD_USER_NAME_OR_PASSWORD);
        assertThat(adapter.counters.value(MqttCounter.CONNECTS_TOKEN_REFUSED)).isEqualTo(5);
        assertThat(adapter.storage.exists("alice")).isFalse();
    }

    @Test
    void aTokenForAnotherDeviceOrPlatformIsRefused() {
        assertRefused(adapter.connect("alice:iot:a", "alice", "alice:iot:b", null), NOT_AUTHORIZED);
        assertRefused(adapter.connect("alice:iot:a", "alice", "alice:web:a", null), NOT_AUTHORIZED);
        assertThat(adapter.counters.value(MqttCounter.CONNECTS_NOT_ALLOWED)).isEqualTo(2);
    }

    @Test
    void aBarredUserIsBannedAndARevokedTokenIsNoTokenUntilItIsProvenAgain() {
        adapter.connect("alice:iot:a", "alice", "alice", null);
        done(adapter.messaging.sessions().throwOut().kick("alice", null, true));
        assertRefused(adapter.connect("alice:iot:a", "alice", "alice", null), BAD_USER_NAME_OR_PASSWORD);

        adapter.provenAgainAt = AdapterUnderTest.NOW / 1_000;
        assertRefused(adapter.connect("alice:iot:a", "alice", "alice", null), BAD_USER_NAME_OR_PASSWORD);
        adapter.provenAgainAt++;
        assertThat(adapter.connect("alice:iot:a", "alice", "alice", null)).isInstanceOf(Accept.class);

        done(adapter.messaging.sessions().throwOut().disable("alice"));
        assertRefused(adapter.connect("alice:iot:a", "alice", "alice", null), BANNED);
        assertThat(adapter.counters.value(MqttCounter.CONNECTS_BARRED)).isEqualTo(1);
        assertThat(adapter.messaging.sessions().logins().openSessions()).isZero();
    }

    @Test
    void whoseDevicesAreAllOnlineGetsNoOtherOneIn() {
        int devicesMax = MessagingLimits.DEFAULT.sessions().devicesMax();
        for (int i = 0; i < devicesMax; i++) {
            // Who takes the inbox is remembered.
            adapter.subscribe(adapter.online("alice:iot:" + i), "u/alice/inbox");
        }
        assertRefused(adapter.connect("alice:iot:new", "alice", "alice", null), QUOTA_EXCEEDED);
        assertThat(adapter.counters.value(MqttCounter.CONNECTS_DEVICES_ONLINE)).isEqualTo(1);
        assertThat(adapter.messaging.sessions().logins().openSessions()).isEqualTo(devicesMax);
    }

    @Test
    void aDeviceThatWasDisplacedIsToldWhenItMayComeBack() {
        adapter.online("alice:ios:a");
        adapter.online("alice:android:b");
        ConnectVerdict verdict = adapter.connect("alice:ios:a", "alice", "alice", null);
        assertRefused(verdict, CONNECTION_RATE_EXCEEDED);
        assertThat(((Refuse) verdict).text()).contains("come back in 5 seconds");
        assertThat(adapter.counters.value(MqttCounter.CONNECTS_RETURN_TOO_SOON)).isEqualTo(1);
        // The one that displaced it has not been displaced.
        adapter.online("alice:android:b");
    }

    private static <T> T done(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    @Test
    void aWillToATopicOfMessagingOrOfSomebodyElseIsRefused() {
        for (String topic : new String[] {"im/send", "u/alice/inbox", "json/im/send", "room/r", "t/bob/x", "x"}) {
            assertRefused(adapter.connect("alice:iot:a", "alice", "alice", topic), NOT_AUTHORIZED);
        }
        assertThat(adapter.counters.value(MqttCounter.CONNECTS_WILL_REFUSED)).isEqualTo(6);
    }

    @Test
    void troubleIsNotBlamedOnTheClient() {
        assertRefused(adapter.connect("alice:iot:a", "alice", "down", null), SERVER_UNAVAILABLE);
        adapter.blocking = work -> {
            throw new RejectedExecutionException();
        };
        assertRefused(adapter.connect("alice:iot:a", "alice", "alice", null), SERVER_UNAVAILABLE);
    }

    @Test
    void aTokenIsCheckedForItsAddressAndOnlyWhileItsClientWaits() {
        ConnectionId id = adapter.nextConnection();
        AdapterUnderTest.now(adapter.hook.connecting(adapter.request(id, "alice:iot:a", "alice", "alice", null)));
        assertThat(adapter.asker.address()).isEqualTo("127.0.0.1");
        assertThat(adapter.asker.waits().getAsBoolean()).isTrue();
        adapter.hook.disconnected(id, DisconnectCause.CONNECTION_LOST, AdapterUnderTest.NOW, 3_600);
        assertThat(adapter.asker.waits().getAsBoolean()).isFalse();

        assertRefused(adapter.connect("alice:iot:a", "alice", "unwanted", null), SERVER_UNAVAILABLE);
        assertThat(adapter.counters.value(MqttCounter.CONNECTS_UNAVAILABLE))
                .as("nobody gets this answer")
                .isZero();
    }

    @Test
    void troubleThatClientsCanCauseAtWillIsSummedUpInTheLog() {
        try (LogLines log = new LogLines(MqttHook.class)) {
            for (int i = 0; i < 20; i++) {
                adapter.connect("alice:iot:a", "alice", "down", null);
            }
            assertThat(log.lines()).isEmpty();
            adapter.counters.summarizeLog();
            assertThat(log.lines()).singleElement().asString().contains("20", "a login could not be answered");
        }
    }

    @Test
    void aConnectionThatEndsBeforeItsAnswerLeavesNoSession() {
        List<Runnable> later = new ArrayList<>();
        adapter.blocking = later::add;
        ConnectionId id = adapter.nextConnection();
        ConnectRequest request = adapter.request(id, "alice:iot:a", "alice", "alice", null);
        CompletionStage<ConnectVerdict> verdict = adapter.hook.connecting(request);
        adapter.hook.disconnected(id, DisconnectCause.CONNECTION_LOST, AdapterUnderTest.NOW, 3_600);
        later.forEach(Runnable::run);
        assertThat(verdict.toCompletableFuture()).isDone();
        assertThat(adapter.messaging.sessions().logins().openSessions()).isZero();
    }

    @Test
    void filtersOfAKeptSessionComeBackAndTheInboxResumes() {
        ConnectionId first = adapter.online("bob:iot:b", 5, 3_600);
        adapter.subscribe(first, "u/bob/inbox", "t/bob/x", "u/eve/inbox");
        adapter.hook.disconnected(first, DisconnectCause.CONNECTION_LOST, AdapterUnderTest.NOW, 3_600);
        adapter.publish(
                adapter.online("alice:iot:a"),
                "json/im/send",
                "{\"clientMessageId\":\"m\",\"to\":{\"kind\":\"DIRECT\",\"id\":\"bob\"},"
                        + "\"content\":{\"text\":{\"text\":\"hi\"}}}");

        ConnectionId second = adapter.nextConnection();
        Accept accept = (Accept) AdapterUnderTest.now(adapter.hook.connecting(new ConnectRequest(
                second,
                "bob:iot:b",
                4,
                new Credentials("bob", "bob".getBytes()),
                new SessionTerms(false, 3_600),
                ClientLimits.keepAlive(60),
                null,
                "127.0.0.1",
                List.of())));
        assertThat(accept.sessionPresent()).isTrue();
        assertThat(accept.filters())
                .containsExactly(new GrantedFilter("u/bob/inbox", 1, 0), new GrantedFilter("t/bob/x", 1, 0));
        assertThat(adapter.sentTo(second)).isEmpty();
        adapter.hook.connected(second);
        assertThat(adapter.sentTo(second)).hasSize(1);
    }

    @Test
    void withOpenAccessOtherClientsComeInWithoutMessaging() {
        AdapterUnderTest open = new AdapterUnderTest(TopicAccess.OPEN);
        assertThat(open.connect("anything", null, null, "some/will"))
                .isEqualTo(new Accept(false, List.of(), "", false));
        assertRefused(open.connect("anything", null, null, "u/alice/inbox"), NOT_AUTHORIZED);
        assertRefused(open.connect("alice:iot:a", null, null, null), BAD_USER_NAME_OR_PASSWORD);
        assertThat(open.connect("alice:iot:a", "alice", "alice", null))
                .isEqualTo(new Accept(false, List.of(), "", true, RESUME, OURS));
    }

    private static void assertRefused(ConnectVerdict verdict, ConnectRefusal reason) {
        assertThat(verdict).isInstanceOfSatisfying(Refuse.class, refusal -> {
            assertThat(refusal.reason()).isEqualTo(reason);
            assertThat(refusal.text()).endsWith(".");
        });
    }
}
