package io.hongyan.bench.server;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * A port of this process whose connections are forwarded to a server, each by its own connection, with TLS or without.
 * So clients without TLS can measure what TLS costs the server; its cost for the client is in this process.
 */
public final class Tunnel implements AutoCloseable {
    private static final int ACCEPT_BACKLOG = 4_096;
    private static final int STOP_MILLIS = 2_000;

    private final EventLoopGroup loops = new NioEventLoopGroup(1);
    private final Channel listening;

    /** @param authority of the server's certificate, PEM; null = without TLS */
    Tunnel(InetSocketAddress server, Path authority) {
        SslContext tls = authority == null ? null : trusting(authority);
        listening = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, ACCEPT_BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        goOn(accepted, server, tls);
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
    }

    private static SslContext trusting(Path authority) {
        try {
            return SslContextBuilder.forClient()
                    .trustManager(authority.toFile())
                    .build();
        } catch (SSLException unusable) {
            throw new IllegalStateException(unusable);
        }
    }

    private void goOn(Channel accepted, InetSocketAddress server, SslContext tls) {
        Bootstrap further = new Bootstrap()
                .group(accepted.eventLoop())
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.AUTO_READ, false)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel outgoing) {
                        if (tls != null) {
                            outgoing.pipeline()
                                    .addLast(
                                            tls.newHandler(outgoing.alloc(), server.getHostString(), server.getPort()));
                        }
                        outgoing.pipeline().addLast(new Relay(accepted));
                    }
                });
        Channel outgoing = further.connect(server)
                .addListener((ChannelFutureListener) connected -> {
                    if (connected.isSuccess()) {
                        accepted.config().setAutoRead(true);
                        connected.channel().config().setAutoRead(true);
                    } else {
                        accepted.close();
                    }
                })
                .channel();
        accepted.pipeline().addLast(new Relay(outgoing));
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listening.localAddress();
    }

    @Override
    public void close() {
        loops.shutdownGracefully(0, STOP_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly(STOP_MILLIS);
    }

    /** Forwards what it reads to the other end, and stops reading while the other end does not accept it. */
    private static final class Relay extends ChannelInboundHandlerAdapter {
        private final Channel other;

        private Relay(Channel other) {
            this.other = other;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object bytes) {
            if (other.isActive()) {
                other.write(bytes, other.voidPromise());
            } else {
                ReferenceCountUtil.release(bytes);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            other.flush();
            context.channel().config().setAutoRead(other.isWritable());
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            other.config().setAutoRead(context.channel().isWritable());
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            other.close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
