package io.hongyan.im.adapter.mqtt;

import io.hongyan.broker.hook.UserProperty;
import io.hongyan.im.core.data.DataFeature;
import io.hongyan.protocol.v1.DataEpoch;
import io.hongyan.protocol.v1.Notice;
import java.util.List;

/**
 * Tells clients the epoch of the data: MQTT 5 clients in CONNACK, those of MQTT 3.1.1 in a notice before the first entry of the
 * inbox, and all of them in answers to calls. A connection is told one epoch only: with another one it is closed.
 */
final class ClientEpochs {
    private static final String PROPERTY = "data_epoch";

    private final DataFeature data;
    private final MqttDownlink downlink;

    ClientEpochs(DataFeature data, MqttDownlink downlink) {
        this.data = data;
        this.downlink = downlink;
    }

    /** The client has a session, which would be ended if the epoch changed after this. */
    void entered(MqttConnection connection) {
        connection.dataEpoch(data.current().id());
    }

    /** Whether a client that logged in then may have been told an earlier epoch. */
    boolean isOutdated(long loginAtMillis) {
        return !data.current().wasToldAt(loginAtMillis);
    }

    /** What CONNACK tells. */
    static List<UserProperty> told(MqttConnection connection) {
        return connection.mqtt5() ? List.of(new UserProperty(PROPERTY, connection.dataEpoch())) : List.of();
    }

    /** Tells a client whose CONNACK could not, once, as soon as it can be told. Before the inbox begins. */
    void announce(MqttConnection connection) {
        if (!connection.mqtt5() && connection.held().coversNotice() && connection.announceEpoch()) {
            downlink.notice(
                    connection,
                    Notice.newBuilder()
                            .setDataEpoch(DataEpoch.newBuilder().setEpoch(connection.dataEpoch()))
                            .build());
        }
    }
}
