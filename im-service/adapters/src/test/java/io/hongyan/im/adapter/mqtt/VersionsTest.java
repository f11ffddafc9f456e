package io.hongyan.im.adapter.mqtt;

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
import io.hongyan.broker.hook.PublishVerdict;
import io.hongyan.broker.hook.PublishVerdict.Acknowledge;
import io.hongyan.broker.hook.ResumeRequest;
import io.hongyan.broker.hook.ResumeRequest.Granted;
import io.hongyan.broker.hook.UserProperty;
import io.hongyan.im.core.MessagingLimits;
import io.hongyan.protocol.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which version of the protocol a client speaks, and what it is answered: here 2 and newer are served, 3 is recommended. */
@Timeout(30)
final class VersionsTest {
    private static final String SEND = "{\"clientMessageId\":\"m\",\"to\":{\"kind\":\"DIRECT\",\"id\":\"bob\"},"
            + "\"content\":{\"text\":{\"text\":\"hi\"}}}";

    private final AdapterUnderTest adapter =
            new AdapterUnderTest(TopicAccess.OWN, MessagingLimits.DEFAULT, new VersionLimits(2, 3));

    /** @param version null where the client tells none */
    private ConnectVerdict connect(ConnectionId id, String clientId, int level, String version) {
        String uid = clientId.substring(0, clientId.indexOf(':'));
        List<UserProperty> told = version == null ? List.of() : List.of(new UserProperty("protocol_version", version));
        ConnectVerdict verdict = AdapterUnderTest.now(adapter.hook.connecting(new ConnectRequest(
                id,
                clientId,
                level,
                new Credentials(uid, uid.getBytes(StandardCharsets.UTF_8)),
                SessionTerms.CLEAN,
                ClientLimits.keepAlive(60),
                null,
                "127.0.0.1",
                told)));
        if (verdict instanceof Accept) {
            adapter.hook.connected(id);
        } else {
            adapter.hook.disconnected(id, DisconnectCause.NOT_AUTHORIZED, AdapterUnderTest.NOW, 0);
        }
        return verdict;
    }

    private ConnectionId connected(String clientId, int level, String version) {
        ConnectionId id = adapter.nextConnection();
        assertThat(connect(id, clientId, level, version)).isInstanceOf(Accept.class);
        return id;
    }

    private List<String> notices(ConnectionId client) {
        return adapter.sentTo(client).stream()
                .filter(sent -> sent.topic().endsWith("/notice"))
                .map(AdapterUnderTest.Sent::payload)
                .filter(notice -> !notice.contains("\"dataEpoch\""))
                .toList();
    }

    private static void assertUnsupported(PublishVerdict verdict, String... inReply) {
        Acknowledge answer = (Acknowledge) verdict;
        assertThat(answer.reasonCode()).isEqualTo(ErrorCode.VERSION_UNSUPPORTED.mqttReason());
        assertThat(answer.reason()).contains("version 1").contains("2 and newer");
        if (inReply.length > 0) {
            assertThat(new String(answer.reply().payload(), StandardCharsets.UTF_8))
                    .contains("\"code\":\"VERSION_UNSUPPORTED\"")
                    .contains(inReply);
        }
    }

    private static void assertDone(PublishVerdict verdict) {
        assertThat(((Acknowledge) verdict).reasonCode()).isZero();
    }

    private Map<String, Long> clients() {
        Map<String, Long> counted = new TreeMap<>();
        adapter.counters.forEachVersion((version, now) -> {
            if (now.getAsLong() != 0) {
                counted.put(version, now.getAsLong());
            }
        });
        return counted;
    }

    @Test
    void aClientOfAServedVersionComesInAndIsToldOurs() {
        for (String version : new String[] {"2", "3", "999999999"}) {
            Accept accept = (Accept) connect(adapter.nextConnection(), "alice:iot:a", 5, version);
            assertThat(accept.properties()).contains(new UserProperty("protocol_version", "1"));
        }
        assertThat(adapter.counters.value(MqttCounter.CONNECTS_VERSION_REFUSED)).isZero();
    }

    @Test
    void anOlderClientOfMqtt5IsRefusedAtItsLogin() {
        for (String version : new String[] {"1", null}) {
            Refuse refused = (Refuse) connect(adapter.nextConnection(), "alice:iot:a", 5, version);
            assertThat(refused.reason()).isEqualTo(ConnectRefusal.CLIENT_NOT_SUPPORTED);
            assertThat(refused.text())
                    .contains("version 1")
                    .contains("2 and newer")
                    .contains("update");
        }
        assertThat(adapter.counters.value(MqttCounter.CONNECTS_VERSION_REFUSED)).isEqualTo(2);
        assertThat(adapter.messaging.sessions().logins().openSessions()).isZero();
        assertThat(clients()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "two", "-2", "2.0", "1000000000"})
    void whatIsNoVersionIsRefused(String version) {
        Refuse refused = (Refuse) connect(adapter.nextConnection(), "alice:iot:a", 5, version);
        assertThat(refused.reason()).isEqualTo(ConnectRefusal.CLIENT_NOT_SUPPORTED);
        assertThat(refused.text()).contains("protocol_version takes a whole number from 1 to 999999999");
    }

    @Test
    void stockClientsDoNothingAndAreServed() {
        AdapterUnderTest stock = new AdapterUnderTest(TopicAccess.OWN);
        stock.online("bob:iot:b");
        for (int level : new int[] {4, 5}) {
            ConnectionId alice = stock.online("alice:iot:" + level, level, 0);
            stock.subscribe(alice, "json/u/alice/#");
            assertDone(stock.publish(alice, "json/im/send", SEND));
            assertDone(stock.publish(alice, "json/im/call/time", "{}"));
            assertThat(stock.sentTo(alice)).noneMatch(sent -> sent.payload().contains("\"update\""));
        }
    }

    @Test
    void aClientOfMqtt311TellsItsVersionInACallAndIsServedFromThenOn() {
        connected("bob:iot:b", 5, "3");
        ConnectionId alice = connected("alice:iot:a", 4, null);
        adapter.subscribe(alice, "json/u/alice/reply");
        assertUnsupported(adapter.publish(alice, "json/im/send", SEND), "\"clientMessageId\":\"m\"");
        assertUnsupported(adapter.publish(alice, "json/im/call/time", "{\"requestId\":\"r\"}"), "\"requestId\":\"r\"");
        assertUnsupported(adapter.publish(alice, "json/im/call/pull", "{\"protocolVersion\":1}"));
        assertUnsupported(adapter.publish(
                alice, "json/im/read", "{\"peer\":{\"kind\":\"DIRECT\",\"id\":\"bob\"},\"seq\":\"1\"}"));
        assertUnsupported(adapter.publish(alice, "json/im/report/x", "{}"));
        assertThat(adapter.counters.value(MqttCounter.REQUESTS_VERSION_REFUSED)).isEqualTo(5);

        Acknowledge told = (Acknowledge) adapter.publish(alice, "json/im/call/time", "{\"protocolVersion\":2}");
        assertThat(new String(told.reply().payload(), StandardCharsets.UTF_8)).contains("\"protocolVersion\":1");
        assertDone(adapter.publish(alice, "json/im/send", SEND));
        assertDone(adapter.publish(alice, "json/im/call/pull", "{}"));

        assertUnsupported(adapter.publish(alice, "json/im/call/pull", "{\"protocolVersion\":1}"));
        assertUnsupported(adapter.publish(alice, "json/im/send", SEND));
        assertThat(adapter.ended).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pull", "history", "conversations", "members", "receipts", "time"})
    void everyCallTakesTheVersion(String method) {
        ConnectionId alice = connected("alice:iot:a", 4, null);
        assertUnsupported(adapter.publish(alice, "json/im/call/" + method, "{\"protocolVersion\":1}"));
        Acknowledge negative =
                (Acknowledge) adapter.publish(alice, "json/im/call/" + method, "{\"protocolVersion\":-1}");
        assertThat(negative.reasonCode()).isEqualTo(ErrorCode.MALFORMED.mqttReason());
        adapter.publish(alice, "json/im/call/" + method, "{\"protocolVersion\":2}");
        assertDone(adapter.publish(alice, "json/im/call/time", "{}"));
    }

    @Test
    void whoIsTooOldMayLogOut() {
        ConnectionId alice = connected("alice:iot:a", 4, null);
        assertThat(((Acknowledge) adapter.publish(alice, "json/im/logout", "{}")).thenClose())
                .isTrue();
    }

    @Test
    void whoIsBelowTheRecommendedVersionIsAskedOnceToUpdate() {
        ConnectionId alice = connected("alice:iot:a", 5, "2");
        assertThat(notices(alice)).isEmpty();
        adapter.subscribe(alice, "json/u/alice/inbox");
        assertThat(notices(alice)).isEmpty();
        adapter.subscribe(alice, "json/u/alice/#");
        adapter.subscribe(alice, "json/u/alice/notice");
        adapter.publish(alice, "json/im/call/time", "{\"protocolVersion\":2}");
        assertThat(notices(alice)).containsExactly("{\"update\":{\"recommendedVersion\":3,\"minimumVersion\":2}}");
        assertThat(adapter.counters.value(MqttCounter.UPDATES_ASKED)).isEqualTo(1);

        ConnectionId young = connected("bob:iot:b", 5, "3");
        adapter.subscribe(young, "u/bob/#");
        assertThat(notices(young)).isEmpty();
    }

    @Test
    void aVersionToldLaterIsReasonToAskToo() {
        ConnectionId alice = connected("alice:iot:a", 5, "3");
        adapter.subscribe(alice, "json/u/alice/#");
        assertThat(notices(alice)).isEmpty();
        assertDone(adapter.publish(alice, "json/im/call/time", "{\"protocolVersion\":2}"));
        assertThat(notices(alice)).hasSize(1);
    }

    @Test
    void clientsAreCountedByTheirVersionAsLongAsTheyAreThere() {
        connected("alice:iot:a", 5, "3");
        connected("bob:iot:b", 5, "3");
        ConnectionId old = connected("carol:iot:c", 4, null);
        ConnectionId far = connected("dave:iot:d", 5, "77");
        connected("eve:iot:e", 5, "8");
        assertThat(clients()).isEqualTo(Map.of("3", 2L, "1", 1L, "newer", 1L, "8", 1L));
        adapter.publish(old, "json/im/call/time", "{\"protocolVersion\":2}");
        adapter.hook.disconnected(far, DisconnectCause.CONNECTION_LOST, AdapterUnderTest.NOW, 0);
        assertThat(clients()).isEqualTo(Map.of("3", 2L, "2", 1L, "8", 1L));
    }

    @Test
    void theNextNodeKnowsTheVersionThatWasToldInConnect() {
        assertThat(resumed("alice:iot:a", 5, resumeOf("alice:iot:a", 5, "7"))).containsKey("7");
        ConnectionId young = adapter.nextConnection();
        assertThat(((Accept) connect(young, "bob:iot:b", 5, "2")).resume()).endsWith(" 2");
    }

    /** What it told in a call is known to no gate: the node that heard it has decided. */
    @Test
    void aClientOfMqtt311ThatAnotherNodeHasLetInIsBelieved() {
        String resume = resumeOf("alice:iot:a", 4, null);
        ConnectionId alice = adapter.nextConnection();
        resume(alice, "alice:iot:a", 4, resume);
        assertDone(adapter.publish(alice, "json/im/call/time", "{}"));
        assertThat(notices(alice)).isEmpty();
        assertUnsupported(adapter.publish(alice, "json/im/call/time", "{\"protocolVersion\":1}"));
    }

    private String resumeOf(String clientId, int level, String version) {
        ConnectionId id = adapter.nextConnection();
        String resume = ((Accept) connect(id, clientId, level, version)).resume();
        adapter.hook.disconnected(id, DisconnectCause.GATE_LOST, AdapterUnderTest.NOW, 0);
        return resume;
    }

    private Map<String, Long> resumed(String clientId, int level, String resume) {
        resume(adapter.nextConnection(), clientId, level, resume);
        return clients();
    }

    private void resume(ConnectionId id, String clientId, int level, String resume) {
        AdapterUnderTest.now(adapter.hook.resuming(new ResumeRequest(
                id,
                clientId,
                "127.0.0.1",
                level,
                0,
                10,
                Integer.MAX_VALUE,
                new Granted(List.of(new GrantedFilter("json/u/alice/#", 1, 0)), true, resume),
                AdapterUnderTest.NOW)));
    }
}
