package io.hongyan.bench.load;

import io.hongyan.bench.mqtt.ClientConnection;
import io.hongyan.bench.mqtt.ConnectionSettings;
import io.hongyan.bench.mqtt.IncomingPublish;
import io.hongyan.bench.mqtt.MqttLoop;
import java.util.function.Supplier;

/** A user who is online: acknowledges at once, and identifies pushes by the stamp of their text. */
final class PushReader extends Subscriber {
    private static final int QOS = 1;

    private final DeliveryReader reader;
    private final PushStats stats;
    /** A bit per push. */
    private long seen;

    /** @param reader and stats: shared by the readers of the loop */
    PushReader(
            String filter,
            Supplier<ConnectionSettings> settings,
            MqttLoop loop,
            Connector connector,
            DeliveryReader reader,
            PushStats stats) {
        super(filter, QOS, settings, loop, connector);
        this.reader = reader;
        this.stats = stats;
    }

    @Override
    public void received(ClientConnection from, IncomingPublish publish) {
        boolean stored = publish.qos() > 0;
        if (stored) {
            from.pubAck(publish.packetId());
        }
        if (!reader.read(
                stored ? DeliveryForm.INBOX_ENTRY : DeliveryForm.PUSH_NOTICE,
                publish.buffer(),
                publish.payloadStart(),
                publish.payloadLength())) {
            return;
        }
        int number = Stamp.pair(publish.buffer(), reader.stampAt());
        long bit = 1L << number;
        if ((seen & bit) != 0) {
            stats.doubled(number);
            return;
        }
        seen |= bit;
        stats.received(number, loop.nowNanos());
    }

    @Override
    String who() {
        return userName();
    }
}
