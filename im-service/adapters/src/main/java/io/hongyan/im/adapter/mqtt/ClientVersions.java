package io.hongyan.im.adapter.mqtt;

import io.hongyan.broker.hook.ConnectRefusal;
import io.hongyan.broker.hook.ConnectRequest;
import io.hongyan.broker.hook.ConnectVerdict.Refuse;
import io.hongyan.broker.hook.UserProperty;
import io.hongyan.protocol.ErrorCode;
import io.hongyan.protocol.ProtocolVersion;
import io.hongyan.protocol.v1.Notice;
import io.hongyan.protocol.v1.Update;
import java.util.List;

/**
 * Which version of the protocol a client uses, and whether it is accepted. MQTT 5 clients tell it in CONNECT; MQTT 3.1.1 has no
 * room for it there, so it comes with any call.
 */
final class ClientVersions {
    /** Of a client that another node has accepted without noting a version: that node has decided. */
    static final int BELIEVED = -1;

    private static final String NO_VERSION =
            "The user property " + ProtocolVersion.PROPERTY + " takes a whole number from 1 to 999999999.";
    private static final List<UserProperty> OURS =
            List.of(new UserProperty(ProtocolVersion.PROPERTY, Integer.toString(ProtocolVersion.NEWEST)));

    private final VersionLimits limits;
    private final MqttDownlink downlink;
    private final MqttCounters counters;

    ClientVersions(VersionLimits limits, MqttDownlink downlink, MqttCounters counters) {
        this.limits = limits;
        this.downlink = downlink;
        this.counters = counters;
    }

    /** @return why the client may not log in, null where it may */
    Refuse refusal(MqttConnection connection, ConnectRequest request) {
        if (!connection.mqtt5()) {
            return null;
        }
        int version = ProtocolVersion.parse(request.property(ProtocolVersion.PROPERTY));
        connection.version(version);
        if (version >= limits.versionMin()) {
            return null;
        }
        counters.increment(MqttCounter.CONNECTS_VERSION_REFUSED);
        return new Refuse(ConnectRefusal.CLIENT_NOT_SUPPORTED, version == 0 ? NO_VERSION : tooOld(version));
    }

    /** What CONNACK tells. */
    static List<UserProperty> told(MqttConnection connection) {
        return connection.mqtt5() ? OURS : List.of();
    }

    /** The client has a session. */
    void entered(MqttConnection connection) {
        counters.count(connection);
    }

    /**
     * A call has come.
     *
     * @param version as it tells, 0 where it does not
     * @return why it is not answered, null where it is
     */
    ErrorCode called(MqttConnection connection, int version) {
        if (version < 0) {
            return ErrorCode.MALFORMED;
        }
        if (version > 0 && version != connection.version()) {
            connection.version(version);
            counters.count(connection);
            remind(connection);
        }
        return mayAsk(connection) ? null : ErrorCode.VERSION_UNSUPPORTED;
    }

    /** Whether what the client publishes is taken. */
    boolean mayAsk(MqttConnection connection) {
        if (connection.version() == BELIEVED || spoken(connection) >= limits.versionMin()) {
            return true;
        }
        counters.increment(MqttCounter.REQUESTS_VERSION_REFUSED);
        return false;
    }

    String tooOld(MqttConnection connection) {
        return tooOld(spoken(connection));
    }

    private String tooOld(int version) {
        return "The client speaks version " + version + " of the protocol, the server takes " + limits.versionMin()
                + " and newer: update the client.";
    }

    /** Asks a client to update, once, as soon as it can be told. */
    void remind(MqttConnection connection) {
        if (connection.version() == BELIEVED
                || spoken(connection) >= limits.versionRecommended()
                || !connection.held().coversNotice()
                || !connection.remind()) {
            return;
        }
        counters.increment(MqttCounter.UPDATES_ASKED);
        downlink.notice(
                connection,
                Notice.newBuilder()
                        .setUpdate(Update.newBuilder()
                                .setRecommendedVersion(limits.versionRecommended())
                                .setMinimumVersion(limits.versionMin()))
                        .build());
    }

    private static int spoken(MqttConnection connection) {
        return Math.max(connection.version(), ProtocolVersion.UNTOLD);
    }
}
