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

/** The packets the gate makes up for Moquette. */
final class MoquetteConnect {
    /** Whom Moquette takes the client for; rights are the gate's business. */
    static final String USER_NAME = "gate";

    /** The client's CONNECT as Moquette is to see it: with the gate's secret, without keep-alive, within limits. */
    static MqttConnectMessage of(Connection connection) {
        Admission admission = connection.admission;
        MqttConnectMessage original = admission == null ? null : admission.connect();
        boolean will = original != null && original.variableHeader().isWillFlag();
        Gate gate = connection.gate;
        boolean keep = connection.sessionExpirySeconds > 0 && gate.keptSessions.keep(connection, gate.nowMillis());
        boolean fresh =
                admission != null && (admission.cleanStart() || connection.messaging && !admission.sessionPresent());
        // A clean session of Moquette queues nothing for an absent client, so a fresh one is asked for only where there
        // is
        // something to forget.
        boolean clean = !keep || fresh && gate.keptSessions.heldBefore(connection);
        MqttVersion version = connection.v5 ? MqttVersion.MQTT_5 : MqttVersion.MQTT_3_1_1;
        MqttProperties properties = new MqttProperties();
        if (connection.v5) {
            properties.add(new MqttProperties.IntegerProperty(
                    PropertyIds.SESSION_EXPIRY_INTERVAL, keep ? connection.sessionExpirySeconds : 0));
            properties.add(new MqttProperties.IntegerProperty(
                    PropertyIds.RECEIVE_MAXIMUM,
                    Math.min(connection.receiveMaximum, gate.config.flow().deliveryWindowMax())));
        }
        return new MqttConnectMessage(
                new MqttFixedHeader(MqttMessageType.CONNECT, false, MqttQoS.AT_MOST_ONCE, false, 0),
                new MqttConnectVariableHeader(
                        version.protocolName(),
                        version.protocolLevel(),
                        true,
                        true,
                        will && original.variableHeader().isWillRetain(),
                        will ? original.variableHeader().willQos() : 0,
                        will,
                        clean,
                        0,
                        properties),
                new MqttConnectPayload(
                        connection.clientId,
                        will ? original.payload().willProperties() : MqttProperties.NO_PROPERTIES,
                        will ? original.payload().willTopic() : null,
                        will ? original.payload().willMessageInBytes() : null,
                        USER_NAME,
                        gate.secret()));
    }

    /** SUBSCRIBE for a filter that a session had before; its retained messages have been seen then. */
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
