package io.hongyan.im.app;

import io.hongyan.broker.server.BrokerServer;
import io.hongyan.broker.server.listen.Port.Service;
import io.hongyan.im.app.config.Listen;
import io.hongyan.im.app.config.ListenAddress;

/** The addresses on which a process really listens, for people. */
final class BoundAddresses {
    private BoundAddresses() {}

    /** Those for MQTT clients: plain ones always, TLS ones if there are any. */
    static String ofClients(Listen listen, BrokerServer broker) {
        String path = listen.websocketPath();
        StringBuilder all = new StringBuilder()
                .append("MQTT ")
                .append(of(listen.mqtt(), broker.mqttPort(), ""))
                .append(", WebSocket ")
                .append(of(listen.websocket(), broker.webSocketPort(), path));
        if (!listen.mqtts().isOff()) {
            all.append(", MQTTS ").append(of(listen.mqtts(), broker.port(Service.MQTT, true), ""));
        }
        if (!listen.wss().isOff()) {
            all.append(", WSS ").append(of(listen.wss(), broker.port(Service.WEB_SOCKET, true), path));
        }
        return all.toString();
    }

    static String of(ListenAddress configured, int port, String path) {
        return configured.isOff() ? "off" : new ListenAddress(configured.host(), port) + path;
    }
}
