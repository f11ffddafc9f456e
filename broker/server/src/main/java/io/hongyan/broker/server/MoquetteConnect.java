package io.hongyan.broker.server;

import io.hongyan.broker.hook.GrantedFilter;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectPayload;
import io.netty.handler.codec.mqtt.MqttConnectVariableHeader;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessageIdAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttSubscribePayload;
import io.netty.handler.codec.mqtt.MqttSubscriptionOption;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.util.List;

/** Packets that the gate creates for Moquette. */
final class MoquetteConnect {
    /** The user name for Moquette; the gate checks the rights itself. */
    static final String USER_NAME = "gate";

    /**
     * The client's CONNECT as Moquette gets it: with the gate's secret, without keep-alive, within limits. For Moquette
     * every client uses MQTT 5, because only to those it resends unacknowledged messages at a reconnect. The gate
     * decides how long a session stays: Moquette keeps it for the longest possible time, until it is told to drop it.
     * None is "clean", because Moquette has separate queues without limits for those.
     */
    static MqttConnectMessage of(Connection connection) {
        Admission admission = connection.admission;
        MqttConnectMessage original = admission == null ? null : admission.connect();
        boolean will = original != null && original.variableHeader().isWillFlag();
        Gate gate = connection.gate;
        boolean keep = connection.sessionExpirySeconds > 0
                && gate.keptSessions.keep(connection, fresh(connection), gate.nowMillis());
        MqttProperties properties = new MqttProperties();
        properties.add(new MqttProperties.IntegerProperty(
                PropertyIds.SESSION_EXPIRY_INTERVAL,
                keep ? gate.config.deadlines().sessionExpiryMaxSeconds() : 0));
        properties.add(new MqttProperties.IntegerProperty(
                PropertyIds.RECEIVE_MAXIMUM,
                Math.min(connection.client().receiveMaximum(), connection.flow().deliveryWindowMax())));
        return new MqttConnectMessage(
                new MqttFixedHeader(MqttMessageType.CONNECT, false, MqttQoS.AT_MOST_ONCE, false, 0),
                new MqttConnectVariableHeader(
                        MqttVersion.MQTT_5.protocolName(),
                        MqttVersion.MQTT_5.protocolLevel(),
                        true,
                        true,
                        will && original.variableHeader().isWillRetain(),
                        will ? original.variableHeader().willQos() : 0,
                        will,
                        false,
                        0,
                        properties),
                new MqttConnectPayload(
                        connection.client().clientId(),
                        will ? willProperties(connection, original) : MqttProperties.NO_PROPERTIES,
                        will ? original.payload().willTopic() : null,
                        will ? original.payload().willMessageInBytes() : null,
                        USER_NAME,
                        gate.secret()));
    }

    /** Whether the client begins a new session, whatever existed before. */
    static boolean fresh(Connection connection) {
        Admission admission = connection.admission;
        return admission != null
                && (admission.cleanStart() || connection.client().messaging() && !admission.sessionPresent());
    }

    /**
     * A will must not wait longer than its session (MQTT 5, 3.1.3.2.2), and Moquette does not know how long that is.
     */
    private static MqttProperties willProperties(Connection connection, MqttConnectMessage connect) {
        MqttProperties properties = connect.payload().willProperties();
        MqttProperties.MqttProperty<?> delay = properties.getProperty(PropertyIds.WILL_DELAY_INTERVAL);
        if (delay != null && Integer.compareUnsigned((Integer) delay.value(), connection.sessionExpirySeconds) > 0) {
            properties.add(new MqttProperties.IntegerProperty(
                    PropertyIds.WILL_DELAY_INTERVAL, connection.sessionExpirySeconds));
        }
        return properties;
    }

    /** SUBSCRIBE for a filter that a session had before; the client has already received its retained messages. */
    static MqttSubscribeMessage resubscribe(int packetId, GrantedFilter granted) {
        MqttProperties properties = new MqttProperties();
        if (granted.subscriptionId() > 0) {
            properties.add(
                    new MqttProperties.IntegerProperty(PropertyIds.SUBSCRIPTION_IDENTIFIER, granted.subscriptionId()));
        }
        MqttSubscriptionOption option = new MqttSubscriptionOption(
                MqttQoS.valueOf(granted.qos()),
                false,
                false,
                MqttSubscriptionOption.RetainedHandlingPolicy.DONT_SEND_AT_SUBSCRIBE);
        return subscribe(packetId, properties, List.of(new MqttTopicSubscription(granted.filter(), option)));
    }

    static MqttSubscribeMessage subscribe(
            int packetId, MqttProperties properties, List<MqttTopicSubscription> subscriptions) {
        return new MqttSubscribeMessage(
                new MqttFixedHeader(MqttMessageType.SUBSCRIBE, false, MqttQoS.AT_LEAST_ONCE, false, 0),
                new MqttMessageIdAndPropertiesVariableHeader(packetId, properties),
                new MqttSubscribePayload(subscriptions));
    }

    private MoquetteConnect() {}
}
