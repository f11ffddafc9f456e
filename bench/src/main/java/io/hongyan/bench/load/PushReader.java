package io.hongyan.bench.load;

import io.hongyan.bench.mqtt.ConnectionEnd;
import io.hongyan.bench.mqtt.ConnectionHandler;
import io.hongyan.bench.mqtt.ConnectionSettings;
import io.hongyan.bench.mqtt.IncomingPublish;
import io.hongyan.bench.mqtt.MqttConnection;
import io.hongyan.bench.mqtt.MqttLoop;
import java.util.function.Supplier;

/** A user who is online: acknowledges at once, and tells pushes by the stamp of their text. */
final class PushReader implements ConnectionHandler {
    private static final int PACKET_ID = 1;
    private static final int QOS = 1;
    private static final int REFUSED = 0x80;

    private final String filter;
    private final Supplier<ConnectionSettings> settings;
    private final MqttLoop loop;
    private final Connector connector;
    private final DeliveryReader reader;
    private final PushStats stats;
    private MqttConnection connection;
    /** A bit per push. */
    private long seen;

    private String end = "";

    /** @param reader and stats: shared by the readers of the loop */
    PushReader(
            String filter,
            Supplier<ConnectionSettings> settings,
            MqttLoop loop,
            Connector connector,
            DeliveryReader reader,
            PushStats stats) {
        this.filter = filter;
        this.settings = settings;
        this.loop = loop;
        this.connector = connector;
        this.reader = reader;
        this.stats = stats;
    }

    void connect() {
        connector.add(settings, this);
    }

    void disconnect() {
        if (connection != null) {
            connection.disconnect();
        }
    }

    /** Why the connection ended before its time; empty if it did not. */
    String end() {
        return end;
    }

    @Override
    public void connected(MqttConnection to, boolean sessionPresent) {
        to.subscribe(PACKET_ID, filter, QOS);
    }

    @Override
    public void subscribed(MqttConnection to, int packetId, int code) {
        if (code >= REFUSED) {
            to.close();
            return;
        }
        connection = to;
        connector.ready();
    }

    @Override
    public void received(MqttConnection from, IncomingPublish publish) {
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
    public void acknowledged(MqttConnection by, int packetId) {
        // Readers publish nothing.
    }

    @Override
    public void writable(MqttConnection again) {
        // Acknowledgements are few bytes; nothing was held back.
    }

    @Override
    public void closed(MqttConnection ended, ConnectionEnd why) {
        String what = settings.get().userName() + ": " + why.cause() + " (" + why.detail() + ")";
        if (connection == null) {
            connector.failed(settings, this, what);
        } else if (why.cause() != ConnectionEnd.Cause.CLOSED_HERE) {
            end = what;
        }
    }
}
