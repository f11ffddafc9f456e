package io.hongyan.broker.server.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AcceptPaceTest {
    private static final int SOCKETS = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void aBusyLoopGetsFewNewSocketsAndAllOfThemInTheEnd() throws Exception {
        AtomicInteger accepted = new AtomicInteger();
        AtomicInteger entered = new AtomicInteger();
        CountDownLatch free = new CountDownLatch(1);
        List<Socket> clients = new ArrayList<>();
        try (EventLoops loops = new EventLoops()) {
            int count = 0;
            for (var loop : loops.serving()) {
                count++;
            }
            CountDownLatch busy = new CountDownLatch(count);
            loops.serving()
                    .forEach(loop -> loop.execute(() -> {
                        busy.countDown();
                        awaitQuietly(free);
                    }));
            busy.await();
            Channel listening = listen(loops, accepted, entered);
            try {
                for (int i = 0; i < SOCKETS; i++) {
                    clients.add(new Socket(
                            InetAddress.getLoopbackAddress(),
                            ((InetSocketAddress) listening.localAddress()).getPort()));
                }
                await().atMost(PATIENCE)
                        .until(() -> accepted.get() > 0 && !listening.config().isAutoRead());
                assertThat(accepted.get()).isLessThanOrEqualTo(AcceptPace.SOCKETS_MAX);
                free.countDown();
                await().atMost(PATIENCE).until(() -> entered.get() == SOCKETS);
            } finally {
                free.countDown();
                listening.close().sync();
                for (Socket client : clients) {
                    client.close();
                }
            }
        }
    }

    /** One socket that its loop has registered after so long; returns how long the port waits for the next. */
    private static long pauseMillis(long tookMicros) {
        AtomicLong nanos = new AtomicLong();
        EmbeddedChannel child = new EmbeddedChannel();
        EmbeddedChannel listening = new EmbeddedChannel(new AcceptPace(nanos::get));
        listening.freezeTime();
        listening.writeInbound(child);
        assertThat(listening.config().isAutoRead()).isFalse();
        nanos.addAndGet(TimeUnit.MICROSECONDS.toNanos(tookMicros));
        child.runPendingTasks();
        listening.runPendingTasks();
        long millis = 0;
        while (!listening.config().isAutoRead() && millis < 1_000) {
            listening.advanceTimeBy(1, TimeUnit.MILLISECONDS);
            listening.runScheduledPendingTasks();
            millis++;
        }
        return millis;
    }

    @Test
    void whileLoopsAreLateThePortWaitsLonger() {
        assertThat(pauseMillis(2_000)).isZero();
        assertThat(pauseMillis(5_000)).isEqualTo(15);
        assertThat(pauseMillis(60_000)).isEqualTo(100);
    }

    private static Channel listen(EventLoops loops, AtomicInteger accepted, AtomicInteger entered) throws Exception {
        return new ServerBootstrap()
                .group(loops.accepting(), loops.serving())
                .channel(loops.channelType())
                .option(ChannelOption.SO_BACKLOG, SOCKETS)
                .option(
                        ChannelOption.RCVBUF_ALLOCATOR,
                        new ServerChannelRecvByteBufAllocator().maxMessagesPerRead(AcceptPace.SOCKETS_MAX))
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Counting(accepted), new AcceptPace(System::nanoTime));
                    }
                })
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        entered.incrementAndGet();
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Counting extends ChannelInboundHandlerAdapter {
        private final AtomicInteger count;

        Counting(AtomicInteger count) {
            this.count = count;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            count.incrementAndGet();
            context.fireChannelRead(message);
        }
    }
}
