package io.hongyan.broker.server.listen;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Takes further sockets of a port only once the event loops have taken in those before. So a loop that is busy gets a few new
 * sockets each turn, between the packets of clients that are there already, however many hundreds have connected at once; the
 * others wait in the backlog of the operating system. In the pipeline of the listening channel.
 */
final class AcceptPace extends ChannelInboundHandlerAdapter {
    /** Sockets taken at once. Each may cost its loop a signature in its first packet. */
    static final int SOCKETS_MAX = 4;

    private final AtomicInteger entering = new AtomicInteger();

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
        entering.incrementAndGet();
        context.fireChannelRead(accepted);
        try {
            // It has an event loop now, which takes it in before this.
            ((Channel) accepted).eventLoop().execute(() -> {
                if (entering.decrementAndGet() == 0) {
                    context.executor().execute(() -> goOn(context.channel()));
                }
            });
        } catch (IllegalStateException | RejectedExecutionException stopping) {
            // The event loops have ended, and the port will.
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

    private void goOn(Channel listening) {
        if (entering.get() == 0) {
            listening.config().setAutoRead(true);
        }
    }
}
