package io.hongyan.broker.server;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.lang.reflect.Field;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Moquette begins each connection with packet id 1, and forgets for it what an earlier connection of the session has not got
 * acknowledged under the same id. Its counter is reached by reflection and made to go on.
 */
final class MoquetteIds {
    private static final AttributeKey<Object> CONNECTION = AttributeKey.valueOf("connection");

    /** @param last the last id the session has used */
    static void goOn(Channel channel, int last) {
        if (last == 0) {
            return;
        }
        try {
            Object connection = channel.attr(CONNECTION).get();
            Field counter = connection.getClass().getDeclaredField("lastPacketId");
            counter.setAccessible(true);
            ((AtomicInteger) counter.get(connection)).set(last);
        } catch (ReflectiveOperationException changed) {
            throw new IllegalStateException("This Moquette is not built like the one the gate was made for", changed);
        }
    }

    private MoquetteIds() {}
}
