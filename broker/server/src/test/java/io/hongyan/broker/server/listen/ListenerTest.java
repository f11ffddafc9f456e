package io.hongyan.broker.server.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How much a port reads from the network at once. */
@Timeout(60)
class ListenerTest {
    private static final int SOCKETS = 100;
    private static final int BYTES = 100_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Port port = new Port(Port.Service.MQTT, "127.0.0.1", 0, false, false);

    @Test
    void whileLoopsAreBusyFewNewSocketsAreTaken() throws Exception {
        AtomicInteger served = new AtomicInteger();
        CountDownLatch connected = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        List<Socket> clients = new ArrayList<>();
        try (Edge edge = Edge.open(System::nanoTime);
                Listener listener = Listener.bind(port, edge, channel -> served.incrementAndGet())) {
            stop(edge.loops().serving(), free);
            stop(edge.loops().accepting(), connected);
            for (int i = 0; i < SOCKETS; i++) {
                clients.add(new Socket(InetAddress.getLoopbackAddress(), listener.number()));
            }
            connected.countDown();
            // Each turn of the accepting loop may accept some.
            for (int turn = 0; turn < SOCKETS; turn++) {
                edge.loops().accepting().next().submit(() -> {}).sync();
            }
            // For each socket: its entry, and what comes after it.
            assertThat(waiting(edge.loops().serving())).isBetween(1, 2 * AcceptPace.SOCKETS_MAX);
            free.countDown();
            await().atMost(PATIENCE).until(() -> served.get() == SOCKETS);
        } finally {
            connected.countDown();
            free.countDown();
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    private static void stop(Iterable<EventExecutor> loops, CountDownLatch until) throws InterruptedException {
        for (EventExecutor loop : loops) {
            CountDownLatch stopped = new CountDownLatch(1);
            loop.execute(() -> {
                stopped.countDown();
                awaitQuietly(until);
            });
            stopped.await();
        }
    }

    private static int waiting(Iterable<EventExecutor> loops) {
        int tasks = 0;
        for (EventExecutor loop : loops) {
            tasks += ((SingleThreadEventLoop) loop).pendingTasks();
        }
        return tasks;
    }

    @Test
    void aClientThatSendsMuchIsReadOnceBeforeTheOthersHaveTheirTurn() throws Exception {
        CountDownLatch written = new CountDownLatch(1);
        Reads reads = new Reads(written);
        try (Edge edge = Edge.open(System::nanoTime);
                Listener listener =
                        Listener.bind(port, edge, channel -> channel.pipeline().addLast(reads));
                Socket client = new Socket(InetAddress.getLoopbackAddress(), listener.number())) {
            await().atMost(PATIENCE).until(() -> reads.stopped);
            // The network buffers all of it before anything is read.
            client.getOutputStream().write(new byte[BYTES]);
            written.countDown();
            await().atMost(PATIENCE).until(() -> reads.bytes.get() == BYTES);
            assertThat(reads.turns).isGreaterThan(1);
            assertThat(reads.mostInATurn).isEqualTo(1);
        } finally {
            written.countDown();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    /** Counts the reads in one turn; starts when the test allows it. */
    private static final class Reads extends ChannelInboundHandlerAdapter {
        private final CountDownLatch begin;
        private final AtomicInteger bytes = new AtomicInteger();
        private volatile boolean stopped;
        private volatile int turns;
        private volatile int mostInATurn;
        private int inThisTurn;

        Reads(CountDownLatch begin) {
            this.begin = begin;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            stopped = true;
            awaitQuietly(begin);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            bytes.addAndGet(((ByteBuf) message).readableBytes());
            inThisTurn++;
            mostInATurn = Math.max(mostInATurn, inThisTurn);
            ReferenceCountUtil.release(message);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            turns++;
            inThisTurn = 0;
        }
    }
}
