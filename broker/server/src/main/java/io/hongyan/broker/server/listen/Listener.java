package io.hongyan.broker.server.listen;

import io.hongyan.broker.server.tls.TlsContexts.Inside;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/**
 * A bound port. Of each connection it first learns where the client is (from the proxy, where there is one), then puts TLS into
 * its pipeline, in front of what the port is for.
 */
public final class Listener implements AutoCloseable {
    /** Name of the handler in the pipeline, where there is TLS. */
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
     * @param service adds to the pipeline of each connection what reads and writes behind TLS; on its event loop
     * @throws IOException the address is in use or not of this machine
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
                // Of a client that sends without end one read, up to 64 KiB, and then the others have their turn.
                .childOption(ChannelOption.RCVBUF_ALLOCATOR, new AdaptiveRecvByteBufAllocator().maxMessagesPerRead(1))
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        meet(accepted, port, edge, service);
                    }
                });
        ChannelFuture bound = bootstrap.bind(port.host(), port.number()).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + port + ": " + bound.cause().getMessage(), bound.cause());
        }
        return new Listener(port, bound.channel());
    }

    private static void meet(Channel accepted, Port port, Edge edge, Consumer<Channel> service) {
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

    /** The client's address is known. Whom the service turns away, for its address for example, costs no handshake. */
    private static void enter(Channel accepted, Port port, Edge edge, Consumer<Channel> service) {
        String last = accepted.pipeline().lastContext().name();
        service.accept(accepted);
        if (port.tls() && accepted.isOpen()) {
            addTls(accepted, port, edge, last);
        }
    }

    /** @param last what the service has added comes behind this handler */
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

    /** The bound one. */
    public int number() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    /** Takes no new connections; those that are there stay. */
    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
    }
}
