package io.hongyan.broker.server;

import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;

/**
 * The end of a socket after its last bytes were written. If a socket is closed while its client sends, the operating
 * system discards bytes that the client has not read yet. So only the sending half is closed, and incoming bytes are
 * read and dropped until the client closes, within the time limit for the last bytes of a connection.
 */
final class LingeringClose {
    /** Limit for the dropped bytes of a client that does not stop sending. */
    static final int BYTES_MAX = 4 << 20;

    static void begin(Connection connection) {
        Channel channel = connection.channel;
        channel.eventLoop()
                .schedule(
                        () -> {
                            channel.close();
                        },
                        connection.gate.config.deadlines().closeMillis(),
                        TimeUnit.MILLISECONDS);
        channel.config().setAutoRead(true);
        if (connection.output.webSocket()) {
            connection.wire.writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.NORMAL_CLOSURE));
        }
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.closeOutbound().addListener(sent -> shutdown(channel));
        } else {
            shutdown(channel);
        }
    }

    private static void shutdown(Channel channel) {
        if (channel instanceof DuplexChannel socket) {
            socket.shutdownOutput();
        } else {
            channel.close();
        }
    }

    private LingeringClose() {}
}
