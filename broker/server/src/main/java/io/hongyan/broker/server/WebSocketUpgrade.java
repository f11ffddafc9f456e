package io.hongyan.broker.server;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.util.ReferenceCountUtil;
import java.util.List;

/** From the HTTP request of a client to its WebSocket: only at the path, and only from pages of the configured origins. */
@Sharable
final class WebSocketUpgrade extends ChannelInboundHandlerAdapter {
    private static final String SUBPROTOCOLS = "mqtt, mqttv3.1, mqttv3.1.1";
    private static final int LINE_BYTES_MAX = 4_096;
    private static final int HEADER_BYTES_MAX = 8_192;
    private static final int BODY_BYTES_MAX = 1_024;
    private static final int READ_BYTES_MAX = 8_192;
    /** A packet may begin in a frame that holds the end of the one before it. */
    private static final int FRAME_ROOM_BYTES = 1_024;

    private final String path;
    private final List<String> origins;
    private final GateCounters counters;
    private final WebSocketServerProtocolConfig protocol;

    WebSocketUpgrade(BrokerConfig.Listeners listeners, int packetBytesMax, GateCounters counters) {
        this.path = listeners.webSocketPath();
        this.origins = listeners.webSocketOrigins();
        this.counters = counters;
        this.protocol = WebSocketServerProtocolConfig.newBuilder()
                .websocketPath(path)
                .checkStartsWith(true)
                .subprotocols(SUBPROTOCOLS)
                .decoderConfig(WebSocketDecoderConfig.newBuilder()
                        .maxFramePayloadLength(packetBytesMax + FRAME_ROOM_BYTES)
                        .build())
                .build();
    }

    /**
     * Adds everything that turns HTTP into bytes of MQTT.
     *
     * @param packets what reads those bytes
     */
    void fill(ChannelPipeline pipeline, PacketReader packets) {
        pipeline.addLast("http", new HttpServerCodec(LINE_BYTES_MAX, HEADER_BYTES_MAX, READ_BYTES_MAX));
        pipeline.addLast("httpBody", new HttpObjectAggregator(BODY_BYTES_MAX));
        fillBehindHttp(pipeline, packets);
    }

    /** The same where there is the codec of HTTP already, and it gives whole requests. */
    void fillBehindHttp(ChannelPipeline pipeline, PacketReader packets) {
        pipeline.addLast("webSocketUpgrade", this);
        pipeline.addLast("webSocket", new WebSocketFrames(protocol, packets));
        pipeline.addLast("webSocketBytes", new WebSocketBytes());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof FullHttpRequest request)) {
            context.fireChannelRead(message);
            return;
        }
        HttpResponseStatus refused = refusal(request);
        if (refused == null) {
            context.fireChannelRead(message);
            return;
        }
        ReferenceCountUtil.release(message);
        DefaultFullHttpResponse answer = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, refused);
        answer.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, 0);
        context.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
    }

    /** Null where the request may become a WebSocket. */
    private HttpResponseStatus refusal(FullHttpRequest request) {
        String target = request.uri();
        int query = target.indexOf('?');
        if (!path.equals(query < 0 ? target : target.substring(0, query))) {
            return HttpResponseStatus.NOT_FOUND;
        }
        String origin = request.headers().get(HttpHeaderNames.ORIGIN);
        if (!origins.isEmpty() && origin != null && !origins.contains(origin)) {
            counters.increment(GateCounter.ORIGINS_REFUSED);
            return HttpResponseStatus.FORBIDDEN;
        }
        return null;
    }
}
