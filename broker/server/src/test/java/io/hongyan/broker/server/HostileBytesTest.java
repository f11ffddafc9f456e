package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.broker.hook.BrokerControl.Target;
import io.hongyan.broker.hook.ConnectVerdict;
import io.hongyan.starters.Seeds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random and mutated packets disturb nobody else. */
@Timeout(120)
class HostileBytesTest {
    private static final int ROUNDS = Integer.getInteger("rounds", 1_500);

    private final TestHook hook = new TestHook();
    private BrokerServer server;

    @BeforeEach
    void start() {
        hook.onConnect = request -> TestHook.done(new ConnectVerdict.Accept(false, List.of(), "", true));
        server = Servers.start(Servers.config(), hook);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    static List<Long> seeds() {
        return Seeds.of(HostileBytesTest.class);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void bystanderGoesOnWhileOthersSendNonsense(long seed) throws Exception {
        Random random = new Random(seed);
        try (WireClient bystander =
                WireClient.tcp(5, server.mqttPort()).connected("bystander").subscribed(1, "u/a/#", "t/x")) {
            List<WireClient> hostile = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                hostile.add(attack(random, round));
                if (hostile.size() > 50) {
                    hostile.remove(0).abort();
                }
                if (round % 20 == 0) {
                    exchange(bystander, round);
                }
            }
            for (WireClient client : hostile) {
                client.close();
            }
            exchange(bystander, ROUNDS);
            assertThat(server.healthy()).as("seed " + seed).isTrue();
        }
        await().until(() -> server.connections() == 0);
        await().untilAsserted(() -> assertThat(hook.ended).as("each once").hasSameSizeAs(hook.connects));
    }

    private WireClient attack(Random random, int round) throws IOException {
        int level = random.nextBoolean() ? 5 : 4;
        WireClient client = random.nextInt(4) == 0
                ? WireClient.webSocket(level, server.webSocketPort())
                : WireClient.tcp(level, server.mqttPort());
        try {
            byte[] connect = new Wire.Connect(level, "h" + random.nextInt(20))
                    .clean(random.nextBoolean())
                    .will(random.nextInt(3) == 0 ? "t/will" : null, random.nextInt(3))
                    .willProperties(level == 5 ? properties(random, true) : Wire.NONE)
                    .properties(level == 5 ? connectProperties(random) : Wire.NONE)
                    .bytes();
            if (random.nextInt(10) == 0) {
                connect = mutate(random, connect);
            }
            client.send(connect);
            for (int i = random.nextInt(8); i > 0; i--) {
                byte[] packet = packet(random, level);
                client.send(random.nextInt(3) == 0 ? mutate(random, packet) : packet);
            }
        } catch (IOException closed) {
            // The server may well have closed it.
            assertThat(closed).isNotNull();
        }
        return client;
    }

    private static byte[] packet(Random random, int level) {
        int id = 1 + random.nextInt(5);
        String topic = random.nextBoolean() ? "im/send" : name(random, "t", "y", "", "$x");
        return switch (random.nextInt(11)) {
            case 0 -> Wire.publish(level, topic, 0, 0, new byte[random.nextInt(300)]);
            case 1 ->
                Wire.publish(
                        level,
                        topic,
                        1,
                        id,
                        new byte[random.nextInt(300)],
                        level == 5 ? properties(random, false) : Wire.NONE,
                        random.nextInt(2));
            case 2 -> Wire.publish(level, "t/y", 2, id, new byte[random.nextInt(300)], Wire.NONE, random.nextInt(2));
            case 3 -> Wire.subscribe(level, id, random.nextInt(3), "u/h/#", "t/y");
            case 4 -> Wire.unsubscribe(level, id, "u/h/#", filter(random), filter(random));
            case 5 -> Wire.acknowledge(4 + random.nextInt(4), id);
            case 6 -> Wire.PINGREQ;
            case 7 -> Wire.DISCONNECT;
            case 8 -> Wire.connect(level, "again");
            case 9 -> Wire.subscribe(level, id, 2, filter(random), filter(random), "u/+/x");
            default -> {
                byte[] bytes = new byte[1 + random.nextInt(40)];
                random.nextBytes(bytes);
                yield bytes;
            }
        };
    }

    private static byte[] connectProperties(Random random) {
        Wire.Bytes bytes = new Wire.Bytes();
        if (random.nextBoolean()) {
            bytes.u8(0x11).u32(random.nextBoolean() ? random.nextInt() : random.nextInt(3));
        }
        if (random.nextBoolean()) {
            bytes.u8(0x21).u16(random.nextInt(3));
        }
        if (random.nextInt(5) == 0) {
            bytes.u8(0x27).u32(random.nextInt(100));
        }
        if (random.nextInt(5) == 0) {
            bytes.u8(0x19).u8(1);
        }
        return bytes.bytes();
    }

    private static byte[] properties(Random random, boolean will) {
        Wire.Bytes bytes = new Wire.Bytes();
        if (will && random.nextBoolean()) {
            bytes.u8(0x18).u32(random.nextBoolean() ? random.nextInt() : random.nextInt(3));
        }
        if (random.nextInt(3) == 0) {
            bytes.u8(0x01).u8(random.nextInt(2));
        }
        if (random.nextInt(3) == 0) {
            bytes.u8(0x02).u32(random.nextBoolean() ? random.nextInt() : random.nextInt(3));
        }
        if (random.nextInt(3) == 0) {
            bytes.u8(0x08).string(filter(random)).u8(0x09).string("c");
        }
        if (random.nextInt(3) == 0) {
            bytes.u8(0x03).string("text").u8(0x26).string("k").string("v");
        }
        return bytes.bytes();
    }

    private static String filter(Random random) {
        String share = random.nextInt(5) == 0 ? "$share/" + name(random, "g", "h", "") + "/" : "";
        return share + name(random, "t", "y", "", "+", "#", "$SYS");
    }

    private static String name(Random random, String... levels) {
        StringBuilder name = new StringBuilder(levels[random.nextInt(levels.length)]);
        for (int i = random.nextInt(4); i > 0; i--) {
            name.append('/').append(levels[random.nextInt(levels.length)]);
        }
        return name.toString();
    }

    private static byte[] mutate(Random random, byte[] packet) {
        byte[] mutated = packet.clone();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
        }
        return mutated;
    }

    private void exchange(WireClient bystander, int round) throws IOException {
        bystander.send(Wire.publish(5, "im/send", 1, 1, Wire.text("m" + round)));
        assertThat(bystander.read().type()).isEqualTo(4);
        bystander.send(Wire.publish(5, "t/x", 1, 2, Wire.text("g" + round)));
        List<Integer> types = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Packet packet = bystander.read();
            types.add(packet.type());
            if (packet.type() == 3) {
                assertThat(packet.payload(5)).isEqualTo("g" + round);
                bystander.send(Wire.acknowledge(4, packet.publishId()));
            }
        }
        assertThat(types).containsExactlyInAnyOrder(3, 4);
        server.control()
                .push(
                        Wire.text("p" + round),
                        List.of(new Target(hook.online.get("bystander"), "u/a/inbox", Wire.NONE, 1, round)));
        Packet push = bystander.read();
        assertThat(push.payload(5)).isEqualTo("p" + round);
        bystander.send(Wire.acknowledge(4, push.publishId()));
    }
}
