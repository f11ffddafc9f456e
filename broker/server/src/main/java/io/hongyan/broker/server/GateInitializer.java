package io.hongyan.broker.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import java.util.function.Consumer;

/**
 * Puts the gate into the pipeline that Moquette has just filled, and takes out of it what the gate does itself or nobody
 * needs.
 */
@ChannelHandler.Sharable
final class GateInitializer extends ChannelInitializer<Channel> {
    static final String DECODER = "decoder";
    static final String MOQUETTE = "handler";

    private static final String[] NOT_NEEDED = {
        "bytemetrics", "idleStateHandler", "idleEventHandler", "encoder", "metrics", "messageLogger", "autoflush"
    };
    private static final String[] TIMERS = {"idleStateHandler", "inflightResender"};
    private static final String WEB_SOCKET_IN = "ws2bytebufDecoder";
    private static final String WEB_SOCKET_OUT = "bytebuf2wsEncoder";

    private final Gate gate;
    private final WriteBufferWaterMark waterMark;
    private final Consumer<Channel> accepted;

    /** @param accepted hears of each accepted channel */
    GateInitializer(Gate gate, Consumer<Channel> accepted) {
        this.gate = gate;
        this.accepted = accepted;
        this.waterMark = new WriteBufferWaterMark(
                gate.config.flow().writeBufferLowBytes(), gate.config.flow().writeBufferHighBytes());
    }

    /** Moquette adds them when a CONNECT completes; keep-alive is the gate's, and resending is forbidden or useless. */
    static void removeTimers(ChannelPipeline pipeline) {
        remove(pipeline, TIMERS);
    }

    @Override
    protected void initChannel(Channel channel) {
        ChannelPipeline pipeline = channel.pipeline();
        remove(pipeline, NOT_NEEDED);
        if (!gate.addresses.open(channel, gate.nowMillis())) {
            pipeline.remove(MOQUETTE);
            channel.close();
            return;
        }
        gate.counters.increment(GateCounter.CONNECTIONS_OPENED);
        accepted.accept(channel);
        channel.config().setWriteBufferWaterMark(waterMark);
        boolean webSocket = pipeline.get(WEB_SOCKET_IN) != null;
        if (webSocket) {
            pipeline.replace(WEB_SOCKET_IN, "webSocketBytes", new WebSocketBytes());
            pipeline.remove(WEB_SOCKET_OUT);
        }
        Connection connection = new Connection(gate, gate.loop(channel), channel, gate.nextId(), webSocket);
        pipeline.replace(DECODER, "packets", connection.reader);
        pipeline.addBefore(MOQUETTE, "gate", new GateHandler(connection));
    }

    private static void remove(ChannelPipeline pipeline, String[] names) {
        for (String name : names) {
            if (pipeline.get(name) != null) {
                pipeline.remove(name);
            }
        }
    }
}
