package io.hongyan.im.adapter.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server at a free port of this machine; in the distribution the gate accepts its connections. */
final class HttpOnPort implements AutoCloseable {
    /** Whoever comes from there may not read metrics. */
    static final String STRANGER = "127.0.0.9";

    private final EventLoopGroup loops = new NioEventLoopGroup(2);
    private final HttpServer server;
    private final Channel listening;

    HttpOnPort(HttpServer server) {
        this.server = server;
        this.listening = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        String client = channel.remoteAddress().getAddress().getHostAddress();
                        server.serve(channel.pipeline(), client, !client.equals(STRANGER));
                    }
                })
                .bind(new InetSocketAddress("127.0.0.1", 0))
                .syncUninterruptibly()
                .channel();
    }

    int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    void open() {
        server.open();
    }

    void stopAnswering() {
        server.stopAnswering();
    }

    void summarizeLog() {
        server.summarizeLog();
    }

    List<Operation> operations() {
        return server.operations();
    }

    List<String> registered() {
        return server.registered();
    }

    @Override
    public void close() {
        if (loops.isShuttingDown()) {
            return;
        }
        listening.close().syncUninterruptibly();
        server.close();
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
