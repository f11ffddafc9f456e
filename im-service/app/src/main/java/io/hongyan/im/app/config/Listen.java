package io.hongyan.im.app.config;

/** Where clients and operators connect. */
public record Listen(
        @Setting("MQTT over TCP; `HOST:PORT`, port 0 = any free one, or `off`.")
        Endpoint mqtt,

        @Setting("MQTT over WebSocket; on the same host as `listen.mqtt`.")
        Endpoint websocket,

        @Setting("Path of the WebSocket upgrade.") String websocketPath,

        @Setting("Health, readiness, metrics, the API.") Endpoint http) {
    static final Listen DEFAULT = new Listen(
            new Endpoint("127.0.0.1", 1883), new Endpoint("127.0.0.1", 8083), "/mqtt", new Endpoint("127.0.0.1", 8080));
}
