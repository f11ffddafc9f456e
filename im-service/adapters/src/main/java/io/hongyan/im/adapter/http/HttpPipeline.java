package io.hongyan.im.adapter.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.GlobalEventExecutor;

/** The handlers of each connection. */
final class HttpPipeline implements AutoCloseable {
    private static final int CHUNK_BYTES_MAX = 8_192;
    private static final long CLOSE_MILLIS_MAX = 2_000;

    private final HttpShared shared;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);

    HttpPipeline(HttpShared shared) {
        this.shared = shared;
    }

    /** Handlers for a connection that does not read by itself ({@code AUTO_READ} off), behind those that are there. */
    void install(ChannelPipeline pipeline, String address, boolean monitoring) {
        connections.add(pipeline.channel());
        pipeline.addLast(HttpConnection.BEGINNINGS, new Beginnings());
        pipeline.addLast(
                new HttpServerCodec(new HttpDecoderConfig()
                        .setMaxInitialLineLength(RequestHead.LINE_BYTES_MAX)
                        .setMaxHeaderSize(RequestHead.HEADERS_BYTES_MAX)
                        .setMaxChunkSize(CHUNK_BYTES_MAX)),
                new HttpConnection(shared, address, monitoring));
    }

    @Override
    public void close() {
        connections.close().awaitUninterruptibly(CLOSE_MILLIS_MAX);
    }

    /** Notices the first bytes of a request, which may be long before the codec has one. */
    private static final class Beginnings extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object bytes) {
            context.fireUserEventTriggered(HttpConnection.BYTES_CAME);
            context.fireChannelRead(bytes);
        }
    }
}
