package io.hongyan.broker.server;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Moquette begins each connection with packet id 1, and overwrites what an earlier connection of the session left
 * unacknowledged under the same id. This class makes its counter continue.
 */
final class MoquetteIds {
    private static final AttributeKey<Object> CONNECTION = AttributeKey.valueOf("connection");

    /** @param last the last id that the session has used */
    static void goOn(Channel channel, int last) {
        if (last != 0) {
            Object connection = channel.attr(CONNECTION).get();
            ((AtomicInteger) MoquetteInside.get(connection, "lastPacketId")).set(last);
        }
    }

    private MoquetteIds() {}
}
