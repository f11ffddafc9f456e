package io.hongyan.broker.server.listen;

import io.hongyan.runtime.FatalErrors;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;

/**
 * Waits for the header of a proxy; before that, nothing else of the connection is read, and no other handler sees it.
 */
final class ProxyHeader extends ChannelInboundHandlerAdapter {
    /** Limit for further fields in a header of version 2, which are ignored. */
    private static final int FACTS_BYTES_MAX = 1_024;

    private final Proxies proxies;
    private final Runnable then;
    private ScheduledFuture<?> deadline;
    private boolean known;
    private boolean refused;

    private ProxyHeader(Proxies proxies, Runnable then) {
        this.proxies = proxies;
        this.then = then;
    }

    /** @param then adds further handlers to the pipeline, once the client's address is known */
    static void await(ChannelPipeline pipeline, Proxies proxies, Runnable then) {
        pipeline.addLast(new HAProxyMessageDecoder(FACTS_BYTES_MAX), new ProxyHeader(proxies, then));
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        deadline = context.executor().schedule(() -> refuse(context), proxies.headerMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        // Later handlers are told of the connection when the client's address is known.
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (known || !(message instanceof HAProxyMessage header)) {
            context.fireChannelRead(message);
            return;
        }
        try {
            note(context, header);
        } finally {
            ReferenceCountUtil.release(header);
        }
        known = true;
        deadline.cancel(false);
        proxies.headerRead();
        then.run();
        context.fireChannelActive();
        // The decoder removes itself; then the bytes that it has read after the header follow.
        context.pipeline().remove(this);
    }

    /** A proxy that connects for itself, or gives no address, is treated as the client. */
    private static void note(ChannelHandlerContext context, HAProxyMessage header) {
        byte[] address = header.sourceAddress() == null || header.command() == HAProxyCommand.LOCAL
                ? null
                : NetUtil.createByteArrayFromIpAddressString(header.sourceAddress());
        if (address == null) {
            return;
        }
        try {
            ClientAddress.tell(
                    context.channel(), new InetSocketAddress(InetAddress.getByAddress(address), header.sourcePort()));
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("the length of an address was checked", impossible);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        deadline.cancel(false);
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        FatalErrors.escalate(cause);
        deadline.cancel(false);
        refuse(context);
    }

    private void refuse(ChannelHandlerContext context) {
        if (!known && !refused) {
            refused = true;
            proxies.headerRefused();
        }
        context.close();
    }
}
