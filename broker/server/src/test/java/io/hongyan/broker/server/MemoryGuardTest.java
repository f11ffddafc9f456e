package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class MemoryGuardTest {
    private static final int CONNECTIONS = 40;

    private final Gate gate =
            new Gate(Servers.config(), new TestHook(), Clock.systemUTC(), System::nanoTime, new byte[] {1}, id -> {});
    private final List<EmbeddedChannel> channels = new ArrayList<>();
    private long used;
    private final MemoryGuard guard = new MemoryGuard(gate, new DirectMemory() {
        @Override
        public long used() {
            return used;
        }

        @Override
        public long max() {
            return 100;
        }
    });

    @AfterEach
    void close() {
        channels.forEach(EmbeddedChannel::finishAndReleaseAll);
    }

    private EmbeddedChannel channel() {
        EmbeddedChannel channel = new EmbeddedChannel() {
            @Override
            protected SocketAddress remoteAddress0() {
                return new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
            }
        };
        channels.add(channel);
        return channel;
    }

    /** A client that has sent so much of an incomplete packet. */
    private Connection holding(int bytes) {
        EmbeddedChannel channel = channel();
        Connection connection =
                new Connection(gate, channel, InetAddress.getLoopbackAddress(), gate.addresses.open(channel), false);
        gate.handshakes.enter(connection);
        channel.pipeline().addLast(connection.reader);
        byte[] packet = new byte[bytes];
        packet[0] = 0x10;
        packet[1] = (byte) 0xC0;
        packet[2] = (byte) 0x84;
        packet[3] = 0x3D;
        channel.writeInbound(Unpooled.wrappedBuffer(packet));
        gate.register(connection);
        return connection;
    }

    private long open() {
        channels.forEach(EmbeddedChannel::runPendingTasks);
        return channels.stream().filter(EmbeddedChannel::isOpen).count();
    }

    @Test
    void belowTheMarksNothingHappens() {
        for (int i = 0; i < CONNECTIONS; i++) {
            holding(1_000);
        }
        used = 70;
        guard.look();
        assertThat(open()).isEqualTo(CONNECTIONS);
        assertThat(gate.addresses.open(channel())).isNotNull();
    }

    @Test
    void aboveTheFirstNewOnesAreClosedAndAPartOfThoseThatAreNotLoggedIn() {
        for (int i = 0; i < CONNECTIONS; i++) {
            holding(1_000);
        }
        used = 71;
        guard.look();
        assertThat(open()).isEqualTo(CONNECTIONS - CONNECTIONS / 4 - 1);
        assertThat(gate.counters.value(GateCounter.CONNECTIONS_SHED)).isEqualTo(CONNECTIONS / 4 + 1);
        assertThat(gate.addresses.open(channel())).isNull();
        assertThat(gate.counters.value(GateCounter.CONNECTIONS_REFUSED_MEMORY)).isEqualTo(1);
        used = 50;
        guard.look();
        assertThat(gate.addresses.open(channel())).isNotNull();
    }

    @Test
    void aboveTheSecondThoseThatHoldMostAreClosed() {
        for (int i = 1; i <= CONNECTIONS; i++) {
            gate.handshakes.leave(holding(1_000 * i));
        }
        used = 90;
        guard.look();
        assertThat(open()).isEqualTo(CONNECTIONS - 16);
        assertThat(channels.subList(0, CONNECTIONS - 16)).allMatch(EmbeddedChannel::isOpen);
        assertThat(gate.counters.value(GateCounter.CONNECTIONS_SHED)).isEqualTo(16);
    }

    @Test
    void whatAClientDoesNotTakeIsHeldForItToo() {
        for (int i = 0; i < CONNECTIONS; i++) {
            gate.handshakes.leave(holding(i < 16 ? 2_000 : 1_000));
        }
        List<EmbeddedChannel> slow = channels.subList(CONNECTIONS - 16, CONNECTIONS);
        slow.forEach(channel -> channel.write(Unpooled.wrappedBuffer(new byte[20_000])));
        used = 90;
        guard.look();
        assertThat(open()).isEqualTo(CONNECTIONS - 16);
        assertThat(slow).noneMatch(EmbeddedChannel::isOpen);
    }

    @Test
    void memoryOfTheProcessIsMeasured() {
        DirectMemory memory = DirectMemory.ofProcess();
        assertThat(memory.max()).isPositive();
        assertThat(memory.used()).isBetween(0L, memory.max());
    }
}
