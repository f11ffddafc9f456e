package io.hongyan.im.app.config;

import io.hongyan.broker.server.FloodLimits;
import io.hongyan.broker.server.GenericLimits;

/** The settings of the gate: MQTT for clients. */
public record GateSettings(
        TlsSettings tls,

        ProxySettings proxy,

        DiscoverySettings discovery,

        MqttSettings mqtt,

        FloodLimits flood,

        GenericLimits generic) {}
