package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.broker.hook.ConnectVerdict;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever bytes come, each is read a bounded number of times, and the result is packets that were read or a clean
 * close.
 */
@Timeout(60)
class PacketWorkTest {
    private static final int ROUNDS = 3_000;
    /** A topic is read for its hash, compared and decoded; a text is checked and converted. */
    private static final int LOOKS_MAX = 12;

    private final TestHook hook = new TestHook();

    /** Counts the bytes that are read of it. */
    private static final class Counted extends UnpooledHeapByteBuf {
        private long looks;

        Counted(byte[] bytes) {
            super(UnpooledByteBufAllocator.DEFAULT, bytes.length, bytes.length);
            writeBytes(bytes);
        }

        @Override
        protected byte _getByte(int index) {
            looks++;
            return super._getByte(index);
        }

        @Override
        protected short _getShort(int index) {
            looks += 2;
            return super._getShort(index);
        }

        @Override
        protected int _getInt(int index) {
            looks += 4;
            return super._getInt(index);
        }

        @Override
        protected long _getLong(int index) {
            looks += 8;
            return super._getLong(index);
        }

        @Override
        public ByteBuf getBytes(int index, byte[] to, int at, int length) {
            looks += length;
            return super.getBytes(index, to, at, length);
        }
    }

    private static final InetAddress ADDRESS = InetAddress.getLoopbackAddress();

    /** A new connection that gets these bytes at once; returns how many bytes were read. */
    private long looks(byte[] bytes) {
        hook.onConnect = request -> TestHook.done(new ConnectVerdict.Accept(false, List.of(), "none/", true));
        Gate gate = new Gate(Servers.config(), hook, Clock.systemUTC(), System::nanoTime, new byte[1], id -> {});
        EmbeddedChannel channel = new EmbeddedChannel();
        Connection connection = new Connection(gate, channel, ADDRESS, new Share(), false);
        channel.pipeline().addLast(connection.reader, new GateHandler(connection));
        Counted counted = new Counted(bytes);
        channel.writeInbound(counted);
        channel.runPendingTasks();
        assertThat(gate.counters.value(GateCounter.TASKS_FAILED)).as("failures").isZero();
        channel.releaseOutbound();
        channel.close();
        channel.runPendingTasks();
        assertThat(channel.isOpen()).isFalse();
        return counted.looks;
    }

    private static byte[] packet(Random random, int level) {
        String[] topics = {"im/send", "im/\u4f60\u597d", "u/a/#", "t/x", "im/a/b/c"};
        String topic = topics[random.nextInt(topics.length)];
        byte[] properties = level == 4 || random.nextBoolean()
                ? Wire.NONE
                : new Wire.Bytes()
                        .u8(0x26)
                        .string("key")
                        .string("\u00fc")
                        .u8(0x03)
                        .string("text")
                        .bytes();
        int id = 1 + random.nextInt(9);
        return switch (random.nextInt(7)) {
            case 0 -> Wire.publish(level, topic, 0, 0, new byte[random.nextInt(300)], properties, 0);
            case 1 -> Wire.publish(level, "im/send", 1, id, new byte[random.nextInt(300)], properties, 8);
            case 2 -> Wire.subscribe(level, id, random.nextInt(3), topic, "u/a/x");
            case 3 -> Wire.unsubscribe(level, id, topic);
            case 4 -> Wire.acknowledge(4 + random.nextInt(4), id);
            case 5 -> Wire.PINGREQ;
            default -> {
                byte[] garbage = new byte[1 + random.nextInt(60)];
                random.nextBytes(garbage);
                yield garbage;
            }
        };
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 20_261_130, 4_711, 65_537})
    void mutatedPacketsAndGarbageTakeLinearWork(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS / 4; round++) {
            int level = random.nextBoolean() ? 5 : 4;
            byte[] stream = Wire.connect(level, "work");
            for (int i = random.nextInt(12); i > 0; i--) {
                stream = Wire.join(stream, packet(random, level));
            }
            for (int i = random.nextInt(4); i > 0; i--) {
                stream[random.nextInt(stream.length)] = (byte) random.nextInt(256);
            }
            assertThat(looks(stream))
                    .as("seed %d, round %d", seed, round)
                    .isLessThan((stream.length + 16L) * LOOKS_MAX);
        }
    }

    @Test
    void lengthsThatSayMoreThanThereIsTakeNoMoreWork() {
        byte[] connect = Wire.connect(5, "work");
        byte[] boast = Wire.join(
                new byte[] {0x10, 17},
                        new Wire.Bytes().string("MQTT").u8(5).u8(2).u16(60).bytes(),
                new byte[] {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x7F},
                        new Wire.Bytes().string("a").bytes());
        for (byte[] first : new byte[][] {boast, Wire.join(connect, new byte[] {(byte) 0x82, 0})}) {
            Wire.Bytes stream = new Wire.Bytes().raw(first);
            for (int i = 0; i < 20_000; i++) {
                stream.u8(0x10).u8(0);
            }
            assertThat(looks(stream.bytes())).isLessThan(2_000);
        }
    }
}
