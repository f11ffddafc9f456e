package io.hongyan.bench.load;

import io.hongyan.bench.mqtt.ConnectionEnd;
import io.hongyan.bench.mqtt.ConnectionHandler;
import io.hongyan.bench.mqtt.ConnectionSettings;
import io.hongyan.bench.mqtt.IncomingPublish;
import io.hongyan.bench.mqtt.MqttConnection;
import io.hongyan.bench.mqtt.MqttLoop;
import java.util.function.Supplier;

/** A member who reads: acknowledges everything at once, and expects the writer's messages one after the other. */
final class GroupReader implements ConnectionHandler {
    private static final int PACKET_ID = 1;
    private static final int QOS = 1;
    private static final int REFUSED = 0x80;

    private final int group;
    private final String filter;
    private final Supplier<ConnectionSettings> settings;
    private final MqttLoop loop;
    private final Connector connector;
    private final DeliveryReader reader;
    private final Arrivals arrivals;
    private final GroupStats stats;
    private MqttConnection connection;
    private int next;
    private String end = "";

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
        this.group = group;
        this.filter = filter;
        this.settings = settings;
        this.loop = loop;
        this.connector = connector;
        this.reader = reader;
        this.arrivals = arrivals;
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
        if (publish.qos() > 0) {
            from.pubAck(publish.packetId());
        }
        // Changes of the group come as well, and are not the load.
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
    public void acknowledged(MqttConnection by, int packetId) {
        // Readers publish nothing.
    }

    @Override
    public void writable(MqttConnection again) {
        // Acknowledgements are few bytes; nothing was held back.
    }

    @Override
    public void closed(MqttConnection ended, ConnectionEnd why) {
        String what = "a reader of group " + group + ": " + why.cause() + " (" + why.detail() + ")";
        if (connection == null) {
            connector.failed(settings, this, what);
        } else if (why.cause() != ConnectionEnd.Cause.CLOSED_HERE) {
            end = what;
        }
    }
}
