package io.hongyan.broker.hook.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hongyan.broker.hook.ConnectionId;
import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.broker.hook.GateRouter;
import io.hongyan.broker.hook.PublishRequest;
import io.hongyan.broker.hook.PublishVerdict;
import io.hongyan.broker.hook.PublishVerdict.Acknowledge;
import io.hongyan.broker.hook.PublishVerdict.CloseUnanswered;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A publish that a node cannot handle costs whoever sent it, and nobody else. */
@Timeout(60)
class PoisonedPublishTest {
    private static final CloseUnanswered CLOSED = new CloseUnanswered(DisconnectCause.IMPLEMENTATION_SPECIFIC_ERROR);

    private final Links links = new Links();
    private final RecordingControl broker = new RecordingControl();

    @AfterEach
    void close() {
        links.close();
    }

    private static PublishRequest publish(long connection, String payload) {
        return new PublishRequest(
                new ConnectionId(Links.GATE, connection), "im/send", payload.getBytes(StandardCharsets.UTF_8), 1);
    }

    private static boolean isPoison(PublishRequest request) {
        return new String(request.payload(), StandardCharsets.UTF_8).equals("poison");
    }

    @Test
    void anErrorWhileOneIsHandledAnswersThatOneAndTheLinkStays() throws Exception {
        AnsweringHook host = new AnsweringHook(broker) {
            @Override
            public CompletionStage<PublishVerdict> publishing(PublishRequest request) {
                if (isPoison(request)) {
                    throw new StackOverflowError();
                }
                return super.publishing(request);
            }

            @Override
            public void delivered(ConnectionId connection, long delivered) {
                throw new StackOverflowError();
            }
        };
        LinkCounters counted = new LinkCounters();
        GateLinks node = links.node(0, host, new GateRouter(), Links.QUICK, null, counted);
        HostLink gate = Links.up(links.gate(Links.GATE, broker, new RecordingPresence(), Links.QUICK, node.port()));
        CompletionStage<PublishVerdict> poison = gate.publishing(publish(1, "poison"));
        gate.delivered(new ConnectionId(Links.GATE, 1), 7);
        assertThat(gate.publishing(publish(2, "hello")).toCompletableFuture().get(20, TimeUnit.SECONDS))
                .isEqualTo(Acknowledge.plain());
        assertThatThrownBy(() -> poison.toCompletableFuture().get(20, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class);
        assertThat(counted.value(LinkCounter.ITEMS_FAILED)).isEqualTo(2);
        assertThat(gate.up()).isTrue();
    }

    /** Whatever breaks a link while it is handled: here the node takes itself for one that stood still. */
    @Test
    void oneThatBreaksEveryLinkIsNotAskedWithoutEnd() throws Exception {
        AtomicInteger poisonSeen = new AtomicInteger();
        AnsweringHook host = new AnsweringHook(broker) {
            @Override
            public CompletionStage<PublishVerdict> publishing(PublishRequest request) {
                if (isPoison(request)) {
                    poisonSeen.incrementAndGet();
                    links.standstills.incrementAndGet();
                }
                return super.publishing(request);
            }
        };
        GateLinks node = links.node(host, new GateRouter(), Links.QUICK);
        LinkCounters counted = new LinkCounters();
        AskingPresence presence = new AskingPresence();
        HostLink gate = links.gate(Links.GATE, broker, presence, Links.QUICK, null, counted, node.port());
        presence.gate = gate;
        Links.up(gate);
        presence.ask(publish(1, "poison"));
        for (int i = 2; i < 50; i++) {
            presence.ask(publish(i, "hello " + i));
        }
        await().atMost(Duration.ofSeconds(40)).until(() -> presence.verdicts().size() == 49);
        Map<Long, PublishVerdict> verdicts = presence.verdicts();
        assertThat(verdicts.remove(1L)).isEqualTo(CLOSED);
        assertThat(verdicts.values()).hasSize(48).containsOnly(Acknowledge.plain());
        assertThat(poisonSeen).hasValue(SuspectPublishes.BREAKS_MAX);
        Links.up(gate);

        assertThat(gate.publishing(publish(77, "poison")).toCompletableFuture().get(20, TimeUnit.SECONDS))
                .as("sent again by its client, on another connection")
                .isEqualTo(CLOSED);
        assertThat(gate.publishing(publish(78, "other")).toCompletableFuture().get(20, TimeUnit.SECONDS))
                .isEqualTo(Acknowledge.plain());
        assertThat(poisonSeen).hasValue(SuspectPublishes.BREAKS_MAX);
        assertThat(counted.value(LinkCounter.PUBLISHES_NOT_ASKED)).isEqualTo(2);
    }

    @Test
    void suspicionEndsWithAnAnswerOrAfterAWhile() {
        AtomicLong nanos = new AtomicLong();
        SuspectPublishes suspects = new SuspectPublishes(new LinkCounters(), nanos::get);
        List<CompletableFuture<PublishVerdict>> asked = new ArrayList<>();
        PublishRequest one = publish(1, "one");
        PublishRequest two = publish(2, "two");
        suspects.linkEnded(List.of(one, two));
        suspects.linkEnded(List.of(one, two));
        for (PublishRequest request : List.of(one, two)) {
            suspects.ask(request, given -> {
                CompletableFuture<PublishVerdict> verdict = new CompletableFuture<>();
                asked.add(verdict);
                return verdict;
            });
        }
        assertThat(asked).as("one at a time").hasSize(1);
        asked.get(0).complete(Acknowledge.plain());
        assertThat(asked).hasSize(2);
        suspects.linkEnded(List.of(two));
        assertThat(suspects.ask(one, given -> new CompletableFuture<>()).toCompletableFuture())
                .isNotDone();
        assertThat(suspects.ask(two, given -> new CompletableFuture<>()).toCompletableFuture())
                .isCompletedWithValue(CLOSED);
        nanos.addAndGet(TimeUnit.MINUTES.toNanos(11));
        assertThat(suspects.ask(two, given -> new CompletableFuture<>()).toCompletableFuture())
                .isNotDone();
    }

    /** Asks again what is unanswered whenever a link is there, as a broker does. */
    private static final class AskingPresence extends RecordingPresence {
        private final Map<Long, PublishRequest> unanswered = new HashMap<>();
        private final Map<Long, PublishVerdict> verdicts = new HashMap<>();
        private volatile HostLink gate;

        synchronized void ask(PublishRequest request) {
            unanswered.put(request.connection().number(), request);
            askNow(request);
        }

        private void askNow(PublishRequest request) {
            gate.publishing(request).whenComplete((verdict, failure) -> answered(request, verdict));
        }

        private synchronized void answered(PublishRequest request, PublishVerdict verdict) {
            if (verdict != null && unanswered.remove(request.connection().number(), request)) {
                verdicts.put(request.connection().number(), verdict);
            }
        }

        synchronized Map<Long, PublishVerdict> verdicts() {
            return new HashMap<>(verdicts);
        }

        @Override
        public void back() {
            super.back();
            List<PublishRequest> again;
            synchronized (this) {
                again = List.copyOf(unanswered.values());
            }
            again.forEach(this::askNow);
        }
    }
}
