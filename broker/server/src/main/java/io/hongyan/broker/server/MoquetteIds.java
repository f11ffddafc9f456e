package io.hongyan.broker.server;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Moquette begins each connection with packet id 1, and forgets for it what an earlier connection of the session has not got
 * acknowledged under the same id. Its counter is made to go on.
 */
final class MoquetteIds {
    private static final AttributeKey<Object> CONNECTION = AttributeKey.valueOf("connection");

    /** @param last the last id the session has used */
    static void goOn(Channel channel, int last) {
        if (last != 0) {
            Object connection = channel.attr(CONNECTION).get();
            ((AtomicInteger) MoquetteInside.get(connection, "lastPacketId")).set(last);
        }
    }

    private MoquetteIds() {}
}
