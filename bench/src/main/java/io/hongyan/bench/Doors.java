package io.hongyan.bench;

import io.hongyan.bench.server.ChildProcess;
import io.hongyan.bench.server.SignOnKeys;
import io.hongyan.bench.server.TlsServer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What a server to be attacked has beside plain MQTT and HTTP: MQTT over TLS and WebSocket, and tokens with public keys.
 *
 * @param mqtts a port
 * @param webSocket a port
 * @param settings to start it with
 */
record Doors(int mqtts, int webSocket, Map<String, String> settings) {
    /** @param home the project's directory */
    static Doors prepare(Path home, Path workDirectory) {
        TlsServer tls = TlsServer.prepare(home, workDirectory);
        int webSocket = ChildProcess.freePort();
        Map<String, String> settings = new HashMap<>(tls.settings());
        settings.put("listen.websocket", "127.0.0.1:" + webSocket);
        settings.putAll(SignOnKeys.prepare(workDirectory));
        return new Doors(tls.address().getPort(), webSocket, settings);
    }
}
