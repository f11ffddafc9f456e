package io.hongyan.im.app;

import io.hongyan.broker.hook.GateStatus;
import io.hongyan.broker.server.BrokerServer;
import io.hongyan.broker.server.listen.Port.Service;
import io.hongyan.im.app.config.DiscoverySettings;
import io.hongyan.im.app.config.Listen;
import io.hongyan.im.app.config.ListenAddress;
import io.hongyan.im.app.config.Settings;
import io.hongyan.im.core.cluster.GateInfo;

/** What a gate tells about itself, so that clients find it. */
final class GateAbout {
    private GateAbout() {}

    /** For the gate of this process. */
    static GateStatus of(Settings settings, String gate, BrokerServer broker) {
        DiscoverySettings discovery = settings.gate().discovery();
        Listen listen = settings.listen();
        boolean mqtts = !listen.mqtts().isOff();
        boolean wss = !listen.wss().isOff();
        return new GateStatus(
                gate,
                url(
                        discovery.mqtt(),
                        mqtts ? "mqtts://" : "mqtt://",
                        mqtts ? listen.mqtts() : listen.mqtt(),
                        broker.port(Service.MQTT, mqtts),
                        ""),
                url(
                        discovery.websocket(),
                        wss ? "wss://" : "ws://",
                        wss ? listen.wss() : listen.websocket(),
                        broker.port(Service.WEB_SOCKET, wss),
                        listen.websocketPath()),
                broker.clients(),
                discovery.weight(),
                broker.drainPlan() != null);
    }

    /** For a gate that accepts no clients yet. */
    static GateStatus closed(String gate) {
        return new GateStatus(gate, "", "", 0, 0, false);
    }

    /** The same as a type of the core. */
    static GateInfo gate(GateStatus status) {
        return new GateInfo(
                status.gate(), status.mqtt(), status.webSocket(), status.clients(), status.weight(), status.draining());
    }

    private static String url(String configured, String scheme, ListenAddress listen, int port, String path) {
        if (configured.equals(DiscoverySettings.OFF) || listen.isOff()) {
            return "";
        }
        if (!configured.equals(DiscoverySettings.LISTEN)) {
            return configured;
        }
        // A client cannot connect to "all interfaces".
        boolean wildcard = listen.host().equals("0.0.0.0") || listen.host().equals("::");
        return wildcard ? "" : scheme + BoundAddresses.of(listen, port, path);
    }
}
