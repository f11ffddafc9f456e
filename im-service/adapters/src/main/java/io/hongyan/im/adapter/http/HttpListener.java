package io.hongyan.im.adapter.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;

/** Sockets, event loops and the pipeline of each connection. */
final class HttpListener implements AutoCloseable {
    /** They move bytes only. */
    private static final int EVENT_LOOPS = 2;

    private static final int CHUNK_BYTES_MAX = 8_192;
    private static final int BACKLOG = 512;
    private static final long CLOSE_MILLIS_MAX = 2_000;

    private final HttpShared shared;
    private final EventLoopGroup loops = new NioEventLoopGroup(EVENT_LOOPS, new DefaultThreadFactory("http"));
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private Channel listening;

    HttpListener(HttpShared shared) {
        this.shared = shared;
    }

    /** @throws IOException the address is in use or not of this machine */
    void start(String host, int port) throws IOException {
        ChannelFuture bound = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        install(channel.pipeline(), address(channel.remoteAddress()));
                    }
                })
                .bind(new InetSocketAddress(host, port))
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen for HTTP on " + host + ':' + port + ": "
                            + bound.cause().getMessage(),
                    bound.cause());
        }
        listening = bound.channel();
    }

    /** Handlers for a connection that does not read by itself ({@code AUTO_READ} off), behind those that are there. */
    void install(ChannelPipeline pipeline, String address) {
        connections.add(pipeline.channel());
        pipeline.addLast(HttpConnection.BEGINNINGS, new Beginnings());
        pipeline.addLast(
                new HttpServerCodec(new HttpDecoderConfig()
                        .setMaxInitialLineLength(RequestHead.LINE_BYTES_MAX)
                        .setMaxHeaderSize(RequestHead.HEADERS_BYTES_MAX)
                        .setMaxChunkSize(CHUNK_BYTES_MAX)),
                new HttpConnection(shared, address));
    }

    private static String address(SocketAddress remote) {
        return remote instanceof InetSocketAddress internet && internet.getAddress() != null
                ? internet.getAddress().getHostAddress()
                : String.valueOf(remote);
    }

    int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    @Override
    public void close() {
        if (listening != null) {
            listening.close().awaitUninterruptibly(CLOSE_MILLIS_MAX);
        }
        connections.close().awaitUninterruptibly(CLOSE_MILLIS_MAX);
        loops.shutdownGracefully(0, CLOSE_MILLIS_MAX, TimeUnit.MILLISECONDS).awaitUninterruptibly(CLOSE_MILLIS_MAX);
    }

    /** Notices the first bytes of a request, which may be long before the codec has one. */
    private static final class Beginnings extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object bytes) {
            context.fireUserEventTriggered(HttpConnection.BYTES_CAME);
            context.fireChannelRead(bytes);
        }
    }
}
