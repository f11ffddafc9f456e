package io.hongyan.im.app.config;

import io.hongyan.broker.server.ClientLimits;
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

        @InSection("clients") VersionLimits versions) {

    /** Those that can be changed while the server runs. */
    public ClientLimits limits() {
        return new ClientLimits(flood, mqtt.packets(), mqtt.flow());
    }

    GateSettings with(ClientLimits changed) {
        MqttSettings limited = new MqttSettings(mqtt.access(), changed.packets(), changed.flow(), mqtt.deadlines());
        return new GateSettings(tls, proxy, discovery, limited, changed.flood(), generic, versions);
    }
}
