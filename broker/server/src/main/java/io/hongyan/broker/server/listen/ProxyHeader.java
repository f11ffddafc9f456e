package io.hongyan.broker.server.listen;

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

/** Waits for what a proxy says of a connection; nothing else of it is read, and nobody else sees it, before. */
final class ProxyHeader extends ChannelInboundHandlerAdapter {
    /** Further facts that a header of version 2 may hold; they are passed over. */
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

    /** @param then adds what follows to the pipeline, once it is known where the client is */
    static void await(ChannelPipeline pipeline, Proxies proxies, Runnable then) {
        pipeline.addLast(new HAProxyMessageDecoder(FACTS_BYTES_MAX), new ProxyHeader(proxies, then));
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        deadline = context.executor().schedule(() -> refuse(context), proxies.headerMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        // Those behind hear of the connection when it is known whose it is.
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
        // The decoder goes by itself, and then what it has read behind the header comes.
        context.pipeline().remove(this);
    }

    /** A proxy that speaks for itself, or for nobody with an address, is taken as it is. */
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
