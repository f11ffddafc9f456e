package io.hongyan.im.adapter.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslHandler;
import java.util.Date;
import java.util.Set;
import java.util.function.Consumer;

/** Writes the answer to one request. Called by the channel's event loop. */
final class AnswerWriter {
    private static final String OTHER_METHODS = "other";
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
    private static final float MILLIS_PER_NANO = 1e-6f;

    private final HttpShared shared;
    private final String method;
    private final HttpVersion version;
    private final long from;
    /** Of the page that may read the answer, null where there is none. */
    private final String origin;

    private boolean keep;

    private AnswerWriter(HttpShared shared, String method, HttpVersion version, String origin, boolean keep) {
        this.shared = shared;
        this.method = method;
        this.version = version;
        this.origin = origin;
        this.keep = keep;
        this.from = shared.nanoTime().getAsLong();
    }

    static AnswerWriter of(HttpShared shared, HttpRequest head) {
        return new AnswerWriter(
                shared,
                head.method().name(),
                head.protocolVersion(),
                shared.browsers().allowedOrigin(head),
                HttpUtil.isKeepAlive(head));
    }

    /** To a client that has not sent a whole request. */
    static AnswerWriter ofNoRequest(HttpShared shared) {
        return new AnswerWriter(shared, OTHER_METHODS, HttpVersion.HTTP_1_1, null, false);
    }

    static FullHttpResponse goOn() {
        return new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER);
    }

    /** The connection ends with this answer, as the rest of its request is not read. */
    void closeAfter() {
        keep = false;
    }

    /**
     * @param address of the client
     * @param then told once the answer is written whether the connection goes on
     */
    void write(ChannelHandlerContext context, String address, String route, HttpAnswer asked, Consumer<Boolean> then) {
        int counted = asked.body().length <= HttpShared.SMALL_BYTES ? 0 : asked.body().length;
        boolean fits = shared.memory().take(address, counted);
        HttpAnswer answer = fits ? asked : Problem.unavailable().answer();
        int taken = fits ? counted : 0;
        context.writeAndFlush(response(answer)).addListener(written -> {
            shared.memory().giveBack(address, taken);
            float millis = (shared.nanoTime().getAsLong() - from) * MILLIS_PER_NANO;
            shared.metrics()
                    .countRequest(
                            METHODS.contains(method) ? method : OTHER_METHODS,
                            route,
                            answer.status().code(),
                            millis);
            if (written.isSuccess()) {
                then.accept(keep);
            } else {
                context.close();
            }
        });
    }

    private FullHttpResponse response(HttpAnswer answer) {
        boolean withoutBody = method.equals(HttpMethod.HEAD.name());
        ByteBuf body = withoutBody ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(answer.body());
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, answer.status(), body);
        response.headers()
                .set(
                        HttpHeaderNames.DATE,
                        DateFormatter.format(Date.from(shared.clock().instant())));
        if (answer.contentType() != null) {
            response.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, answer.contentType())
                    .set(HttpHeaderNames.CONTENT_LENGTH, answer.body().length)
                    .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                    .set("X-Content-Type-Options", "nosniff");
        }
        answer.headers().forEach(response.headers()::set);
        shared.browsers().addHeaders(response.headers(), method, origin);
        if (!keep) {
            response.headers().set(HttpHeaderNames.CONNECTION, "close");
        } else if (version.equals(HttpVersion.HTTP_1_0)) {
            response.headers().set(HttpHeaderNames.CONNECTION, "keep-alive");
        }
        return response;
    }

    /** Tells the client that nothing more comes, where the channel can without ending its TLS. */
    static void shutDownOutput(Channel channel) {
        if (channel instanceof DuplexChannel duplex && channel.pipeline().get(SslHandler.class) == null) {
            duplex.shutdownOutput();
        }
    }
}
