package io.hongyan.broker.server.listen;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Takes further sockets of a port only once the event loops have taken in those before. So a loop that is busy gets a few new
 * sockets each turn, between the packets of clients that are there already, however many hundreds have connected at once; the
 * others wait in the backlog of the operating system. In the pipeline of the listening channel; used by its event loop.
 */
final class AcceptPace extends ChannelInboundHandlerAdapter {
    /** Sockets taken at once. Each may cost its loop a signature in its first packet. */
    static final int SOCKETS_MAX = 4;

    private int entering;

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
        entering++;
        context.fireChannelRead(accepted);
        // It has an event loop now, which takes it in before this.
        ((Channel) accepted).eventLoop().execute(() -> context.executor().execute(() -> entered(context.channel())));
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (entering > 0) {
            context.channel().config().setAutoRead(false);
        }
        context.fireChannelReadComplete();
    }

    private void entered(Channel listening) {
        entering--;
        if (entering == 0) {
            listening.config().setAutoRead(true);
        }
    }
}
