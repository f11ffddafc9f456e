package io.hongyan.bench.load;

import io.hongyan.bench.mqtt.ClientConnection;
import io.hongyan.bench.mqtt.ConnectionSettings;
import io.hongyan.bench.mqtt.IncomingPublish;
import io.hongyan.bench.mqtt.MqttLoop;
import java.util.function.Supplier;

/** A member who reads: acknowledges everything at once, and expects the writer's messages one after the other. */
final class GroupReader extends Subscriber {
    private static final int QOS = 1;

    private final int group;
    private final DeliveryReader reader;
    private final Arrivals arrivals;
    private final GroupStats stats;
    private int next;

    /** @param reader and stats: shared by the readers of the loop */
    GroupReader(
            int group,
            String filter,
            Supplier<ConnectionSettings> settings,
            MqttLoop loop,
            Connector connector,
            DeliveryReader reader,
            Arrivals arrivals,
            GroupStats stats) {
        super(filter, QOS, settings, loop, connector);
        this.group = group;
        this.reader = reader;
        this.arrivals = arrivals;
        this.stats = stats;
    }

    @Override
    public void received(ClientConnection from, IncomingPublish publish) {
        if (publish.qos() > 0) {
            from.pubAck(publish.packetId());
        }
        // Changes of the group arrive as well, and do not belong to the load.
        if (!reader.read(DeliveryForm.INBOX_ENTRY, publish.buffer(), publish.payloadStart(), publish.payloadLength())
                || Stamp.pair(publish.buffer(), reader.stampAt()) != group) {
            return;
        }
        int index = Stamp.index(publish.buffer(), reader.stampAt());
        if (index < next) {
            stats.load.duplicate();
            return;
        }
        stats.gaps += index - next;
        next = index + 1;
        long intended = Stamp.intendedNanos(publish.buffer(), reader.stampAt());
        long now = loop.nowNanos();
        stats.load.received(intended, now);
        if (arrivals.arrived(index)) {
            stats.complete(intended, now);
        }
    }

    @Override
    String who() {
        return "a reader of group " + group;
    }
}
