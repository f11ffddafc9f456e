package io.hongyan.starters;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Stream;

/** Reads {@code HOST:PORT,HOST:PORT}. */
final class SocketAddresses {
    private SocketAddresses() {}

    static List<InetSocketAddress> of(String list) {
        return Stream.of(list.split(",")).map(SocketAddresses::one).toList();
    }

    private static InetSocketAddress one(String address) {
        int colon = address.lastIndexOf(':');
        return new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    }
}
