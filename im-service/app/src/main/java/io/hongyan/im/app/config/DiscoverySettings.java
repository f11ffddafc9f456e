package io.hongyan.im.app.config;

import io.hongyan.settings.Setting;
import java.util.ArrayList;
import java.util.List;

/** How clients find the gate of this process. */
public record DiscoverySettings(
        @Setting(
                value = "Address of the gate for clients over MQTT: `mqtt://HOST:PORT` or `mqtts://HOST:PORT`;"
                        + " `listen` = the address it listens on, `off` = clients are not told.",
                defaultValue = "listen")
        String mqtt,

        @Setting(
                value = "Address of the gate for clients over WebSocket: `ws://HOST:PORT/PATH` or `wss://HOST/PATH`;"
                        + " `listen`, or `off`.",
                defaultValue = "listen")
        String websocket,

        @Setting(
                value = "Share of clients of this gate, compared with other gates; 0 = clients are not told of it.",
                defaultValue = "100",
                max = 1_000_000)
        int weight) {
    public static final String LISTEN = "listen";
    public static final String OFF = "off";

    private static boolean isPlain(String value) {
        return value.equals(LISTEN) || value.equals(OFF);
    }

    List<String> contradictions() {
        List<String> found = new ArrayList<>();
        if (!isPlain(mqtt) && !WebUrl.fitsWithPortAlone(mqtt, "mqtt", "mqtts")) {
            found.add("discovery.mqtt takes mqtt://HOST:PORT, mqtts://HOST:PORT, listen or off");
        }
        if (!isPlain(websocket) && !WebUrl.fits(websocket, "ws", "wss")) {
            found.add("discovery.websocket takes a ws:// or wss:// URL, listen or off");
        }
        return found;
    }
}
