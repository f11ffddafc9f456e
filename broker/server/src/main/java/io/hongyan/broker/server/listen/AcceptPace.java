package io.hongyan.broker.server.listen;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Accepts the next sockets of a port only when the event loops have started the previous ones. So a busy loop gets a
 * few new sockets each turn, between the packets of connected clients, however many hundreds connect at once; the
 * others wait in the backlog of the operating system. In the pipeline of the listening channel.
 */
final class AcceptPace extends ChannelInboundHandlerAdapter {
    /** Sockets accepted at once. Each may cost its loop a signature in its first packet. */
    static final int SOCKETS_MAX = 4;

    /** A turn of an event loop up to this long does not disturb connected clients. */
    private static final long CALM_NANOS = 2_000_000;
    /** Share of the time for new sockets while a loop is late: one turn with, three without. */
    private static final int PAUSE_PASSES = 3;

    private static final long PAUSE_NANOS_MAX = 100_000_000;

    private final LongSupplier nanoTime;
    private final AtomicInteger entering = new AtomicInteger();
    private long sinceNanos;

    AcceptPace(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
        if (entering.getAndIncrement() == 0) {
            sinceNanos = nanoTime.getAsLong();
        }
        context.fireChannelRead(accepted);
        try {
            // The socket has an event loop now, which registers it before this task runs.
            ((Channel) accepted).eventLoop().execute(() -> {
                if (entering.decrementAndGet() == 0) {
                    context.executor().execute(() -> entered(context));
                }
            });
        } catch (IllegalStateException | RejectedExecutionException stopping) {
            // The event loops have ended, and the port will end too.
            entering.decrementAndGet();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (entering.get() > 0) {
            context.channel().config().setAutoRead(false);
        }
        context.fireChannelReadComplete();
    }

    private void entered(ChannelHandlerContext context) {
        long took = nanoTime.getAsLong() - sinceNanos;
        if (took <= CALM_NANOS) {
            goOn(context.channel());
        } else {
            long pause = Math.min(took * PAUSE_PASSES, PAUSE_NANOS_MAX);
            context.executor().schedule(() -> goOn(context.channel()), pause, TimeUnit.NANOSECONDS);
        }
    }

    private void goOn(Channel listening) {
        if (entering.get() == 0) {
            listening.config().setAutoRead(true);
        }
    }
}
