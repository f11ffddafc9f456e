package io.hongyan.broker.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import java.util.function.Supplier;

/**
 * What stands between a client's bytes and Moquette: WebSocket frames where there are any, the gate, and Moquette's handler at
 * the end.
 */
final class GatePipeline {
    static final String MOQUETTE = "handler";

    private static final String[] TIMERS = {"idleStateHandler", "inflightResender"};

    private final Gate gate;
    private final Supplier<ChannelHandler> moquette;
    private final WebSocketUpgrade upgrade;
    private final WriteBufferWaterMark waterMark;

    /** @param moquette gives the handler of Moquette */
    GatePipeline(Gate gate, Supplier<ChannelHandler> moquette) {
        this.gate = gate;
        this.moquette = moquette;
        this.upgrade = new WebSocketUpgrade(
                gate.config.listeners(), gate.config.packets().packetBytesMax(), gate.counters);
        this.waterMark = new WriteBufferWaterMark(
                gate.config.flow().writeBufferLowBytes(), gate.config.flow().writeBufferHighBytes());
    }

    /** Moquette adds them when a CONNECT completes; keep-alive is the gate's, and resending is forbidden or useless. */
    static void removeTimers(ChannelPipeline pipeline) {
        for (String name : TIMERS) {
            if (pipeline.get(name) != null) {
                pipeline.remove(name);
            }
        }
    }

    /** For MQTT as it is. */
    void fill(Channel channel) {
        fill(channel, false);
    }

    /** For MQTT in WebSocket frames. */
    void fillForWebSocket(Channel channel) {
        fill(channel, true);
    }

    private void fill(Channel channel, boolean webSocket) {
        Share share = gate.stores == null ? null : gate.addresses.open(channel);
        if (share == null) {
            channel.close();
            return;
        }
        gate.counters.increment(GateCounter.CONNECTIONS_OPENED);
        channel.config().setWriteBufferWaterMark(waterMark);
        ChannelPipeline pipeline = channel.pipeline();
        Connection connection = new Connection(gate, channel, Addresses.key(channel), share, webSocket);
        gate.handshakes.enter(connection);
        pipeline.addLast("handshakeBytes", new HandshakeBytes(connection));
        if (webSocket) {
            upgrade.fill(pipeline);
        }
        pipeline.addLast("packets", connection.reader);
        pipeline.addLast("gate", new GateHandler(connection));
        pipeline.addLast(MOQUETTE, moquette.get());
    }
}
