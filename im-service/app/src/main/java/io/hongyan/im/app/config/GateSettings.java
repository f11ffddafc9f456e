package io.hongyan.im.app.config;

import io.hongyan.broker.server.FloodLimits;
import io.hongyan.broker.server.GenericLimits;
import io.hongyan.im.adapter.mqtt.VersionLimits;
import io.hongyan.settings.InSection;

/** The settings of the gate: MQTT for clients. */
public record GateSettings(
        TlsSettings tls,

        ProxySettings proxy,

        DiscoverySettings discovery,

        MqttSettings mqtt,

        FloodLimits flood,

        GenericLimits generic,

        @InSection("clients") VersionLimits versions) {}
