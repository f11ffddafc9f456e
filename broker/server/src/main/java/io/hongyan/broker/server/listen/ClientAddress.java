package io.hongyan.broker.server.listen;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** The address of a client: the other end of its socket, or the address that a trusted proxy gives. */
public final class ClientAddress {
    private static final int IPV6_NETWORK_BYTES = 8;
    private static final AttributeKey<InetSocketAddress> TOLD = AttributeKey.valueOf(ClientAddress.class, "told");

    private ClientAddress() {}

    /** Null if the socket has no address any more. */
    public static InetSocketAddress of(Channel channel) {
        InetSocketAddress told = channel.attr(TOLD).get();
        if (told != null) {
            return told;
        }
        return channel.remoteAddress() instanceof InetSocketAddress peer ? peer : null;
    }

    /**
     * The address by which limits apply: of IPv6 the first 64 bits, since whoever has one such address has all of them.
     * Null if the socket has no address any more.
     */
    public static InetAddress network(Channel channel) {
        InetSocketAddress client = of(channel);
        InetAddress address = client == null ? null : client.getAddress();
        if (!(address instanceof Inet6Address)) {
            return address;
        }
        byte[] bytes = address.getAddress();
        Arrays.fill(bytes, IPV6_NETWORK_BYTES, bytes.length, (byte) 0);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("the length of an address was not changed", impossible);
        }
    }

    static void tell(Channel channel, InetSocketAddress client) {
        channel.attr(TOLD).set(client);
    }
}
