package io.hongyan.broker.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.util.List;

/** The WebSocket protocol, in which pings are answered at once: pings and empty frames count as packets too. */
final class WebSocketFrames extends WebSocketServerProtocolHandler {
    private final PacketReader packets;

    WebSocketFrames(WebSocketServerProtocolConfig protocol, PacketReader packets) {
        super(protocol);
        this.packets = packets;
    }

    @Override
    protected void decode(ChannelHandlerContext context, WebSocketFrame frame, List<Object> out) throws Exception {
        boolean data = frame instanceof BinaryWebSocketFrame || frame instanceof ContinuationWebSocketFrame;
        if (!data || !frame.content().isReadable()) {
            packets.frameWithoutPacket(frame.content().readableBytes());
        }
        super.decode(context, frame, out);
    }
}
