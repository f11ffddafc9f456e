package io.hongyan.broker.server;

import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;

/**
 * The end of a socket to which the last has been written. A socket that closes while its client sends takes back what the client
 * has not read yet; so only the sending half is closed, and what still comes is read and dropped until the client closes, for as
 * long as the last bytes of a connection may take.
 */
final class Farewell {
    /** More than this is not dropped for a client that does not listen. */
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

    private Farewell() {}
}
