package io.hongyan.broker.server;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.util.ReferenceCountUtil;

/** Is directly in front of Moquette in the pipeline: everything to and from Moquette passes the gate. */
final class GateHandler extends ChannelDuplexHandler {
    private final Connection connection;

    GateHandler(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        connection.inner = context;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        // Events for Moquette start behind this handler.
        ReferenceCountUtil.release(message);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        // The gate decides when Moquette is told.
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        // Each one costs Moquette a hand-off to a session thread; the gate passes on only those that matter.
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Ending.failed(connection, cause);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof MqttMessage packet) {
            // Moquette completes a CONNECT when its answer counts as written.
            MoquetteTask.causedBy(connection, () -> connection.moquette().write(packet, promise));
        } else {
            context.write(message, promise);
        }
    }
}
