package io.hongyan.im.app.config;

import io.hongyan.settings.Setting;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Where clients and operators connect. */
public record Listen(
        @Setting(
                value = "MQTT over TCP; `HOST:PORT`, port 0 = any free one, or `off`.",
                defaultValue = "127.0.0.1:1883")
        ListenAddress mqtt,

        @Setting(value = "MQTT over WebSocket.", defaultValue = "127.0.0.1:8083")
        ListenAddress websocket,

        @Setting(value = "Path of the WebSocket upgrade.", defaultValue = "/mqtt")
        String websocketPath,

        @Setting(
                value = "Health, readiness, metrics, the API; with `role: all` also MQTT over WebSocket at the same"
                        + " path, so that a page, its API and its messages have one origin.",
                defaultValue = "127.0.0.1:8080")
        ListenAddress http,

        @Setting(value = "MQTT over TLS; needs `tls.certificate`.", defaultValue = "off")
        ListenAddress mqtts,

        @Setting(value = "MQTT over WebSocket over TLS.", defaultValue = "off")
        ListenAddress wss,

        @Setting(value = "The same as `listen.http`, over TLS.", defaultValue = "off")
        ListenAddress https,

        @Setting(
                value = "Allow listeners without TLS that other machines can reach. Passwords, tokens and messages"
                        + " can then be read and changed on the network.",
                defaultValue = "false")
        boolean allowPlaintext) {

    /** Those without TLS, by the names of their settings. */
    Map<String, ListenAddress> plain() {
        return new TreeMap<>(Map.of("listen.mqtt", mqtt, "listen.websocket", websocket, "listen.http", http));
    }

    /** Those with TLS, by the names of their settings. */
    Map<String, ListenAddress> encrypted() {
        return new TreeMap<>(Map.of("listen.mqtts", mqtts, "listen.wss", wss, "listen.https", https));
    }

    /** Names of those that other machines can reach. */
    List<String> remote() {
        Map<String, ListenAddress> all = plain();
        all.putAll(encrypted());
        return all.entrySet().stream()
                .filter(listener -> !listener.getValue().isLoopback())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Whether there is a listener for MQTT clients. */
    boolean takesMqtt() {
        return !List.of(mqtt, websocket, mqtts, wss).stream().allMatch(ListenAddress::isOff);
    }
}
