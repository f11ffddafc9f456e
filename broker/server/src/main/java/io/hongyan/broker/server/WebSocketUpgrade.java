package io.hongyan.broker.server;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** From the HTTP request of a client to its WebSocket: only at the path, and only from pages of the configured origins. */
@Sharable
final class WebSocketUpgrade extends ChannelInboundHandlerAdapter {
    private static final String PROBLEM = "application/problem+json";
    /** Of RFC 6455, and of two earlier drafts that some clients still use. */
    private static final Set<String> VERSIONS = Set.of("13", "8", "7");

    private static final String SUBPROTOCOLS = "mqtt, mqttv3.1, mqttv3.1.1";
    private static final int LINE_BYTES_MAX = 4_096;
    private static final int HEADER_BYTES_MAX = 8_192;
    private static final int BODY_BYTES_MAX = 1_024;
    private static final int READ_BYTES_MAX = 8_192;
    /** A packet may begin in a frame that contains the end of the previous one. */
    private static final int FRAME_ROOM_BYTES = 1_024;

    private final String path;
    private final List<String> origins;
    private final GateCounters counters;
    /** That of the newest connections. */
    private volatile WebSocketServerProtocolConfig protocol;

    WebSocketUpgrade(BrokerConfig.Listeners listeners, GateCounters counters) {
        this.path = listeners.webSocketPath();
        this.origins = listeners.webSocketOrigins();
        this.counters = counters;
        this.protocol = protocolWithFrames(FRAME_ROOM_BYTES);
    }

    private WebSocketServerProtocolConfig protocolWithFrames(int bytesMax) {
        return WebSocketServerProtocolConfig.newBuilder()
                .websocketPath(path)
                .checkStartsWith(true)
                .subprotocols(SUBPROTOCOLS)
                .decoderConfig(WebSocketDecoderConfig.newBuilder()
                        .maxFramePayloadLength(bytesMax)
                        .build())
                .build();
    }

    /** One for all connections that were opened under the same limits. */
    private WebSocketServerProtocolConfig protocol(int packetBytesMax) {
        WebSocketServerProtocolConfig newest = protocol;
        int bytesMax = packetBytesMax + FRAME_ROOM_BYTES;
        if (newest.decoderConfig().maxFramePayloadLength() != bytesMax) {
            newest = protocolWithFrames(bytesMax);
            protocol = newest;
        }
        return newest;
    }

    /** Adds everything that turns HTTP into bytes of MQTT, which the connection reads. */
    void fill(ChannelPipeline pipeline, Connection connection) {
        pipeline.addLast("http", new HttpServerCodec(LINE_BYTES_MAX, HEADER_BYTES_MAX, READ_BYTES_MAX));
        pipeline.addLast("httpBody", new HttpObjectAggregator(BODY_BYTES_MAX));
        fillBehindHttp(pipeline, connection);
    }

    /** The same if the HTTP codec is there already and provides whole requests. */
    void fillBehindHttp(ChannelPipeline pipeline, Connection connection) {
        pipeline.addLast("webSocketUpgrade", this);
        pipeline.addLast("webSocket", new WebSocketFrames(protocol(connection.packetBytesMax()), connection.reader));
        pipeline.addLast("webSocketBytes", new WebSocketBytes());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof FullHttpRequest request)) {
            context.fireChannelRead(message);
            return;
        }
        Refused refused = refusal(request);
        if (refused == null) {
            context.fireChannelRead(message);
            return;
        }
        ReferenceCountUtil.release(message);
        context.writeAndFlush(refused.answer()).addListener(ChannelFutureListener.CLOSE);
    }

    /** The refusal of a request for a WebSocket, in the same form as the HTTP API. */
    private record Refused(HttpResponseStatus status, String code, String detail) {
        FullHttpResponse answer() {
            String body = "{\"type\":\"about:blank\",\"title\":\"" + status.reasonPhrase() + "\",\"status\":"
                    + status.code() + ",\"code\":\"" + code + "\",\"detail\":\"" + detail + "\"}";
            FullHttpResponse answer = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, status, Unpooled.copiedBuffer(body, StandardCharsets.US_ASCII));
            HttpHeaders headers = answer.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, PROBLEM)
                    .setInt(HttpHeaderNames.CONTENT_LENGTH, body.length())
                    .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            if (status.equals(HttpResponseStatus.UPGRADE_REQUIRED)) {
                headers.set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
                        .set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, WebSocketVersion.V13.toHttpHeaderValue());
            } else if (status.equals(HttpResponseStatus.METHOD_NOT_ALLOWED)) {
                headers.set(HttpHeaderNames.ALLOW, HttpMethod.GET.name());
            }
            return answer;
        }
    }

    /** Null if the request may become a WebSocket. */
    private Refused refusal(FullHttpRequest request) {
        String target = request.uri();
        int query = target.indexOf('?');
        if (!path.equals(query < 0 ? target : target.substring(0, query))) {
            return new Refused(HttpResponseStatus.NOT_FOUND, "UNKNOWN_METHOD", "There is nothing at this path.");
        }
        HttpHeaders headers = request.headers();
        String origin = headers.get(HttpHeaderNames.ORIGIN);
        if (!origins.isEmpty() && origin != null && !origins.contains(origin)) {
            counters.increment(GateCounter.ORIGINS_REFUSED);
            return new Refused(
                    HttpResponseStatus.FORBIDDEN, "NOT_ALLOWED", "Pages of this origin may not open a WebSocket here.");
        }
        return handshakeFault(request.method(), headers);
    }

    /** Refusals that the WebSocket protocol itself would answer in its own words. */
    private static Refused handshakeFault(HttpMethod method, HttpHeaders headers) {
        if (!method.equals(HttpMethod.GET)) {
            return new Refused(
                    HttpResponseStatus.METHOD_NOT_ALLOWED, "UNKNOWN_METHOD", "A request for a WebSocket must use GET.");
        }
        if (!headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
                || !headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)) {
            return malformed(
                    "A request for a WebSocket must have the headers Upgrade: websocket and Connection:" + " Upgrade.");
        }
        if (!VERSIONS.contains(headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION, ""))) {
            return new Refused(
                    HttpResponseStatus.UPGRADE_REQUIRED, "MALFORMED", "The header Sec-WebSocket-Version must be 13.");
        }
        return headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY)
                ? null
                : malformed("The header Sec-WebSocket-Key is missing.");
    }

    private static Refused malformed(String detail) {
        return new Refused(HttpResponseStatus.BAD_REQUEST, "MALFORMED", detail);
    }
}
