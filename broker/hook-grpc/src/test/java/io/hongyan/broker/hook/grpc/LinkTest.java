package io.hongyan.broker.hook.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.broker.hook.BrokerControl.Target;
import io.hongyan.broker.hook.BrokerHook;
import io.hongyan.broker.hook.ConnectRefusal;
import io.hongyan.broker.hook.ConnectRequest;
import io.hongyan.broker.hook.ConnectRequest.ClientLimits;
import io.hongyan.broker.hook.ConnectRequest.Credentials;
import io.hongyan.broker.hook.ConnectRequest.SessionTerms;
import io.hongyan.broker.hook.ConnectVerdict;
import io.hongyan.broker.hook.ConnectionId;
import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.broker.hook.GateRouter;
import io.hongyan.broker.hook.GateStatus;
import io.hongyan.broker.hook.GrantedFilter;
import io.hongyan.broker.hook.LastPacket;
import io.hongyan.broker.hook.PublishRequest;
import io.hongyan.broker.hook.PublishVerdict;
import io.hongyan.broker.hook.RecordingHook;
import io.hongyan.broker.hook.RecordingHook.Notice;
import io.hongyan.broker.hook.ResumeRequest;
import io.hongyan.broker.hook.ResumeRequest.Granted;
import io.hongyan.broker.hook.SubscriptionChange.Subscribe;
import io.hongyan.broker.hook.grpc.NodeLink.Node;
import io.hongyan.metrics.Counters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Properties of a link beyond the contract of the hook: it breaks, and it fills up. */
@Timeout(60)
class LinkTest {
    private static final ConnectionId FIRST = new ConnectionId(Links.GATE, 1);
    private static final ConnectionId SECOND = new ConnectionId(Links.GATE, 2);

    private final Links links = new Links();
    private final RecordingHook hook = new RecordingHook();
    private final GateRouter router = new GateRouter();
    private final RecordingControl broker = new RecordingControl();
    private final RecordingPresence presence = new RecordingPresence();

    @BeforeEach
    void patience() {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
    }

    @AfterEach
    void close() {
        links.close();
        Awaitility.reset();
    }

    private static ConnectRequest connect(ConnectionId id) {
        return new ConnectRequest(
                id,
                "c",
                5,
                new Credentials(null, null),
                new SessionTerms(true, 600),
                new ClientLimits(10, 1_000, 0),
                null,
                "",
                List.of());
    }

    private static Target target(ConnectionId id, long token) {
        return new Target(id, "u/a/inbox", new byte[0], 1, token);
    }

    private List<Object> heard(String notice) {
        return Stream.of(hook.heard.toArray())
                .filter(one -> one instanceof Notice said && said.name().equals(notice))
                .toList();
    }

    @Test
    void aNodeKnowsWhatItsGatesTellOfThemselvesAsLongAsTheyAreThere() throws Exception {
        GateLinks node = links.node(hook, router, Links.QUICK);
        NodeLink gate = Links.up(links.gate(Links.GATE, broker, presence, Links.QUICK, node.port()));
        GateStatus told = new GateStatus(Links.GATE, "mqtt://" + Links.GATE, "", 7, 100, false);
        await().untilAsserted(() -> assertThat(node.gates()).containsExactly(told));

        gate.close();

        await().untilAsserted(() -> assertThat(node.gates()).isEmpty());
    }

    @Test
    void eachArrivalOfAGateIsToldAndOneThatCannotBeNotedIsSentAway() throws Exception {
        List<String> told = Collections.synchronizedList(new ArrayList<>());
        links.arrivals = gate -> {
            told.add(gate);
            return told.size() == 1
                    ? CompletableFuture.failedFuture(new IllegalStateException("no room"))
                    : CompletableFuture.completedFuture(null);
        };
        GateLinks node = links.node(hook, router, Links.QUICK);
        NodeLink gate = links.gate(Links.GATE, broker, presence, Links.QUICK, node.port());
        await().until(() -> told.size() == 2 && gate.up() && node.links() == 1);
        int port = node.port();
        node.close();
        links.node(port, hook, router, Links.QUICK, null, new Counters<>(LinkCounter.class));
        await().until(() -> told.size() == 3 && gate.up());
        assertThat(told).containsOnly(Links.GATE);
    }

    @Test
    void aGateGoesToANodeThatItWasToldOf() throws Exception {
        GateLinks first = links.node(hook, router, Links.QUICK);
        GateLinks second = links.node(new RecordingHook(), new GateRouter(), Links.QUICK);
        Node addressOfFirst = new Node("127.0.0.1", first.port());
        Node addressOfSecond = new Node("127.0.0.1", second.port());
        NodeLink early = Links.up(links.gate(Links.GATE, broker, presence, Links.QUICK, first.port()));
        assertThat(early.nodesKnown()).isEqualTo(1);

        first.tellNodes(List.of(addressOfFirst, addressOfSecond));
        await().until(() -> early.nodesKnown() == 2);
        NodeLink late = Links.up(
                links.gate("gate-2", new RecordingControl(), new RecordingPresence(), Links.QUICK, first.port()));
        await().until(() -> late.nodesKnown() == 2);
        first.tellNodes(List.of(addressOfFirst));
        await().until(() -> late.nodesKnown() == 1);
        first.tellNodes(List.of(addressOfSecond, new Node("", 1), new Node("elsewhere", 70_000)));
        await().until(() -> early.nodesKnown() == 2 && late.nodesKnown() == 2);

        first.close();

        await().until(() -> second.links() == 2 && early.up() && late.up());
        assertThat(first.port()).as("who asks while it stops gets an answer").isEqualTo(addressOfFirst.port());
    }

    @Test
    void withoutANodeConnectsAreRefusedAndThereIsNoLink() throws Exception {
        GateLinks node = links.node(hook, router, Links.QUICK);
        int port = node.port();
        node.close();
        NodeLink link = links.gate(Links.GATE, broker, presence, Links.QUICK, port);
        assertThat(link.connecting(connect(FIRST)).toCompletableFuture().join())
                .isInstanceOfSatisfying(
                        ConnectVerdict.Refuse.class,
                        refuse -> assertThat(refuse.reason()).isEqualTo(ConnectRefusal.SERVER_UNAVAILABLE));
        assertThat(link.up()).isFalse();
        await().until(() -> presence.told.equals(List.of("away")));
    }

    @Test
    void aGateThatDiesEndsItsConnectionsOnceAtTheNode() throws Exception {
        GateLinks node = links.node(hook, router, Links.QUICK);
        NodeLink link = Links.up(links.gate(Links.GATE, broker, presence, Links.QUICK, node.port()));
        link.connecting(connect(FIRST));
        link.connecting(connect(SECOND));
        await().until(() -> hook.connects.size() == 2);
        link.lastSeen(List.of(new LastPacket(SECOND, 77)));
        link.disconnected(FIRST, DisconnectCause.CLIENT_DISCONNECTED, 5, 7);
        await().until(() -> heard("disconnected").size() == 1);
        link.close();
        await().until(() -> heard("disconnected").size() == 2);
        // The node is late, and accepts a client that has disconnected.
        hook.connects.get(1).complete(new ConnectVerdict.Accept(false, List.of(), "", true));
        await().until(() -> node.links() == 0);
        assertThat(heard("disconnected"))
                .containsExactly(
                        new Notice("disconnected", FIRST, "CLIENT_DISCONNECTED@5+7"),
                        new Notice("disconnected", SECOND, "GATE_LOST@77+600"));
        router.push(new byte[1], List.of(target(SECOND, 1)));
    }

    @Test
    void aNodeThatStopsSendsItsGatesToAnother() throws Exception {
        RecordingHook other = new RecordingHook();
        GateLinks first = links.node(hook, router, Links.QUICK);
        GateRouter otherRouter = new GateRouter();
        NodeLink link = links.gate(Links.GATE, broker, presence, Links.QUICK, first.port());
        Links.up(link);
        link.connecting(connect(FIRST));
        await().until(() -> hook.connects.size() == 1);
        int port = first.port();
        first.close();
        assertThat(heard("disconnected"))
                .containsExactly(heard("disconnected").get(0))
                .first()
                .extracting(Object::toString)
                .asString()
                .contains("SERVER_SHUTTING_DOWN");
        links.node(port, other, otherRouter, Links.QUICK, null, new Counters<>(LinkCounter.class));
        await().until(() -> presence.told.equals(List.of("away", "back", "away", "back")));
        link.resuming(
                new ResumeRequest(FIRST, "c", "127.0.0.1", 5, 600, 10, 1_000, new Granted(List.of(), true, "r"), 3));
        await().until(() -> other.resumes.size() == 1);
        otherRouter.push(new byte[1], List.of(target(FIRST, 1)));
        await().until(() -> broker.pushed.size() == 1);
        assertThat(hook.heard).as("the first node is asked nothing more").hasSize(2);
    }

    @Test
    void aQuestionOfABrokenLinkIsNeverAnswered() throws Exception {
        GateLinks node = links.node(hook, router, Links.QUICK);
        NodeLink link = Links.up(links.gate(Links.GATE, broker, presence, Links.QUICK, node.port()));
        CompletableFuture<PublishVerdict> answer = link.publishing(new PublishRequest(FIRST, "im/send", new byte[1], 1))
                .toCompletableFuture();
        await().until(() -> hook.publishes.size() == 1);
        node.close();
        await().until(() -> presence.told.size() == 3);
        hook.publishes.get(0).complete(PublishVerdict.Acknowledge.plain());
        assertThat(answer).isNotDone();
    }

    @Test
    void aNodeThatThrowsHarmsTheOneQuestionOnly() throws Exception {
        AnsweringHook throwing = new AnsweringHook(broker) {
            @Override
            public CompletionStage<PublishVerdict> publishing(PublishRequest request) {
                if (request.payload().length == 0) {
                    throw new IllegalStateException("a mistake");
                }
                return super.publishing(request);
            }

            @Override
            public void delivered(ConnectionId connection, long delivered) {
                throw new IllegalStateException("another mistake");
            }
        };
        GateLinks node = links.node(throwing, router, Links.QUICK);
        NodeLink link = Links.up(links.gate(Links.GATE, broker, presence, Links.QUICK, node.port()));
        CompletableFuture<PublishVerdict> failed = link.publishing(new PublishRequest(FIRST, "im/send", new byte[0], 1))
                .toCompletableFuture();
        link.delivered(FIRST, 1);
        CompletableFuture<PublishVerdict> answered = link.publishing(
                        new PublishRequest(FIRST, "im/send", new byte[1], 1))
                .toCompletableFuture();
        await().until(answered::isDone);
        assertThat(failed).isCompletedExceptionally();
        assertThat(answered).isCompletedWithValue(PublishVerdict.Acknowledge.plain());
        assertThat(presence.told).containsExactly("away", "back");
    }

    @Test
    void theSameGateComingAgainEndsWhatIsLeftOfItsFirstLink() throws Exception {
        GateLinks node = links.node(hook, router, Links.QUICK);
        // The first gate looks for no other node: its broker never finishes with the node it has lost.
        RecordingPresence hung = new RecordingPresence() {
            @Override
            public CompletionStage<Void> away() {
                return told.isEmpty() ? super.away() : new CompletableFuture<>();
            }
        };
        NodeLink first = Links.up(links.gate(Links.GATE, broker, hung, Links.QUICK, node.port()));
        first.connecting(connect(FIRST));
        await().until(() -> hook.connects.size() == 1);
        RecordingControl again = new RecordingControl();
        NodeLink second = Links.up(links.gate(Links.GATE, again, new RecordingPresence(), Links.QUICK, node.port()));
        await().until(() -> heard("disconnected").size() == 1);
        second.resuming(
                new ResumeRequest(FIRST, "c", "127.0.0.1", 5, 600, 10, 1_000, new Granted(List.of(), true, "r"), 3));
        await().until(() -> hook.resumes.size() == 1);
        assertThat(node.links()).isEqualTo(1);
    }

    @Test
    void aSilentNodeIsLeft() throws Exception {
        LinkSettings patient =
                new LinkSettings(64 << 10, 16 << 20, 32 << 20, 4, 30_000, 60_000, 2_000, 20, 100, 60_000);
        LinkSettings impatient = new LinkSettings(64 << 10, 16 << 20, 32 << 20, 4, 50, 300, 2_000, 20, 100, 60_000);
        GateLinks node = links.node(hook, router, patient);
        links.gate(Links.GATE, broker, presence, impatient, node.port());
        await().until(() -> presence.told.size() >= 3);
        assertThat(presence.told.subList(0, 3)).containsExactly("away", "back", "away");
    }

    @Test
    void aLinkFromBeforeAStandstillIsEndedWhereNothingComesByIt() throws Exception {
        GateLinks node = links.node(hook, router, Links.QUICK);
        Links.up(links.gate(Links.GATE, broker, presence, Links.QUICK, node.port()));
        links.fencingEpoch.incrementAndGet();
        await().until(() -> presence.told.equals(List.of("away", "back", "away", "back")));
    }

    @Test
    void aNodeThatStoodStillTakesNothingOfItsLinksAnyMoreAndGivesNoAnswers() throws Exception {
        // No ping ends the link before the message comes.
        LinkSettings quiet = new LinkSettings(64 << 10, 16 << 20, 32 << 20, 4, 30_000, 60_000, 2_000, 20, 100, 60_000);
        GateLinks node = links.node(hook, router, quiet);
        NodeLink link = Links.up(links.gate(Links.GATE, broker, presence, quiet, node.port()));
        link.connecting(connect(FIRST));
        CompletableFuture<PublishVerdict> asked = publish(link);
        await().until(() -> hook.publishes.size() == 1);

        links.fencingEpoch.incrementAndGet();
        hook.publishes.get(0).complete(PublishVerdict.Acknowledge.plain());
        publish(link);

        await().until(() -> presence.told.equals(List.of("away", "back", "away", "back")));
        assertThat(heard("disconnected")).hasSize(1);
        assertThat(hook.publishes).as("what waited is not read").hasSize(1);
        assertThat(asked).isNotDone();
        CompletableFuture<PublishVerdict> again = publish(link);
        await().until(() -> hook.publishes.size() == 2);
        hook.publishes.get(1).complete(PublishVerdict.Acknowledge.plain());
        await().until(again::isDone);
        assertThat(again).isCompletedWithValue(PublishVerdict.Acknowledge.plain());
    }

    private static CompletableFuture<PublishVerdict> publish(NodeLink link) {
        return link.publishing(new PublishRequest(FIRST, "im/send", new byte[1], 1))
                .toCompletableFuture();
    }

    @Test
    void theLeaseEndsOnceAfterSoLongWithoutANode() throws Exception {
        LinkSettings brief = new LinkSettings(64 << 10, 16 << 20, 32 << 20, 4, 20, 30_000, 20_000, 20, 50, 100);
        GateLinks node = links.node(hook, router, brief);
        int port = node.port();
        links.gate(Links.GATE, broker, presence, brief, port);
        await().until(() -> presence.told.contains("back"));
        presence.told.clear();
        node.close();
        await().until(() -> presence.told.size() == 2);
        links.node(port, hook, router, brief, null, new Counters<>(LinkCounter.class));
        await().until(() -> presence.told.size() == 3);
        assertThat(presence.told).containsExactly("away", "given up", "back");
    }

    @Test
    void whatIsPushedForAFilterComesAfterTheAnswerThatGrantsIt() throws Exception {
        BrokerHook eager = new AnsweringHook(router);
        GateLinks node = links.node(eager, router, Links.QUICK);
        LinkedBlockingQueue<CompletableFuture<?>> asked = new LinkedBlockingQueue<>();
        List<Boolean> answeredBefore = Collections.synchronizedList(new ArrayList<>());
        RecordingControl looking = new RecordingControl() {
            @Override
            public void push(byte[] shared, List<Target> targets) {
                try {
                    // Nothing else comes over the link meanwhile, so an answer after this push would have come.
                    answeredBefore.add(asked.take().isDone());
                } catch (InterruptedException unexpected) {
                    throw new AssertionError(unexpected);
                }
            }
        };
        NodeLink link = Links.up(links.gate(Links.GATE, looking, presence, Links.QUICK, node.port()));
        link.connecting(connect(FIRST));
        for (int i = 1; i <= 20; i++) {
            asked.add(link.subscribing(FIRST, new Subscribe(List.of(new GrantedFilter("u/a/#", 1, 0))))
                    .toCompletableFuture());
            int pushes = i;
            await().pollInterval(Duration.ofMillis(2)).until(() -> answeredBefore.size() == pushes);
        }
        assertThat(answeredBefore).containsOnly(true);
    }

    @Test
    void aNodeReadsNoMoreFromAGateThatHasTooMuchUnansweredAndTheGateStopsItsClients() throws Exception {
        LinkSettings small = new LinkSettings(16 << 10, 256 << 10, 64 << 10, 4, 50, 5_000, 2_000, 20, 100, 60_000);
        Counters<LinkCounter> counters = new Counters<>(LinkCounter.class);
        GateLinks node = links.node(0, hook, router, small, null, counters);
        NodeLink link = Links.up(links.gate(Links.GATE, broker, presence, small, node.port()));
        int sent = 0;
        while (!presence.told.contains("full")) {
            link.publishing(new PublishRequest(FIRST, "im/send", new byte[8 << 10], 1));
            sent++;
            if (sent > 64) {
                // The link has time to say so: the limit below is of payloads, not of time.
                Thread.sleep(1);
            }
            assertThat(sent).as("payloads of 8 KiB until the gate is told").isLessThan(4_096);
        }
        int all = sent;
        await().until(() -> counters.value(LinkCounter.READS_PAUSED) > 0);
        assertThat(hook.publishes.size()).isLessThan(all);
        int answered = 0;
        while (answered < all) {
            int from = answered;
            await().until(() -> hook.publishes.size() > from);
            int until = hook.publishes.size();
            for (; answered < until; answered++) {
                hook.publishes.get(answered).complete(PublishVerdict.Acknowledge.plain());
            }
        }
        await().until(() -> presence.told.contains("roomy"));
    }

    @Test
    void aGateThatDoesNotReadLosesTheConnectionsWhosePushesTheNodeCannotHold() throws Exception {
        LinkSettings small = new LinkSettings(16 << 10, 256 << 10, 64 << 10, 4, 50, 60_000, 2_000, 20, 100, 60_000);
        Counters<LinkCounter> counters = new Counters<>(LinkCounter.class);
        GateLinks node = links.node(0, hook, router, small, null, counters);
        CompletableFuture<Void> reads = new CompletableFuture<>();
        RecordingControl stuck = new StuckControl(reads);
        NodeLink link = Links.up(links.gate(Links.GATE, stuck, presence, small, node.port()));
        link.connecting(connect(FIRST));
        await().until(() -> hook.connects.size() == 1);
        long token = 0;
        while (counters.value(LinkCounter.CONNECTIONS_OVERFLOWED) == 0) {
            router.push(new byte[8 << 10], List.of(target(FIRST, token++)));
            assertThat(token).as("pushes of 8 KiB until the node gives up").isLessThan(4_096);
        }
        assertThat(node.waitingBytes()).isLessThan(512 << 10);
        reads.complete(null);
        await().until(() -> stuck.ended.equals(List.of(FIRST + " QUOTA_EXCEEDED")));
        router.push(new byte[1], List.of(target(FIRST, token), target(SECOND, 1)));
        await().until(() ->
                stuck.pushed.stream().anyMatch(one -> one.connection().equals(SECOND)));
        assertThat(stuck.pushed.stream()
                        .filter(one -> one.connection().equals(FIRST))
                        .map(Target::token))
                .as("without a hole, up to the one that was not sent")
                .containsExactlyElementsOf(Stream.iterate(0L, one -> one + 1)
                        .limit(stuck.pushed.size() - 1)
                        .toList());
    }

    @Test
    void oneGateTooManyIsRefused() throws Exception {
        GateLinks node = links.node(hook, router, Links.QUICK);
        for (int i = 0; i < Links.QUICK.linksMax(); i++) {
            Links.up(links.gate("gate-" + i, broker, new RecordingPresence(), Links.QUICK, node.port()));
        }
        Counters<LinkCounter> counters = new Counters<>(LinkCounter.class);
        NodeLink more = links.gate("gate-x", broker, new RecordingPresence(), Links.QUICK, null, counters, node.port());
        await().until(() -> counters.value(LinkCounter.ATTEMPTS_FAILED) > 1);
        assertThat(more.up()).isFalse();
        assertThat(node.links()).isEqualTo(Links.QUICK.linksMax());
    }
}
