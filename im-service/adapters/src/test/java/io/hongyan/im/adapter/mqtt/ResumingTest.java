package io.hongyan.im.adapter.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.broker.hook.ConnectionId;
import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.broker.hook.GrantedFilter;
import io.hongyan.broker.hook.ResumeRequest;
import io.hongyan.broker.hook.ResumeRequest.Granted;
import io.hongyan.broker.hook.ResumeVerdict;
import io.hongyan.im.core.session.ConnectedClients.Filter;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that stayed connected to a gate while this node came. */
@Timeout(30)
final class ResumingTest {
    private static final String HELLO_BOB = "{\"clientMessageId\":\"%s\",\"to\":{\"kind\":\"DIRECT\",\"id\":\"bob\"},"
            + "\"content\":{\"text\":{\"text\":\"hi\"}}}";
    private static final String EARLIER = Long.toString(AdapterUnderTest.NOW - 60_000);

    private static final String ADDRESS = "192.0.2.7";

    private final AdapterUnderTest adapter = new AdapterUnderTest(TopicAccess.OWN);

    private ResumeVerdict resume(ConnectionId id, String clientId, String resume, long expiry, String... filters) {
        CompletionStage<ResumeVerdict> stage = adapter.hook.resuming(new ResumeRequest(
                id,
                clientId,
                ADDRESS,
                5,
                expiry,
                10,
                Integer.MAX_VALUE,
                new Granted(
                        List.of(filters).stream()
                                .map(filter -> new GrantedFilter(filter, 1, 0))
                                .toList(),
                        true,
                        resume),
                AdapterUnderTest.NOW));
        adapter.runEventWriter();
        return AdapterUnderTest.now(stage);
    }

    private void sendToBob(ConnectionId from, String id) {
        adapter.publish(from, "json/im/send", HELLO_BOB.formatted(id));
    }

    @Test
    void deliveryGoesOnAfterTheCursorAndAnswersAreGiven() {
        ConnectionId alice = adapter.online("alice:iot:a");
        ConnectionId bob = adapter.online("bob:iot:b", 5, 3_600);
        adapter.subscribe(bob, "u/bob/inbox", "t/bob/x");
        sendToBob(alice, "m1");
        adapter.hook.delivered(bob, adapter.sentTo(bob).get(0).token());
        // As the node sees it when the link breaks; the client notices nothing.
        adapter.hook.disconnected(bob, DisconnectCause.CONNECTION_LOST, AdapterUnderTest.NOW, 3_600);
        adapter.messaging.flush();
        sendToBob(alice, "m2");
        adapter.sent.clear();

        assertThat(resume(bob, "bob:iot:b", EARLIER, 3_600, "u/bob/inbox")).isEqualTo(new ResumeVerdict.GoOn());
        assertThat(new MqttClients(adapter.downlink).page(new Filter("bob", null, null, ADDRESS), null, 9))
                .as("operators see the address that the gate knows")
                .hasSize(1);
        assertThat(adapter.sentTo(bob)).singleElement().satisfies(sent -> {
            assertThat(sent.topic()).isEqualTo("u/bob/inbox");
            assertThat(sent.token()).as("tokens begin anew").isZero();
            assertThat(sent.payload()).contains("m2");
        });
        assertThat(adapter.unsubscribe(bob, "t/bob/x")).containsExactly(0);
        assertThat(adapter.counters.value(MqttCounter.RESUMED)).isEqualTo(1);
    }

    @Test
    void aLaterLoginWinsOverOneThatIsResumed() {
        ConnectionId later = adapter.online("alice:ios:new");
        ConnectionId earlier = adapter.nextConnection();
        assertThat(resume(earlier, "alice:android:old", EARLIER, 0, "u/alice/#"))
                .isEqualTo(new ResumeVerdict.GoOn());
        assertThat(adapter.ended).containsExactly(earlier + " SESSION_TAKEN_OVER");
        assertThat(adapter.messaging.sessions().logins().of("alice"))
                .extracting(session -> session.connection().number())
                .containsExactly(later.number());
    }

    /** The clock of the node that granted the older login was far ahead. */
    @Test
    void theStampThatAGateTakesAlongCountsMoreThanTheTimeOfTheLogin() {
        ConnectionId later = adapter.online("alice:ios:new");
        ConnectionId earlier = adapter.nextConnection();
        String resume = (AdapterUnderTest.NOW + 300_000) + " " + (AdapterUnderTest.NOW - 60_000) * 1_000;
        assertThat(resume(earlier, "alice:android:old", resume, 0)).isEqualTo(new ResumeVerdict.GoOn());
        assertThat(adapter.ended).containsExactly(earlier + " SESSION_TAKEN_OVER");
        assertThat(adapter.messaging.sessions().logins().of("alice"))
                .extracting(session -> session.connection().number())
                .containsExactly(later.number());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "7 ", "7 8 9", "-5", "yesterday", "99999999999999999999"})
    void whatNoNodeHasGivenIsRefused(String resume) {
        assertThat(resume(adapter.nextConnection(), "alice:iot:a", resume, 0))
                .isEqualTo(new ResumeVerdict.Close(DisconnectCause.NOT_AUTHORIZED));
        assertThat(adapter.messaging.sessions().logins().openSessions()).isZero();
    }

    @Test
    void aClientWithoutMessagingRightsStays() {
        CompletionStage<ResumeVerdict> stage = adapter.hook.resuming(new ResumeRequest(
                adapter.nextConnection(), "anything", "", 4, 0, 10, 100, new Granted(List.of(), false, ""), 1));
        assertThat(AdapterUnderTest.now(stage)).isEqualTo(new ResumeVerdict.GoOn());
        assertThat(adapter.messaging.sessions().logins().openSessions()).isZero();
    }
}
