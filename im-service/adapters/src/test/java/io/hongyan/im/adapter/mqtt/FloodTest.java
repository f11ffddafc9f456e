package io.hongyan.im.adapter.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.broker.hook.ConnectVerdict;
import io.hongyan.broker.hook.ConnectionId;
import io.hongyan.broker.hook.FilterVerdict;
import io.hongyan.broker.hook.GrantedFilter;
import io.hongyan.broker.hook.PublishRequest;
import io.hongyan.broker.hook.PublishVerdict;
import io.hongyan.broker.hook.SubscriptionChange;
import io.hongyan.broker.hook.SubscriptionChange.Subscribe;
import io.hongyan.broker.hook.SubscriptionChange.Unsubscribe;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One client asks for more than the threads can do: it waits for its answers, and others hardly notice. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
final class FloodTest {
    private static final int FLOOD = 1_000;
    /** Pieces of work of the flood that may be done before somebody else's: what has a thread already, and a turn each. */
    private static final int TURNS_MAX = 30;

    private final AdapterUnderTest adapter = new AdapterUnderTest(TopicAccess.OWN);
    private final Queue<Runnable> threads = new ArrayDeque<>();
    private ConnectionId eve;
    private ConnectionId bob;

    @BeforeEach
    void logIn() {
        eve = adapter.online("eve:iot:flood");
        bob = adapter.listening("bob:iot:b", "json/u/bob/reply");
        adapter.blocking = threads::add;
    }

    private CompletionStage<PublishVerdict> ask(ConnectionId connection, String topic, String json) {
        return adapter.hook.publishing(new PublishRequest(connection, topic, json.getBytes(StandardCharsets.UTF_8), 1));
    }

    private int turnsUntil(BooleanSupplier done) {
        int turns = 0;
        while (!done.getAsBoolean()) {
            threads.remove().run();
            adapter.runEventWriter();
            turns++;
        }
        return turns;
    }

    private static BooleanSupplier done(CompletionStage<?> stage) {
        return stage.toCompletableFuture()::isDone;
    }

    @Test
    void aFloodOfSignalsOrCallsIsAnsweredWhenItIsDoneAndDelaysNobody() {
        for (String[] flood : new String[][] {
            {"json/im/signal", "{\"to\":{\"kind\":\"GROUP\",\"id\":\"g\"},\"typing\":{}}"},
            {"json/im/call/pull", "{}"},
            {"json/im/call/conversations", "{}"},
            {"json/im/call/history", "{\"peer\":{\"kind\":\"DIRECT\",\"id\":\"bob\"}}"},
            {"json/im/call/members", "{\"peer\":{\"kind\":\"GROUP\",\"id\":\"g\"}}"},
            {"json/im/read", "{\"peer\":{\"kind\":\"DIRECT\",\"id\":\"bob\"},\"seq\":1}"}
        }) {
            List<CompletionStage<PublishVerdict>> answers = new ArrayList<>();
            for (int i = 0; i < FLOOD; i++) {
                answers.add(ask(eve, flood[0], flood[1]));
            }
            assertThat(answers).as(flood[0]).noneMatch(answer -> done(answer).getAsBoolean());

            assertThat(turnsUntil(done(ask(bob, "json/im/call/pull", "{}"))))
                    .as(flood[0])
                    .isLessThan(TURNS_MAX);
            assertThat(turnsUntil(done(logIn("ann")))).as(flood[0]).isLessThan(TURNS_MAX);
            assertThat(answers).as(flood[0]).anyMatch(answer -> !done(answer).getAsBoolean());

            turnsUntil(threads::isEmpty);
            assertThat(answers).as(flood[0]).allMatch(answer -> done(answer).getAsBoolean());
        }
    }

    @Test
    void whoChangesFiltersInARowWaitsForWhatTheyBegin() {
        List<CompletionStage<List<FilterVerdict>>> answers = new ArrayList<>();
        for (int i = 0; i < FLOOD; i++) {
            SubscriptionChange change = i % 2 == 0
                    ? new Subscribe(List.of(new GrantedFilter("u/eve/#", 1, 0)))
                    : new Unsubscribe(List.of("u/eve/#"));
            answers.add(adapter.hook.subscribing(eve, change));
        }
        assertThat(answers).filteredOn(answer -> done(answer).getAsBoolean()).hasSizeLessThan(3);
        assertThat(threads).as("work that one client has begun").hasSizeLessThan(5);

        assertThat(turnsUntil(done(logIn("ann")))).isLessThan(TURNS_MAX);
        turnsUntil(threads::isEmpty);
        assertThat(answers).allMatch(answer -> done(answer).getAsBoolean());
    }

    private CompletionStage<ConnectVerdict> logIn(String uid) {
        ConnectionId id = adapter.nextConnection();
        CompletionStage<ConnectVerdict> verdict =
                adapter.hook.connecting(adapter.request(id, uid + ":iot:x", uid, uid, null));
        CompletableFuture<ConnectVerdict> accepted = new CompletableFuture<>();
        verdict.thenAccept(given -> {
            assertThat(given).isInstanceOf(ConnectVerdict.Accept.class);
            accepted.complete(given);
        });
        return accepted;
    }
}
