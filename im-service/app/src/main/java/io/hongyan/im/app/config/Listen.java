package io.hongyan.im.app.config;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Where clients and operators connect. */
public record Listen(
        @Setting("MQTT over TCP; `HOST:PORT`, port 0 = any free one, or `off`.")
        Endpoint mqtt,

        @Setting("MQTT over WebSocket.") Endpoint websocket,

        @Setting("Path of the WebSocket upgrade.") String websocketPath,

        @Setting(
                "Health, readiness, metrics, the API; with `role: all` MQTT over WebSocket too, at the same path, so that a page,"
                        + " its API and its messages have one origin.")
        Endpoint http,

        @Setting("MQTT over TLS; needs `tls.certificate`.") Endpoint mqtts,

        @Setting("MQTT over WebSocket over TLS.") Endpoint wss,

        @Setting("What `listen.http` has, over TLS.") Endpoint https,

        @Setting(
                "Let other machines reach listeners without TLS. Passwords, tokens and messages can be read and changed on the"
                        + " way.")
        boolean allowPlaintext) {
    static final Listen DEFAULT = new Listen(
            new Endpoint("127.0.0.1", 1883),
            new Endpoint("127.0.0.1", 8083),
            "/mqtt",
            new Endpoint("127.0.0.1", 8080),
            Endpoint.OFF,
            Endpoint.OFF,
            Endpoint.OFF,
            false);

    /** Those without TLS, by the names of their settings. */
    Map<String, Endpoint> plain() {
        return new TreeMap<>(Map.of("listen.mqtt", mqtt, "listen.websocket", websocket, "listen.http", http));
    }

    /** Those with TLS, by the names of their settings. */
    Map<String, Endpoint> encrypted() {
        return new TreeMap<>(Map.of("listen.mqtts", mqtts, "listen.wss", wss, "listen.https", https));
    }

    /** Names of those that other machines may reach. */
    List<String> remote() {
        Map<String, Endpoint> all = plain();
        all.putAll(encrypted());
        return all.entrySet().stream()
                .filter(listener -> !listener.getValue().isLoopback())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Whether MQTT clients have somewhere to go. */
    boolean takesMqtt() {
        return !List.of(mqtt, websocket, mqtts, wss).stream().allMatch(Endpoint::isOff);
    }
}
