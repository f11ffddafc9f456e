package io.hongyan.im.app;

import io.hongyan.broker.server.BrokerServer;
import io.hongyan.broker.server.listen.ClientAddress;
import io.hongyan.broker.server.listen.Edge;
import io.hongyan.broker.server.listen.Listener;
import io.hongyan.broker.server.listen.Network;
import io.hongyan.broker.server.listen.Port;
import io.hongyan.im.adapter.http.Browsers;
import io.hongyan.im.adapter.http.HttpServer;
import io.hongyan.im.app.config.ListenAddress;
import io.hongyan.im.app.config.Settings;
import io.hongyan.runtime.RateLimitedLog;
import io.netty.channel.Channel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The ports for HTTP, plain and over TLS; requests for a WebSocket are passed to the broker. */
final class HttpEntrance implements AutoCloseable {
    private final Settings settings;
    private final HttpServer server;
    private final Browsers browsers;
    private final List<Listener> listeners = new ArrayList<>();
    private final List<Network> monitoring;
    private volatile Predicate<Channel> denied = channel -> false;

    HttpEntrance(Settings settings, HttpServer server, Browsers browsers) {
        this.settings = settings;
        this.server = server;
        this.browsers = browsers;
        this.monitoring = settings.access().http().metricsNetworks();
    }

    /** @throws IOException a port cannot be bound */
    void start(Edge edge) throws IOException {
        for (Port port : Limits.httpPorts(settings)) {
            try {
                listeners.add(Listener.bind(port, edge, this::serve));
            } catch (IOException unable) {
                throw new IOException("HTTP: " + unable.getMessage(), unable);
            }
        }
    }

    private void serve(Channel channel) {
        InetSocketAddress client = ClientAddress.of(channel);
        InetAddress limited = ClientAddress.network(channel);
        if (client == null || limited == null || denied.test(channel)) {
            channel.close();
            return;
        }
        channel.config().setAutoRead(false);
        server.serve(channel.pipeline(), limited.getHostAddress(), Network.holds(monitoring, client.getAddress()));
    }

    /** From now on connections for which this holds are closed at once, before any handshake. */
    void refuse(Predicate<Channel> connections) {
        denied = connections;
    }

    /** From now on requests for WebSockets are passed on. */
    void takeWebSockets(BrokerServer broker) {
        browsers.takeWebSockets(
                settings.listen().websocketPath(),
                (pipeline, request) -> broker.takeWebSocket(pipeline.channel(), request));
    }

    void open() {
        server.open();
    }

    void stopAnswering() {
        server.stopAnswering();
    }

    /** Writes a summary of what clients caused to the log; called every {@link RateLimitedLog#PERIOD_MILLIS}. */
    void summarizeLog() {
        server.summarizeLog();
    }

    /** The bound port; -1 if there is none. */
    int port(boolean tls) {
        return listeners.stream()
                .filter(listener -> listener.port().tls() == tls)
                .map(Listener::number)
                .findFirst()
                .orElse(-1);
    }

    /** The address on which it listens, for people. */
    String addresses() {
        ListenAddress https = settings.listen().https();
        return "HTTP " + BoundAddresses.of(settings.listen().http(), port(false), "")
                + (https.isOff() ? "" : ", HTTPS " + BoundAddresses.of(https, port(true), ""));
    }

    @Override
    public void close() {
        listeners.forEach(Listener::close);
        server.close();
    }
}
