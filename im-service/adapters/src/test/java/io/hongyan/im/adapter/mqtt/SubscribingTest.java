package io.hongyan.im.adapter.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.broker.hook.ConnectionId;
import io.hongyan.broker.hook.GrantedFilter;
import io.hongyan.broker.hook.SubscriptionChange.Subscribe;
import io.hongyan.im.adapter.mqtt.AdapterUnderTest.Sent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class SubscribingTest {
    private static final String HELLO_BOB = "{\"clientMessageId\":\"%s\",\"to\":{\"kind\":\"DIRECT\",\"id\":\"bob\"},"
            + "\"content\":{\"text\":{\"text\":\"hi\"}}}";

    private final AdapterUnderTest adapter = new AdapterUnderTest(TopicAccess.OWN);

    @Test
    void theOwnTreeIsGrantedAtMostQosOne() {
        ConnectionId bob = adapter.online("bob:iot:b");
        assertThat(adapter.subscribe(bob, 2, "u/bob/#", "u/bob/inbox", "u/bob/+", "u/bob/group/g", "t/bob/x"))
                .containsExactly(1, 1, 1, 1, 2);
        assertThat(adapter.subscribe(bob, 0, "u/bob/reply")).containsExactly(0);
    }

    @Test
    void everythingElseIsRefused() {
        ConnectionId bob = adapter.online("bob:iot:b");
        assertThat(adapter.subscribe(
                        bob,
                        "u/alice/inbox",
                        "u/+/inbox",
                        "u/#",
                        "u/bob",
                        "#",
                        "+/bob/inbox",
                        "json/#",
                        "json/u/alice/inbox",
                        "$share/g/u/bob/inbox",
                        "im/send",
                        "im/#",
                        "room/r",
                        "t/alice/x",
                        "t/#",
                        "other"))
                .containsOnly(0x87);
        assertThat(adapter.counters.value(MqttCounter.FILTERS_FOREIGN)).isEqualTo(15);
        assertThat(adapter.subscribe(bob, "u/bob/in#box", "u/bob/#/x", "u/bob/a+"))
                .containsOnly(0x8F);
    }

    @Test
    void openAccessGivesAllGenericTopicsAndNothingOfMessaging() {
        AdapterUnderTest open = new AdapterUnderTest(TopicAccess.OPEN);
        ConnectionId bob = open.online("bob:iot:b");
        assertThat(open.subscribe(bob, "#", "a/b", "t/alice/x", "$share/g/a", "u/bob/inbox"))
                .containsOnly(1);
        assertThat(open.subscribe(bob, "u/alice/inbox", "$share/g/u/bob/inbox", "im/send", "u", "json"))
                .containsOnly(0x87);
    }

    @Test
    void oneFormPerDevice() {
        ConnectionId bob = adapter.online("bob:iot:b");
        assertThat(adapter.subscribe(bob, "u/bob/inbox", "json/u/bob/inbox")).containsExactly(1, 0x83);
        assertThat(adapter.counters.value(MqttCounter.FILTERS_FORM_MIXED)).isEqualTo(1);
        assertThat(adapter.unsubscribe(bob, "u/bob/inbox", "u/bob/reply")).containsExactly(0, 0x11);
        assertThat(adapter.subscribe(bob, "json/u/bob/inbox")).containsExactly(1);
    }

    @Test
    void theInboxIsPushedToWhatCoversItAndOnlyOnce() {
        for (String filter : List.of("u/bob/#", "u/bob/+", "u/bob/inbox", "u/bob/inbox/#", "u/bob/+/#")) {
            AdapterUnderTest fresh = new AdapterUnderTest(TopicAccess.OWN);
            ConnectionId bob = fresh.listening("bob:iot:b", filter, "u/bob/inbox");
            send(fresh, "m");
            assertThat(fresh.sentTo(bob)).as(filter).extracting(Sent::topic).containsExactly("u/bob/inbox");
        }
        ConnectionId bob = adapter.listening("bob:iot:b", "u/bob/reply", "u/bob/notice", "u/bob/x/#");
        send(adapter, "m");
        assertThat(adapter.sentTo(bob)).isEmpty();
    }

    @Test
    void entriesComeInTheFormOfTheFilter() {
        ConnectionId binary = adapter.listening("bob:iot:b", "u/bob/inbox");
        ConnectionId json = adapter.listening("bob:iot:j", "json/u/bob/#");
        send(adapter, "m");
        assertThat(adapter.sentTo(json)).singleElement().satisfies(push -> {
            assertThat(push.topic()).isEqualTo("json/u/bob/inbox");
            assertThat(push.payload()).startsWith("{\"seq\":\"1\",\"message\":{\"from\":\"alice\"");
            assertThat(push.qos()).isEqualTo(1);
        });
        assertThat(adapter.sentTo(binary))
                .singleElement()
                .satisfies(push -> assertThat(push.bytes()[0]).isEqualTo((byte) 8));
    }

    @Test
    void withoutAFilterNothingIsPushedAndANewOneGoesOnFromTheCursor() {
        ConnectionId bob = adapter.listening("bob:iot:b", "json/u/bob/inbox");
        send(adapter, "m1");
        send(adapter, "m2");
        long first = adapter.sentTo(bob).get(0).token();
        adapter.hook.delivered(bob, first);
        adapter.unsubscribe(bob, "json/u/bob/inbox");
        send(adapter, "m3");
        assertThat(adapter.sentTo(bob)).hasSize(2);

        adapter.subscribe(bob, "json/u/bob/inbox");
        assertThat(adapter.sentTo(bob))
                .extracting(push -> push.payload().substring(0, 10))
                .containsExactly("{\"seq\":\"1\"", "{\"seq\":\"2\"", "{\"seq\":\"2\"", "{\"seq\":\"3\"");
        assertThat(adapter.sentTo(bob)).extracting(Sent::token).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aLateAcknowledgementOfAnEndedPushMovesNothing() {
        ConnectionId bob = adapter.listening("bob:iot:b", "json/u/bob/inbox");
        send(adapter, "m1");
        long old = adapter.sentTo(bob).get(0).token();
        adapter.unsubscribe(bob, "json/u/bob/inbox");
        adapter.subscribe(bob, "json/u/bob/inbox");
        adapter.hook.delivered(bob, old);
        adapter.unsubscribe(bob, "json/u/bob/inbox");
        adapter.subscribe(bob, "json/u/bob/inbox");
        assertThat(adapter.sentTo(bob)).hasSize(3);
    }

    @Test
    void atQosZeroTheCursorStaysWhereItIs() {
        ConnectionId bob = adapter.online("bob:iot:b");
        adapter.subscribe(bob, 0, "json/u/bob/inbox");
        send(adapter, "m1");
        adapter.hook.delivered(bob, adapter.sentTo(bob).get(0).token());
        adapter.subscribe(bob, 1, "json/u/bob/inbox");
        assertThat(adapter.sentTo(bob)).extracting(Sent::qos).containsExactly(0, 1);
    }

    @Test
    void filtersOfAKeptSessionAreStoredBeforeTheAnswerInOrder() {
        ConnectionId bob = adapter.online("bob:iot:b", 5, 3_600);
        List<Runnable> later = new ArrayList<>();
        adapter.blocking = later::add;
        var first = adapter.hook.subscribing(bob, new Subscribe(List.of(new GrantedFilter("u/bob/inbox", 1, 0))));
        var second = adapter.hook.subscribing(bob, new Subscribe(List.of(new GrantedFilter("u/bob/reply", 1, 0))));
        assertThat(first.toCompletableFuture()).isNotDone();
        assertThat(later).hasSize(1);
        later.remove(0).run();
        assertThat(first.toCompletableFuture()).isCompleted();
        assertThat(second.toCompletableFuture()).isNotDone();
        while (!later.isEmpty()) {
            later.remove(0).run();
        }
        assertThat(second.toCompletableFuture()).isCompleted();
    }

    @Test
    void filtersThatCannotBeKeptAreNotGranted() {
        ConnectionId bob = adapter.online("bob:iot:b", 5, 3_600);
        adapter.blocking = work -> {
            throw new RejectedExecutionException();
        };
        CompletableFuture<?> answer = adapter.hook
                .subscribing(bob, new Subscribe(List.of(new GrantedFilter("u/bob/inbox", 1, 0))))
                .toCompletableFuture();
        assertThat(answer).isCompletedExceptionally();
    }

    @Test
    void aConnectionWhoseInboxCannotBeReadIsClosed() {
        ConnectionId bob = adapter.online("bob:iot:b");
        adapter.blocking = work -> {
            throw new RejectedExecutionException();
        };
        assertThat(adapter.subscribe(bob, "u/bob/inbox")).containsExactly(1);
        assertThat(adapter.ended).containsExactly(bob + " SERVER_BUSY");
        assertThat(adapter.counters.value(MqttCounter.INBOX_STARTS_FAILED)).isEqualTo(1);
    }

    private static void send(AdapterUnderTest adapter, String id) {
        adapter.publish(adapter.online("alice:iot:a"), "json/im/send", String.format(HELLO_BOB, id));
    }
}
