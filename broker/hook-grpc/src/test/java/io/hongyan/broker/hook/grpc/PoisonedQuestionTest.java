package io.hongyan.broker.hook.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hongyan.broker.hook.ConnectRequest;
import io.hongyan.broker.hook.ConnectRequest.ClientLimits;
import io.hongyan.broker.hook.ConnectRequest.Credentials;
import io.hongyan.broker.hook.ConnectRequest.SessionTerms;
import io.hongyan.broker.hook.ConnectVerdict;
import io.hongyan.broker.hook.ConnectionId;
import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.broker.hook.FilterVerdict;
import io.hongyan.broker.hook.GateRouter;
import io.hongyan.broker.hook.GrantedFilter;
import io.hongyan.broker.hook.PublishRequest;
import io.hongyan.broker.hook.PublishVerdict;
import io.hongyan.broker.hook.PublishVerdict.Acknowledge;
import io.hongyan.broker.hook.PublishVerdict.CloseUnanswered;
import io.hongyan.broker.hook.ResumeRequest;
import io.hongyan.broker.hook.ResumeRequest.Granted;
import io.hongyan.broker.hook.ResumeVerdict;
import io.hongyan.broker.hook.SubscriptionChange;
import io.hongyan.broker.hook.grpc.v1.Item;
import io.hongyan.metrics.Counters;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A question that a node cannot handle costs the client it is from, and nobody else. */
@Timeout(60)
class PoisonedQuestionTest {
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
        AnsweringHook hook = new AnsweringHook(broker) {
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
        Counters<LinkCounter> counted = new Counters<>(LinkCounter.class);
        GateLinks node = links.node(0, hook, new GateRouter(), Links.QUICK, null, counted);
        NodeLink gate = Links.up(links.gate(Links.GATE, broker, new RecordingPresence(), Links.QUICK, node.port()));
        CompletionStage<PublishVerdict> poison = gate.publishing(publish(1, "poison"));
        gate.delivered(new ConnectionId(Links.GATE, 1), 7);
        assertThat(gate.publishing(publish(2, "hello")).toCompletableFuture().get(20, TimeUnit.SECONDS))
                .isEqualTo(Acknowledge.plain());
        assertThatThrownBy(() -> poison.toCompletableFuture().get(20, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class);
        assertThat(counted.value(LinkCounter.ITEMS_FAILED)).isEqualTo(2);
        assertThat(gate.up()).isTrue();
    }

    /** What a gate asks a node, so that the node sees {@code what}; a connection's number is another one each time. */
    enum Kind {
        CONNECT {
            @Override
            CompletionStage<?> ask(NodeLink gate, long connection, String what) {
                return gate.connecting(new ConnectRequest(
                        id(connection),
                        what,
                        5,
                        new Credentials(what, null),
                        SessionTerms.CLEAN,
                        new ClientLimits(64, 1 << 20, 60),
                        null,
                        "10.0.0." + connection,
                        List.of()));
            }

            @Override
            boolean isClosed(Object answer) {
                return answer instanceof ConnectVerdict.Refuse;
            }
        },
        SUBSCRIBE {
            @Override
            CompletionStage<?> ask(NodeLink gate, long connection, String what) {
                return gate.subscribing(
                        id(connection), new SubscriptionChange.Subscribe(List.of(new GrantedFilter(what, 1, 0))));
            }

            @Override
            boolean isClosed(Object answer) {
                return answer instanceof IllegalStateException;
            }
        },
        UNSUBSCRIBE {
            @Override
            CompletionStage<?> ask(NodeLink gate, long connection, String what) {
                return gate.subscribing(id(connection), new SubscriptionChange.Unsubscribe(List.of(what)));
            }

            @Override
            boolean isClosed(Object answer) {
                return answer instanceof IllegalStateException;
            }
        },
        RESUME {
            @Override
            CompletionStage<?> ask(NodeLink gate, long connection, String what) {
                return gate.resuming(new ResumeRequest(
                        id(connection),
                        what,
                        "127.0.0.1",
                        5,
                        0,
                        64,
                        1_000,
                        new Granted(List.of(), true, ""),
                        1_000 + asked.incrementAndGet()));
            }

            @Override
            boolean isClosed(Object answer) {
                return answer.equals(new ResumeVerdict.Close(DisconnectCause.IMPLEMENTATION_SPECIFIC_ERROR));
            }
        },
        PUBLISH {
            @Override
            CompletionStage<?> ask(NodeLink gate, long connection, String what) {
                return gate.publishing(publish(connection, what));
            }

            @Override
            boolean isClosed(Object answer) {
                return answer.equals(CLOSED);
            }
        };

        /** A client's last packet is another one each time. */
        private static final AtomicInteger asked = new AtomicInteger();

        abstract CompletionStage<?> ask(NodeLink gate, long connection, String what);

        /** @param answer or why there is none */
        abstract boolean isClosed(Object answer);

        private static ConnectionId id(long number) {
            return new ConnectionId(Links.GATE, number);
        }
    }

    /** Whatever breaks a link while it is handled: here the node takes itself for one that stood still. */
    private final class BreakingHook extends AnsweringHook {
        private final AtomicInteger poisonSeen = new AtomicInteger();

        BreakingHook() {
            super(broker);
        }

        private void see(String what) {
            if (what.equals("poison")) {
                poisonSeen.incrementAndGet();
                links.fencingEpoch.incrementAndGet();
            }
        }

        @Override
        public CompletionStage<ConnectVerdict> connecting(ConnectRequest request) {
            see(request.clientId());
            return super.connecting(request);
        }

        @Override
        public CompletionStage<List<FilterVerdict>> subscribing(ConnectionId connection, SubscriptionChange change) {
            see(
                    change instanceof SubscriptionChange.Subscribe subscribe
                            ? subscribe.filters().get(0).filter()
                            : ((SubscriptionChange.Unsubscribe) change)
                                    .filters()
                                    .get(0));
            return super.subscribing(connection, change);
        }

        @Override
        public CompletionStage<PublishVerdict> publishing(PublishRequest request) {
            see(new String(request.payload(), StandardCharsets.UTF_8));
            return super.publishing(request);
        }

        @Override
        public CompletionStage<ResumeVerdict> resuming(ResumeRequest request) {
            see(request.clientId());
            return super.resuming(request);
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneThatBreaksEveryLinkIsNotAskedWithoutEnd(Kind kind) throws Exception {
        BreakingHook hook = new BreakingHook();
        GateLinks node = links.node(hook, new GateRouter(), Links.QUICK);
        Counters<LinkCounter> counted = new Counters<>(LinkCounter.class);
        AskingPresence presence = new AskingPresence(kind);
        NodeLink gate = links.gate(Links.GATE, broker, presence, Links.QUICK, null, counted, node.port());
        presence.gate = gate;
        Links.up(gate);
        presence.ask("poison");
        List<String> others = new ArrayList<>();
        for (Kind other : Kind.values()) {
            for (int i = 0; i < 10; i++) {
                others.add(other + "/" + i);
                presence.ask(other, other + "/" + i);
            }
        }
        await().atMost(Duration.ofSeconds(40)).until(() -> presence.answers().size() == 51);
        Map<String, Object> answers = presence.answers();
        assertThat(kind.isClosed(answers.get("poison")))
                .as("%s", answers.get("poison"))
                .isTrue();
        for (String other : others) {
            Kind itsKind = Kind.valueOf(other.substring(0, other.indexOf('/')));
            assertThat(itsKind.isClosed(answers.get(other)))
                    .as("%s: %s", other, answers.get(other))
                    .isFalse();
        }
        assertThat(hook.poisonSeen).hasValue(SuspectQuestions.BREAKS_MAX);
        Links.up(gate);

        presence.ask("poison");
        presence.ask("other");
        await().atMost(Duration.ofSeconds(20)).until(() -> presence.answers().containsKey("other"));
        assertThat(kind.isClosed(presence.answers().get("poison")))
                .as("asked again by its client, on another connection")
                .isTrue();
        assertThat(kind.isClosed(presence.answers().get("other"))).isFalse();
        assertThat(hook.poisonSeen).hasValue(SuspectQuestions.BREAKS_MAX);
        assertThat(counted.value(LinkCounter.QUESTIONS_NOT_ASKED)).isEqualTo(2);
    }

    private static CompletionStage<PublishVerdict> ask(
            SuspectQuestions suspects, PublishRequest request, Supplier<CompletableFuture<PublishVerdict>> asked) {
        return suspects.ask(
                question -> GateCodec.publishing(question, request),
                given -> asked.get(),
                () -> CompletableFuture.completedFuture(CLOSED));
    }

    private static List<LongFunction<Item>> asked(PublishRequest... requests) {
        return Stream.of(requests)
                .<LongFunction<Item>>map(request -> question -> GateCodec.publishing(question, request))
                .toList();
    }

    @Test
    void suspicionEndsWithAnAnswerOrAfterAWhile() {
        AtomicLong nanos = new AtomicLong();
        SuspectQuestions suspects = new SuspectQuestions(new Counters<>(LinkCounter.class), nanos::get);
        List<CompletableFuture<PublishVerdict>> asked = new ArrayList<>();
        PublishRequest one = publish(1, "one");
        PublishRequest two = publish(2, "two");
        suspects.linkEnded(asked(one, two));
        suspects.linkEnded(asked(one, two));
        for (PublishRequest request : List.of(one, two)) {
            ask(suspects, request, () -> {
                CompletableFuture<PublishVerdict> verdict = new CompletableFuture<>();
                asked.add(verdict);
                return verdict;
            });
        }
        assertThat(asked).as("one at a time").hasSize(1);
        asked.get(0).complete(Acknowledge.plain());
        assertThat(asked).hasSize(2);
        suspects.linkEnded(asked(two));
        assertThat(ask(suspects, one, CompletableFuture::new).toCompletableFuture())
                .isNotDone();
        assertThat(ask(suspects, two, CompletableFuture::new).toCompletableFuture())
                .isCompletedWithValue(CLOSED);
        nanos.addAndGet(TimeUnit.MINUTES.toNanos(11));
        assertThat(ask(suspects, two, CompletableFuture::new).toCompletableFuture())
                .isNotDone();
    }

    @Test
    void whatManyClientsAskAtOnceHasBrokenOneLink() {
        SuspectQuestions suspects = new SuspectQuestions(new Counters<>(LinkCounter.class), () -> 0);
        PublishRequest same = publish(1, "same");
        suspects.linkEnded(asked(same, publish(2, "same"), publish(3, "same"), publish(4, "same")));
        assertThat(ask(suspects, same, () -> CompletableFuture.completedFuture(Acknowledge.plain()))
                        .toCompletableFuture())
                .isCompletedWithValue(Acknowledge.plain());
    }

    /** While one is suspected each question is compared: that of a client that never comes back must not cost for ever. */
    @Test
    void whatIsNeverAskedAgainIsForgottenToo() {
        AtomicLong nanos = new AtomicLong();
        SuspectQuestions suspects = new SuspectQuestions(new Counters<>(LinkCounter.class), nanos::get);
        suspects.linkEnded(asked(publish(1, "gone")));
        AtomicInteger compared = new AtomicInteger();
        LongFunction<Item> other = question -> {
            compared.incrementAndGet();
            return GateCodec.publishing(question, publish(2, "other"));
        };
        for (int minutes : List.of(9, 2, 0)) {
            nanos.addAndGet(TimeUnit.MINUTES.toNanos(minutes));
            suspects.ask(other, question -> CompletableFuture.completedFuture(CLOSED), CompletableFuture::new);
        }
        assertThat(compared).as("not the third").hasValue(2);
    }

    @Test
    void oneThatWasAskedAsItsLinkEndedHoldsUpNobodyOnTheNext() {
        SuspectQuestions suspects = new SuspectQuestions(new Counters<>(LinkCounter.class), () -> 0);
        PublishRequest one = publish(1, "one");
        PublishRequest two = publish(2, "two");
        suspects.linkEnded(asked(one, two));
        suspects.linkEnded(asked(one, two));
        ask(suspects, one, CompletableFuture::new);
        suspects.linkBegins();
        assertThat(ask(suspects, two, () -> CompletableFuture.completedFuture(Acknowledge.plain()))
                        .toCompletableFuture())
                .isCompletedWithValue(Acknowledge.plain());
    }

    /** Asks again what is unanswered whenever a link is there, as brokers and clients do. */
    private static final class AskingPresence extends RecordingPresence {
        private final Kind kind;
        private final Map<String, Kind> unanswered = new LinkedHashMap<>();
        private final Map<String, Object> answers = new HashMap<>();
        private long connections;
        private volatile NodeLink gate;

        AskingPresence(Kind kind) {
            this.kind = kind;
        }

        void ask(String what) {
            ask(kind, what);
        }

        synchronized void ask(Kind of, String what) {
            answers.remove(what);
            unanswered.put(what, of);
            askNow(of, what);
        }

        private void askNow(Kind of, String what) {
            of.ask(gate, ++connections, what).whenComplete((answer, failure) -> answered(what, answer, failure));
        }

        private synchronized void answered(String what, Object answer, Throwable failure) {
            boolean noNode = answer instanceof ConnectVerdict.Refuse refusal
                    && refusal.text().contains("cannot be reached");
            if (!noNode && unanswered.remove(what) != null) {
                answers.put(what, failure == null ? answer : failure);
            }
        }

        synchronized Map<String, Object> answers() {
            return new HashMap<>(answers);
        }

        @Override
        public synchronized void back() {
            super.back();
            new LinkedHashMap<>(unanswered).forEach((what, of) -> askNow(of, what));
        }
    }
}
