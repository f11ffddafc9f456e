package io.hongyan.bench.load;

import io.hongyan.bench.mqtt.ClientConnection;
import io.hongyan.bench.mqtt.ConnectionEnd;
import io.hongyan.bench.mqtt.ConnectionHandler;
import io.hongyan.bench.mqtt.ConnectionSettings;
import io.hongyan.bench.mqtt.MqttLoop;
import java.util.function.Supplier;

/** A client of a load with one filter: ready when it is subscribed; tells why it ended if that was too early. */
abstract class Subscriber implements ConnectionHandler {
    private static final int PACKET_ID = 1;
    private static final int REFUSED = 0x80;

    final MqttLoop loop;
    private final String filter;
    private final int qos;
    private final Supplier<ConnectionSettings> settings;
    private final Connector connector;
    private ClientConnection connection;
    private String end = "";

    Subscriber(String filter, int qos, Supplier<ConnectionSettings> settings, MqttLoop loop, Connector connector) {
        this.filter = filter;
        this.qos = qos;
        this.settings = settings;
        this.loop = loop;
        this.connector = connector;
    }

    /** Prefix of the text of {@link #end}. */
    abstract String who();

    final void connect() {
        connector.add(settings, this);
    }

    void disconnect() {
        if (connection != null) {
            connection.disconnect();
        }
    }

    /** Null before it is ready. */
    final ClientConnection connection() {
        return connection;
    }

    final String userName() {
        return settings.get().userName();
    }

    /** Why the connection ended too early; empty if it did not. */
    final String end() {
        return end;
    }

    @Override
    public final void connected(ClientConnection to, boolean sessionPresent) {
        to.subscribe(PACKET_ID, filter, qos);
    }

    @Override
    public final void subscribed(ClientConnection to, int packetId, int code) {
        if (code >= REFUSED) {
            to.close();
            return;
        }
        connection = to;
        connector.ready();
    }

    @Override
    public void acknowledged(ClientConnection by, int packetId) {
        // A reader publishes nothing.
    }

    @Override
    public void writable(ClientConnection again) {
        // Acknowledgements are few bytes; nothing was held back.
    }

    @Override
    public final void closed(ClientConnection ended, ConnectionEnd why) {
        String what = who() + ": " + why.cause() + " (" + why.detail() + ")";
        if (connection == null) {
            connector.failed(settings, this, what);
        } else if (why.cause() != ConnectionEnd.Cause.CLOSED_HERE) {
            end = what;
        }
    }
}
