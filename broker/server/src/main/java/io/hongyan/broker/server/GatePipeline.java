package io.hongyan.broker.server;

import io.hongyan.broker.server.listen.ClientAddress;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpServerCodec;
import java.util.function.Supplier;

/**
 * The handlers between a client's bytes and Moquette: WebSocket frames if there are any, the gate, and Moquette's
 * handler at the end.
 */
final class GatePipeline {
    static final String MOQUETTE = "handler";

    private static final String HANDSHAKE_BYTES = "handshakeBytes";
    private static final String[] TIMERS = {"idleStateHandler", "inflightResender"};

    private final Gate gate;
    private final Supplier<ChannelHandler> moquette;
    private final WebSocketUpgrade upgrade;
    /** That of the newest connections. */
    private volatile WriteBufferWaterMark waterMark = WriteBufferWaterMark.DEFAULT;

    /** @param moquette provides the handler of Moquette */
    GatePipeline(Gate gate, Supplier<ChannelHandler> moquette) {
        this.gate = gate;
        this.moquette = moquette;
        this.upgrade = new WebSocketUpgrade(gate.config.listeners(), gate.counters);
    }

    /**
     * Moquette adds them when a CONNECT completes; the gate does keep-alive itself, and resending is forbidden or
     * useless.
     */
    static void removeTimers(ChannelPipeline pipeline) {
        for (String name : TIMERS) {
            if (pipeline.get(name) != null) {
                pipeline.remove(name);
            }
        }
    }

    /** For plain MQTT. */
    void fill(Channel channel) {
        Connection connection = opened(channel, false);
        if (connection != null) {
            channel.pipeline().addLast(HANDSHAKE_BYTES, new HandshakeBytes(connection));
            fill(connection);
        }
    }

    /** For MQTT in WebSocket frames. */
    void fillForWebSocket(Channel channel) {
        Connection connection = opened(channel, true);
        if (connection != null) {
            channel.pipeline().addLast(HANDSHAKE_BYTES, new HandshakeBytes(connection));
            upgrade.fill(channel.pipeline(), connection);
            fill(connection);
        }
    }

    /**
     * For a connection that used HTTP so far and asks for a WebSocket.
     *
     * @param request released here
     */
    void upgrade(Channel channel, FullHttpRequest request) {
        Connection connection = opened(channel, true);
        if (connection == null) {
            request.release();
            return;
        }
        ChannelPipeline pipeline = channel.pipeline();
        ChannelHandlerContext http = pipeline.context(HttpServerCodec.class);
        pipeline.addBefore(http.name(), HANDSHAKE_BYTES, new HandshakeBytes(connection));
        upgrade.fillBehindHttp(pipeline, connection);
        fill(connection);
        channel.config().setAutoRead(true);
        http.fireChannelActive();
        http.fireChannelRead(request);
    }

    /** Counts it; null if it is closed instead. */
    private Connection opened(Channel channel, boolean webSocket) {
        Share share = gate.stores == null ? null : gate.addresses.open(channel);
        if (share == null) {
            channel.close();
            return null;
        }
        gate.counters.increment(GateCounter.CONNECTIONS_OPENED);
        Connection connection = new Connection(gate, channel, ClientAddress.network(channel), share, webSocket);
        channel.config().setWriteBufferWaterMark(waterMark(connection.flow()));
        gate.handshakes.enter(connection);
        return connection;
    }

    /** One for all connections that were opened under the same limits. */
    private WriteBufferWaterMark waterMark(BrokerConfig.FlowLimits flow) {
        WriteBufferWaterMark newest = waterMark;
        if (newest.low() != flow.writeBufferLowBytes() || newest.high() != flow.writeBufferHighBytes()) {
            newest = new WriteBufferWaterMark(flow.writeBufferLowBytes(), flow.writeBufferHighBytes());
            waterMark = newest;
        }
        return newest;
    }

    private void fill(Connection connection) {
        ChannelPipeline pipeline = connection.channel.pipeline();
        pipeline.addLast("packets", connection.reader);
        pipeline.addLast("gate", new GateHandler(connection));
        pipeline.addLast(MOQUETTE, moquette.get());
    }
}
