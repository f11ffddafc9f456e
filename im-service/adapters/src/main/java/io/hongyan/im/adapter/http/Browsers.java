package io.hongyan.im.adapter.http;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.util.List;

/** What pages in browsers may do: use the API from other origins (CORS), and open WebSockets at the port of the API. */
public final class Browsers {
    private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE";
    private static final String REQUEST_HEADERS = "Authorization, Content-Type, Idempotency-Key";
    private static final String ANSWER_HEADERS = "Retry-After, Location";
    private static final int PREFLIGHT_SECONDS = 600;

    private final List<String> origins;
    private volatile String webSocketPath;
    private volatile WebSockets webSockets;

    /** Takes over a connection that asks for a WebSocket. */
    @FunctionalInterface
    public interface WebSockets {
        /**
         * Called on the event loop of the connection.
         *
         * @param pipeline of a channel that does not read by itself; has the codec of HTTP, and nothing behind it
         * @param request which is the taker's from now on
         */
        void take(ChannelPipeline pipeline, FullHttpRequest request);
    }

    /** @param origins pages from there may use the API, such as {@code https://chat.example.com} */
    public Browsers(List<String> origins) {
        this.origins = List.copyOf(origins);
    }

    /** From now on requests for a WebSocket at this path are given away; before they are answered with 404. */
    public void takeWebSockets(String path, WebSockets taker) {
        webSocketPath = path;
        webSockets = taker;
    }

    boolean asksForWebSocket(HttpRequest head) {
        if (webSockets == null || !head.method().equals(HttpMethod.GET)) {
            return false;
        }
        int query = head.uri().indexOf('?');
        String path = query < 0 ? head.uri() : head.uri().substring(0, query);
        return path.equals(webSocketPath)
                && head.headers().containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
    }

    void give(ChannelPipeline pipeline, FullHttpRequest request) {
        webSockets.take(pipeline, request);
    }

    /** The page's origin where it may read the answer, else null. */
    String allowedOrigin(HttpRequest head) {
        String origin = head.headers().get(HttpHeaderNames.ORIGIN);
        return origin != null && origins.contains(origin) ? origin : null;
    }

    /** @param origin null where the answer is for no page of another origin */
    void addHeaders(HttpHeaders answer, String method, String origin) {
        if (origins.isEmpty()) {
            return;
        }
        answer.add(HttpHeaderNames.VARY, HttpHeaderNames.ORIGIN);
        if (origin == null) {
            return;
        }
        answer.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        if (method.equals(HttpMethod.OPTIONS.name())) {
            answer.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS, METHODS)
                    .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS)
                    .set(HttpHeaderNames.ACCESS_CONTROL_MAX_AGE, PREFLIGHT_SECONDS);
        } else {
            answer.set(HttpHeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS, ANSWER_HEADERS);
        }
    }
}
