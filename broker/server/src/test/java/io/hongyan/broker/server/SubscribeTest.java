package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.broker.hook.BrokerControl.Target;
import io.hongyan.broker.hook.ConnectVerdict;
import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.broker.hook.FilterVerdict;
import io.hongyan.broker.hook.GrantedFilter;
import io.hongyan.broker.hook.SubscriptionChange;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SUBSCRIBE and UNSUBSCRIBE of claimed filters, generic ones, and both in one packet. */
@Timeout(60)
class SubscribeTest {
    private static final int FILTERS_MAX = 6;

    private final TestHook hook = new TestHook();
    private BrokerServer server;

    @BeforeEach
    void start() {
        server = Servers.start(
                Servers.config().withPackets(new BrokerConfig.PacketLimits(10_000, 8, 300, FILTERS_MAX, 7)), hook);
    }

    @AfterEach
    void stop() {
        server.close();
        assertThat(server.healthy()).isTrue();
    }

    private WireClient client(int level, String clientId) throws Exception {
        return WireClient.tcp(level, server.mqttPort()).connected(clientId);
    }

    private void push(String clientId, String topic, int qos, long token, String text) {
        server.control()
                .push(Wire.text(text), List.of(new Target(hook.online.get(clientId), topic, Wire.NONE, qos, token)));
    }

    private static int[] codes(int level, int... codes) {
        int[] seen = codes.clone();
        for (int i = 0; i < seen.length; i++) {
            seen[i] = level == 4 && seen[i] > 2 ? 0x80 : seen[i];
        }
        return seen;
    }

    @Test
    void filtersHaveALongestLength() throws Exception {
        String prefix = "u/alice/";
        String fits = prefix + "é".repeat((300 - prefix.length()) / 2);
        try (WireClient client = client(5, "a")) {
            assertThat(client.send(Wire.subscribe(5, 2, 1, fits, fits + "x"))
                            .read()
                            .codes(5))
                    .containsExactly(1, 0x8F);
        }
        assertThat(server.counters().value(GateCounter.FILTERS_REFUSED_BYTES)).isEqualTo(1);
    }

    @Test
    void theNumberOfFiltersIsChangedWhileItRuns() throws Exception {
        try (WireClient client = client(5, "a")) {
            client.subscribed(1, "u/alice/1", "u/alice/2", "u/alice/3");
            server.changeLimits(now -> now.withPackets(new BrokerConfig.PacketLimits(10_000, 8, 300, 2, 7)));
            assertThat(client.send(Wire.subscribe(5, 2, 1, "u/alice/3", "u/alice/4"))
                            .read()
                            .codes(5))
                    .as("what it has stays")
                    .containsExactly(1, 0x97);
            server.changeLimits(now -> now.withPackets(new BrokerConfig.PacketLimits(10_000, 8, 300, 4, 7)));
            assertThat(client.send(Wire.subscribe(5, 3, 1, "u/alice/4", "u/alice/5"))
                            .read()
                            .codes(5))
                    .containsExactly(1, 0x97);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void oneAcknowledgementCarriesTheCodesOfAllKindsOfFiltersInOrder(int level) throws Exception {
        hook.onChange = (connection, change) -> {
            List<FilterVerdict> verdicts = new ArrayList<>();
            for (GrantedFilter filter : ((SubscriptionChange.Subscribe) change).filters()) {
                verdicts.add(
                        filter.filter().startsWith("u/bob")
                                ? FilterVerdict.NOT_AUTHORIZED
                                : new FilterVerdict(filter.qos()));
            }
            return TestHook.done(verdicts);
        };
        try (WireClient client = client(level, "a")) {
            client.send(Wire.subscribe(
                    level, 9, 2, "t/x/#", "u/alice/#", "u/bob/#", "other/x", "bad/#/x", "t/y", "$share/g/u/alice/#"));
            Packet suback = client.read();
            assertThat(suback.type()).isEqualTo(9);
            assertThat(suback.id()).isEqualTo(9);
            assertThat(suback.codes(level)).isEqualTo(codes(level, 2, 1, 0x87, 0x87, 0x8F, 2, 0x9E));
            SubscriptionChange.Subscribe asked = (SubscriptionChange.Subscribe) hook.changes.element();
            assertThat(asked.filters())
                    .containsExactly(
                            new GrantedFilter("t/x/#", 2, 0),
                            new GrantedFilter("u/alice/#", 1, 0),
                            new GrantedFilter("u/bob/#", 1, 0),
                            new GrantedFilter("t/y", 2, 0));
            push("a", "u/alice/inbox", 1, 1, "claimed");
            assertThat(client.read().payload(level)).isEqualTo("claimed");
            client.send(Wire.publish(level, "t/x/1", 0, 0, Wire.text("generic")));
            assertThat(client.read().payload(level)).isEqualTo("generic");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void unsubscribeOfBothKindsIsAnsweredOnceAndEndsBoth(int level) throws Exception {
        hook.onChange = (connection, change) -> TestHook.done(
                change instanceof SubscriptionChange.Unsubscribe
                        ? List.of(new FilterVerdict(0), new FilterVerdict(0), new FilterVerdict(0x11))
                        : TestHook.granted(change));
        try (WireClient client = client(level, "a")) {
            client.send(Wire.subscribe(level, 1, 1, "u/alice/#", "t/x"));
            assertThat(client.read().codes(level)).containsExactly(1, 1);
            client.send(Wire.unsubscribe(level, 2, "u/alice/#", "t/x", "u/alice/none"));
            Packet unsuback = client.read();
            assertThat(unsuback.type()).isEqualTo(11);
            assertThat(unsuback.id()).isEqualTo(2);
            assertThat(unsuback.body()).hasSize(level == 5 ? 6 : 2);
            if (level == 5) {
                assertThat(unsuback.codes(5)).containsExactly(0, 0, 0x11);
            }
            push("a", "u/alice/inbox", 1, 77, "claimed");
            await().untilAsserted(() -> assertThat(hook.delivered)
                    .as("counts as delivered")
                    .containsExactly(new TestHook.Delivered(hook.online.get("a"), 77)));
            client.send(Wire.publish(level, "t/x", 1, 3, Wire.text("generic")));
            assertThat(client.read().type()).isEqualTo(4);
            assertThat(client.silentFor(200)).isTrue();
        }
    }

    @Test
    void packetsBehindASubscribeWaitForItsAnswer() throws Exception {
        CompletableFuture<List<FilterVerdict>> answer = new CompletableFuture<>();
        hook.onChange = (connection, change) -> answer;
        try (WireClient client = client(4, "a")) {
            client.send(Wire.subscribe(4, 1, 1, "u/alice/#"), Wire.publish(4, "im/send", 1, 2, Wire.NONE));
            await().until(() -> hook.changes.size() == 1);
            assertThat(client.silentFor(200)).isTrue();
            assertThat(hook.publishes).isEmpty();
            answer.complete(List.of(new FilterVerdict(1)));
            assertThat(client.read().type()).isEqualTo(9);
            assertThat(client.read().type()).isEqualTo(4);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void overlappingFiltersGiveOneCopyAtTheHighestQualityWithAllIdentifiers(int level) throws Exception {
        try (WireClient client = client(level, "a")) {
            byte[] first = level == 5 ? new byte[] {0x0B, 5} : Wire.NONE;
            byte[] second = level == 5 ? new byte[] {0x0B, 6} : Wire.NONE;
            client.send(Wire.subscribe(level, 1, 0, first, "u/alice/#"));
            assertThat(client.read().codes(level)).containsExactly(0);
            client.send(Wire.subscribe(level, 2, 1, second, "u/alice/inbox"));
            assertThat(client.read().codes(level)).containsExactly(1);
            push("a", "u/alice/inbox", 1, 1, "once");
            Packet message = client.read();
            assertThat(message.qos()).isEqualTo(1);
            if (level == 5) {
                assertThat(message.publishProperties()).containsExactly(0x0B, 5, 0x0B, 6);
            }
            push("a", "u/alice/notice", 1, 2, "at most once");
            message = client.read();
            assertThat(message.qos()).isZero();
            assertThat(message.payload(level)).isEqualTo("at most once");
        }
    }

    @Test
    void subscribingAgainReplacesTheFilter() throws Exception {
        try (WireClient client = client(4, "a").subscribed(1, "u/alice/#")) {
            client.send(Wire.subscribe(4, 2, 0, "u/alice/#"));
            assertThat(client.read().codes(4)).containsExactly(0);
            push("a", "u/alice/inbox", 1, 1, "x");
            assertThat(client.read().qos()).isZero();
        }
    }

    @Test
    void moreFiltersThanAllowedAreRefused() throws Exception {
        try (WireClient client = client(5, "a")) {
            client.send(Wire.subscribe(5, 1, 1, "u/1", "u/2", "u/3", "t/4"));
            assertThat(client.read().codes(5)).containsExactly(1, 1, 1, 1);
            client.send(Wire.subscribe(5, 2, 1, "u/5", "t/6", "u/7", "u/1"));
            assertThat(client.read().codes(5)).containsExactly(1, 1, 0x97, 1);
            client.send(Wire.subscribe(5, 3, 1, "u/1", "u/1", "u/1", "u/1", "u/1", "u/1", "u/1", "u/1"));
            assertThat(client.read().codes(5)).containsOnly(0x97);
        }
        assertThat(server.counters().value(GateCounter.FILTERS_REFUSED_CONNECTION))
                .isEqualTo(1);
        assertThat(server.counters().value(GateCounter.FILTERS_REFUSED_PACKET)).isEqualTo(8);
    }

    @ParameterizedTest
    @CsvSource({
        "im#,MALFORMED",
        "u/2/3/4/5/6/7/8/9,LEVELS",
        "$share/g/x,SHARED",
        "+/x,NOT_AUTHORIZED",
        "u/refused,NODE",
    })
    void refusedFiltersAreCountedByReason(String filter, String reason) throws Exception {
        hook.onChange = (connection, change) -> TestHook.done(List.of(new FilterVerdict(0x87)));
        try (WireClient client = client(5, "a")) {
            client.send(Wire.subscribe(5, 1, 1, filter));
            assertThat(client.read().codes(5)[0]).isGreaterThanOrEqualTo(0x80);
        }
        assertThat(server.counters().value(GateCounter.valueOf("FILTERS_REFUSED_" + reason)))
                .isEqualTo(1);
        assertThat(Servers.count(server, "gate_filters_refused_total")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"#", "+/x", "t", "t+", "$SYS/#", "$share/g/im/x", "$share/x", "$share//x", "im#"})
    void filtersOutsideTheOwnTreeAreRefused(String filter) throws Exception {
        try (WireClient client = client(5, "a")) {
            client.send(Wire.subscribe(5, 1, 1, filter));
            assertThat(client.read().codes(5)[0]).isGreaterThanOrEqualTo(0x80);
        }
        assertThat(hook.changes).isEmpty();
    }

    @Test
    void openClientMaySubscribeToAnythingThatIsNotClaimed() throws Exception {
        hook.onConnect = request -> TestHook.done(new ConnectVerdict.Accept(false, List.of(), "", false));
        try (WireClient client = client(5, "a");
                WireClient other = client(5, "b")) {
            client.send(Wire.subscribe(5, 1, 1, "#", "$SYS/#", "u/alice/#", "$share/g/x/#", "im/x"));
            assertThat(client.read().codes(5)).containsExactly(1, 1, 0x87, 0x9E, 0x87);
            other.send(Wire.publish(5, "any/where", 0, 0, Wire.text("m")));
            assertThat(client.read().topic()).isEqualTo("any/where");
        }
    }

    @Test
    void sharedSubscriptionsAreNotOffered() throws Exception {
        try (WireClient client = client(5, "a")) {
            client.send(Wire.subscribe(5, 1, 1, "t/x", "$share/g/t/x"));
            assertThat(client.read().codes(5)).containsExactly(1, 0x9E);
            client.send(Wire.unsubscribe(5, 2, "$share/g/t/x", "$share/other/t/x"));
            assertThat(client.read().codes(5)).containsExactly(0x11, 0x11);
        }
    }

    @Test
    void brokenSubscribesEndTheConnection() throws Exception {
        List<byte[]> broken = List.of(
                Wire.packet(0x82, new byte[] {0, 1, 0}),
                Wire.packet(0x82, new byte[] {0, 1, 0, 0, 1, 'u', 3}),
                Wire.packet(0x80, new byte[] {0, 1, 0, 0, 1, 'u', 1}),
                Wire.subscribe(5, 1, 1, new byte[] {0x0B, 0}, "u/a"),
                Wire.subscribe(5, 1, 1, new byte[] {0x0B, 1, 0x0B, 2}, "u/a"),
                Wire.packet(0xA2, new byte[] {0, 1, 0}));
        for (byte[] bytes : broken) {
            try (WireClient client = client(5, "a")) {
                client.send(bytes);
                assertThat(client.closed()).isTrue();
            }
        }
        assertThat(hook.changes).isEmpty();
    }

    @Test
    void failingNodeEndsTheConnection() throws Exception {
        hook.onChange = (connection, change) -> CompletableFuture.failedFuture(new IllegalStateException("down"));
        try (WireClient client = client(5, "a")) {
            client.send(Wire.subscribe(5, 1, 1, "u/alice/#"));
            assertThat(client.read().disconnectReason()).isEqualTo(0x89);
            assertThat(client.closed()).isTrue();
        }
        await().until(() -> hook.ended.element().cause() == DisconnectCause.SERVER_BUSY);
    }
}
