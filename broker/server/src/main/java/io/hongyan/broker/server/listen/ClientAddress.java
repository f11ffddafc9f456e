package io.hongyan.broker.server.listen;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.net.InetSocketAddress;

/** Where a client is: the other end of its socket, or what a trusted proxy says. */
public final class ClientAddress {
    private static final AttributeKey<InetSocketAddress> TOLD = AttributeKey.valueOf(ClientAddress.class, "told");

    private ClientAddress() {}

    /** Null where the socket has no address any more. */
    public static InetSocketAddress of(Channel channel) {
        InetSocketAddress told = channel.attr(TOLD).get();
        if (told != null) {
            return told;
        }
        return channel.remoteAddress() instanceof InetSocketAddress peer ? peer : null;
    }

    static void tell(Channel channel, InetSocketAddress client) {
        channel.attr(TOLD).set(client);
    }
}
