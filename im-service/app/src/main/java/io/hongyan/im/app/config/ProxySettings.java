package io.hongyan.im.app.config;

import io.hongyan.broker.server.listen.Proxies;
import io.hongyan.settings.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Proxies in front of the listeners that give the client's address (PROXY protocol, version 1 or 2). */
public record ProxySettings(
        @Setting(
                value = "Listeners that expect the PROXY protocol: `mqtt`, `websocket`, `http`, `mqtts`, `wss`,"
                        + " `https`, with commas between; empty = none.",
                defaultValue = "")
        List<Listener> listeners,

        @Setting(
                value = "Networks of the proxies, such as `10.0.0.0/8`, with commas between. A connection from them"
                        + " must begin with a PROXY header; a connection from elsewhere that has one is closed.",
                defaultValue = "")
        List<String> networks,

        @Setting(
                value = "The proxies do TLS with clients: listeners of `proxy.listeners` may then be reached from"
                        + " other machines without TLS, and accept only the proxies and this machine.",
                defaultValue = "false")
        boolean tlsInFront,

        @Setting(
                value = "Time for the PROXY header; then the connection is closed.",
                defaultValue = "3_000",
                unit = "ms",
                min = 100,
                max = 60_000)
        int headerMillisMax) {

    /** Named as in the section `listen`. */
    public enum Listener {
        MQTT,
        WEBSOCKET,
        HTTP,
        MQTTS,
        WSS,
        HTTPS;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The proxies of these settings. */
    public Proxies proxies() {
        return new Proxies(networks, tlsInFront, headerMillisMax);
    }

    public boolean isBefore(Listener listener) {
        return listeners.contains(listener);
    }

    /** Whether a proxy ends TLS before the listener whose setting has this name. */
    boolean encrypts(String setting) {
        return tlsInFront && listeners.stream().anyMatch(listener -> setting.equals("listen." + listener));
    }

    List<String> contradictions() {
        List<String> found = new ArrayList<>();
        if (listeners.isEmpty() != networks.isEmpty()) {
            found.add("proxy.listeners and proxy.networks go together");
        }
        if (tlsInFront && listeners.isEmpty()) {
            found.add("proxy.tls_in_front needs proxy.listeners and proxy.networks");
        }
        try {
            proxies();
        } catch (IllegalArgumentException wrong) {
            found.add("proxy.networks: " + wrong.getMessage());
        }
        return found;
    }
}
