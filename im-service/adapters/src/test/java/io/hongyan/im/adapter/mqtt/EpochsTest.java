package io.hongyan.im.adapter.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.broker.hook.ConnectVerdict.Accept;
import io.hongyan.broker.hook.ConnectionId;
import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.broker.hook.PublishVerdict.Acknowledge;
import io.hongyan.broker.hook.ResumeRequest;
import io.hongyan.broker.hook.ResumeVerdict;
import io.hongyan.broker.hook.UserProperty;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How clients are told the epoch of the data, and what becomes of them when it is another one. */
@Timeout(30)
final class EpochsTest {
    private static final String HELLO_ALICE =
            "{\"clientMessageId\":\"%s\",\"to\":{\"kind\":\"DIRECT\",\"id\":\"alice\"},"
                    + "\"content\":{\"text\":{\"text\":\"hi\"}}}";

    private final AdapterUnderTest adapter = new AdapterUnderTest(TopicAccess.OWN);

    private String epoch() {
        return adapter.messaging.data().current().id();
    }

    private void begin() {
        AdapterUnderTest.now(adapter.messaging.data().begin());
    }

    private List<String> payloads(ConnectionId client) {
        return adapter.sentTo(client).stream()
                .map(AdapterUnderTest.Sent::payload)
                .toList();
    }

    private String notice() {
        return "{\"dataEpoch\":{\"epoch\":\"" + epoch() + "\"}}";
    }

    private String answer(ConnectionId client, String method) {
        Acknowledge verdict = (Acknowledge) adapter.publish(client, "json/im/call/" + method, "{\"requestId\":\"r\"}");
        return new String(verdict.reply().payload(), StandardCharsets.UTF_8);
    }

    private ResumeVerdict resume(ConnectionId id, long loginAt) {
        CompletionStage<ResumeVerdict> stage = adapter.hook.resuming(new ResumeRequest(
                id,
                "alice:iot:a",
                "127.0.0.1",
                5,
                0,
                10,
                Integer.MAX_VALUE,
                new ResumeRequest.Granted(List.of(), true, Long.toString(loginAt)),
                AdapterUnderTest.NOW));
        adapter.runEventWriter();
        return AdapterUnderTest.now(stage);
    }

    @Test
    void connackTellsIt() {
        Accept accept = (Accept) adapter.connect("alice:iot:a", "alice", "alice", null);
        assertThat(accept.properties()).contains(new UserProperty("data_epoch", epoch()));
        ConnectionId alice = adapter.listening("alice:iot:a", "json/u/alice/#");
        assertThat(payloads(alice)).isEmpty();
    }

    @Test
    void aClientOfMqtt311IsToldOnceBeforeTheFirstEntryOfTheInbox() {
        ConnectionId bob = adapter.online("bob:iot:b");
        ConnectionId alice = adapter.online("alice:iot:a", 4, 3_600);
        adapter.publish(bob, "json/im/send", HELLO_ALICE.formatted("m1"));
        adapter.subscribe(alice, "json/u/alice/#");
        adapter.subscribe(alice, "json/u/alice/notice");

        assertThat(payloads(alice)).hasSize(2);
        assertThat(payloads(alice).get(0)).isEqualTo(notice());
        assertThat(payloads(alice).get(1)).contains("m1");
        assertThat(adapter.sentTo(alice).get(0).topic()).isEqualTo("json/u/alice/notice");

        // The filters are kept: delivery goes on without a SUBSCRIBE.
        adapter.hook.disconnected(alice, DisconnectCause.CONNECTION_LOST, AdapterUnderTest.NOW, 3_600);
        ConnectionId again = adapter.online("alice:iot:a", 4, 3_600);
        assertThat(payloads(again).get(0)).isEqualTo(notice());
        assertThat(payloads(again).get(1)).contains("m1");
    }

    @Test
    void whoTakesNoNoticesAsks() {
        ConnectionId alice = adapter.online("alice:iot:a", 4, 0);
        adapter.subscribe(alice, "json/u/alice/inbox", "json/u/alice/reply");
        assertThat(payloads(alice)).isEmpty();
        assertThat(answer(alice, "time")).contains("\"dataEpoch\":\"" + epoch() + "\"");
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void callsTellIt(int level) {
        ConnectionId alice = adapter.online("alice:iot:a", level, 0);
        adapter.subscribe(alice, "json/u/alice/reply");
        for (String method : new String[] {"pull", "conversations", "time"}) {
            assertThat(answer(alice, method)).as(method).contains("\"dataEpoch\":\"" + epoch() + "\"");
        }
        Acknowledge only = (Acknowledge) adapter.publish(
                alice,
                "json/im/call/conversations",
                "{\"requestId\":\"r\",\"only\":[{\"kind\":\"DIRECT\",\"id\":\"bob\"}]}");
        assertThat(new String(only.reply().payload(), StandardCharsets.UTF_8))
                .contains("\"dataEpoch\":\"" + epoch() + "\"");
    }

    @Test
    void anotherEpochClosesEveryConnectionWithAReason() {
        ConnectionId alice = adapter.listening("alice:iot:a", "json/u/alice/#");
        ConnectionId bob = adapter.online("bob:ios:b", 4, 0);
        String first = epoch();

        begin();

        assertThat(adapter.ended)
                .containsExactlyInAnyOrder(alice + " ADMINISTRATIVE_ACTION", bob + " ADMINISTRATIVE_ACTION");
        assertThat(payloads(alice))
                .singleElement()
                .satisfies(payload -> assertThat(payload).contains("\"why\":\"DATA_CHANGED\""));
        Accept back = (Accept) adapter.connect("carol:iot:c", "carol", "carol", null);
        assertThat(epoch()).isNotEqualTo(first);
        assertThat(back.properties()).contains(new UserProperty("data_epoch", epoch()));
    }

    /** What is read for a connection that is closed must not look as if it was of the new epoch. */
    @Test
    void aConnectionIsToldOneEpochOnly() {
        ConnectionId alice = adapter.online("alice:iot:a");
        adapter.subscribe(alice, "json/u/alice/reply");
        String first = epoch();
        begin();
        assertThat(answer(alice, "pull")).contains("\"dataEpoch\":\"" + first + "\"");
    }

    @ParameterizedTest
    @CsvSource({"-60000, true", "59999, true", "60000, false"})
    void whoStayedAtTheGateAndMayHaveBeenToldAnEarlierOneIsClosed(long loggedInAfter, boolean closed) {
        begin();
        ConnectionId alice = adapter.nextConnection();
        assertThat(resume(alice, AdapterUnderTest.NOW + loggedInAfter))
                .isEqualTo(
                        closed
                                ? new ResumeVerdict.Close(DisconnectCause.ADMINISTRATIVE_ACTION)
                                : new ResumeVerdict.GoOn());
        assertThat(adapter.counters.value(MqttCounter.RESUMES_OUTDATED)).isEqualTo(closed ? 1 : 0);
        if (!closed) {
            adapter.subscribe(alice, "json/u/alice/reply");
            assertThat(answer(alice, "time")).contains("\"dataEpoch\":\"" + epoch() + "\"");
        }
    }
}
