package io.hongyan.broker.server.listen;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/** The threads that serve sockets: one that accepts, and as many as there are processors that read and write. */
public final class EventLoops implements AutoCloseable {
    private static final int STOP_MILLIS = 2_000;

    private final EventLoopGroup accepting;
    private final EventLoopGroup serving;
    private final Class<? extends ServerSocketChannel> channelType;

    /** Netty would use two per processor; the fewer loops share the work, the more each turn can batch. */
    public EventLoops() {
        int processors = Runtime.getRuntime().availableProcessors();
        if (Epoll.isAvailable()) {
            accepting = new EpollEventLoopGroup(1, new DefaultThreadFactory("accept"));
            serving = new EpollEventLoopGroup(processors, new DefaultThreadFactory("gate"));
            channelType = EpollServerSocketChannel.class;
        } else {
            accepting = new NioEventLoopGroup(1, new DefaultThreadFactory("accept"));
            serving = new NioEventLoopGroup(processors, new DefaultThreadFactory("gate"));
            channelType = NioServerSocketChannel.class;
        }
    }

    EventLoopGroup accepting() {
        return accepting;
    }

    EventLoopGroup serving() {
        return serving;
    }

    Class<? extends ServerSocketChannel> channelType() {
        return channelType;
    }

    @Override
    public void close() {
        accepting.shutdownGracefully(0, STOP_MILLIS, TimeUnit.MILLISECONDS);
        serving.shutdownGracefully(0, STOP_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly(STOP_MILLIS);
    }
}
