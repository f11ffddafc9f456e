package io.hongyan.broker.server.listen;

import io.hongyan.broker.server.tls.TlsContexts.Inside;
import io.hongyan.runtime.FatalErrors;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/**
 * A bound port. For each connection it first determines the client's address (from the proxy, if there is one), then
 * adds TLS to its pipeline, in front of the service of the port.
 */
public final class Listener implements AutoCloseable {
    /** Name of the handler in the pipeline, if there is TLS. */
    public static final String TLS = "tls";

    private static final int ACCEPT_BACKLOG = 4_096;

    private final Port port;
    private final Channel channel;

    private Listener(Port port, Channel channel) {
        this.port = port;
        this.channel = channel;
    }

    /**
     * Clients can connect when it returns.
     *
     * @param service adds the handlers behind TLS to the pipeline of each connection; on its event loop
     * @throws IOException the address is in use, or is not of this machine
     */
    public static Listener bind(Port port, Edge edge, Consumer<Channel> service) throws IOException {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(edge.loops().accepting(), edge.loops().serving())
                .channel(edge.loops().channelType())
                .option(ChannelOption.SO_BACKLOG, ACCEPT_BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(
                        ChannelOption.RCVBUF_ALLOCATOR,
                        new ServerChannelRecvByteBufAllocator().maxMessagesPerRead(AcceptPace.SOCKETS_MAX))
                .handler(new AcceptPace(edge.nanoTime()))
                // Reads at most 64 KiB of a client at once, so that a client that sends without end does not delay
                // others.
                .childOption(ChannelOption.RCVBUF_ALLOCATOR, new AdaptiveRecvByteBufAllocator().maxMessagesPerRead(1))
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        meet(accepted, port, edge, service);
                    }

                    @Override
                    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) throws Exception {
                        FatalErrors.escalate(cause);
                        super.exceptionCaught(context, cause);
                    }
                });
        ChannelFuture bound = bootstrap.bind(port.host(), port.number()).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + port + ": " + bound.cause().getMessage(), bound.cause());
        }
        return new Listener(port, bound.channel());
    }

    static void meet(Channel accepted, Port port, Edge edge, Consumer<Channel> service) {
        Runnable enter = () -> enter(accepted, port, edge, service);
        InetSocketAddress peer = ClientAddress.of(accepted);
        if (!port.proxy() || peer == null) {
            enter.run();
        } else if (edge.proxies().believes(peer)) {
            ProxyHeader.await(accepted.pipeline(), edge.proxies(), enter);
        } else if (edge.proxies().letsIn(peer)) {
            enter.run();
        } else {
            accepted.close();
        }
    }

    /**
     * The client's address is known. A client that the service refuses, for example by its address, costs no handshake.
     */
    private static void enter(Channel accepted, Port port, Edge edge, Consumer<Channel> service) {
        String last = accepted.pipeline().lastContext().name();
        service.accept(accepted);
        if (port.tls() && accepted.isOpen()) {
            addTls(accepted, port, edge, last);
        }
    }

    /** @param last the handlers of the service come after this one */
    private static void addTls(Channel accepted, Port port, Edge edge, String last) {
        InetSocketAddress address = ClientAddress.of(accepted);
        InetAddress client = ClientAddress.network(accepted);
        if (client == null || !edge.handshakes().begin(client, edge.handshakes().exempts(address.getAddress()))) {
            accepted.close();
            return;
        }
        Inside inside = port.service() == Port.Service.MQTT ? Inside.MQTT : Inside.HTTP;
        SslHandler tls = edge.tls().handler(inside, accepted.alloc());
        accepted.pipeline().addAfter(last, TLS, tls);
        tls.handshakeFuture().addListener(done -> edge.handshakes().end(client, done.isSuccess()));
    }

    public Port port() {
        return port;
    }

    /** The bound address. */
    public int number() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    /** Accepts no new connections; open ones stay. */
    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
    }
}
