package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.broker.hook.ConnectVerdict;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keep-alive during a long packet: its bytes count as activity, unless they are too few. */
class SlowPacketTest {
    private static final int KEEP_ALIVE_SECONDS = 4;
    private static final int PATIENCE_MILLIS = KEEP_ALIVE_SECONDS * 1_500;
    private static final byte[] PUBLISH = Wire.publish(4, "im/send", 0, 0, new byte[100_000]);

    private final TestHook hook = new TestHook();
    private final AtomicLong nanos = new AtomicLong();
    private EmbeddedChannel channel;
    private Connection connection;
    private int sent;

    @BeforeEach
    void connect() {
        connect(KEEP_ALIVE_SECONDS);
    }

    private void connect(int keepAliveSeconds) {
        hook.onConnect = request -> TestHook.done(new ConnectVerdict.Accept(false, List.of(), "none/", true));
        Gate gate = new Gate(Servers.config(), hook, Clock.systemUTC(), nanos::get, new byte[1], id -> {});
        channel = new EmbeddedChannel();
        connection = new Connection(gate, channel, java.net.InetAddress.getLoopbackAddress(), new Share(), false);
        channel.pipeline().addLast(connection.reader, new GateHandler(connection));
        channel.writeInbound(Unpooled.wrappedBuffer(
                new Wire.Connect(4, "slow").keepAlive(keepAliveSeconds).bytes()));
        assertThat(connection.connected()).isTrue();
    }

    private void send(int bytes) {
        channel.writeInbound(Unpooled.copiedBuffer(PUBLISH, sent, bytes));
        sent += bytes;
    }

    private void pass(int millis) {
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private int patience() {
        return connection.reader.silencePatienceMillis(connection.gate.now());
    }

    @Test
    void packetOnASlowLinkIsWaitedForHoweverLongItTakes() {
        while (sent + 2_000 < PUBLISH.length) {
            send(2_000);
            pass(1_500);
            assertThat(patience()).as("after %d bytes", sent).isPositive();
        }
        send(PUBLISH.length - sent);
        assertThat(hook.publishes).hasSize(1);
        assertThat(patience()).isEqualTo(PATIENCE_MILLIS);
    }

    @Test
    void packetThatStopsComingIsSilence() {
        send(90_000);
        pass(PATIENCE_MILLIS - 1);
        assertThat(patience()).isPositive();
        pass(1);
        assertThat(patience()).isZero();
    }

    @Test
    void fewBytesNowAndThenAreNoLife() {
        for (int i = 0; i < 3; i++) {
            send(10);
            pass(PATIENCE_MILLIS / 3);
        }
        pass(100);
        assertThat(patience()).isNegative();
    }

    @Test
    void withoutKeepAliveAClientMayBeSilentButNotWithinAPacket() {
        connect(0);
        pass(3_600_000);
        assertThat(patience()).isEqualTo(Integer.MAX_VALUE);
        send(10);
        pass(80_000);
        connection.expired();
        assertThat(connection.ended()).isFalse();
        send(10);
        pass(11_000);
        connection.expired();
        assertThat(connection.ended()).isTrue();
        assertThat(connection.gate.counters.value(GateCounter.KEEP_ALIVE_TIMEOUTS))
                .isEqualTo(1);
    }

    @Test
    void withoutKeepAliveAPacketThatComesInTimeIsTaken() {
        connect(0);
        pass(3_600_000);
        while (sent < PUBLISH.length) {
            send(Math.min(1_000, PUBLISH.length - sent));
            pass(900);
            connection.expired();
        }
        assertThat(hook.publishes).hasSize(1);
        assertThat(patience()).isEqualTo(Integer.MAX_VALUE);
    }
}
