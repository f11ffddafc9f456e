package io.hongyan.im.app;

import io.hongyan.broker.server.listen.Edge;
import io.hongyan.broker.server.listen.EventLoops;
import io.hongyan.broker.server.listen.Handshakes;
import io.hongyan.broker.server.tls.TlsContexts;
import io.hongyan.broker.server.tls.TlsException;
import io.hongyan.im.adapter.http.Metrics;
import io.hongyan.im.app.config.Settings;
import io.hongyan.im.core.PeriodicTask;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;

/** What clients meet before they are served, and its upkeep: certificates that change, SIGHUP, metrics. */
final class ClientEdge implements AutoCloseable {
    private static final long LOOK_MILLIS = 2_000;

    private final Edge edge;
    private final Runnable reload = this::reload;

    private ClientEdge(Edge edge) {
        this.edge = edge;
    }

    static ClientEdge open(Settings settings, Clock clock, SecureRandom random) throws StartException {
        try {
            TlsContexts tls =
                    settings.tls().isOn() ? new TlsContexts(settings.tls().options(), clock, random) : null;
            ClientEdge opened = new ClientEdge(new Edge(
                    new EventLoops(),
                    tls,
                    new Handshakes(settings.tls().handshakesPerAddressMax()),
                    settings.proxy().proxies()));
            if (tls != null) {
                HangupSignal.add(opened.reload);
            }
            return opened;
        } catch (TlsException unusable) {
            throw new StartException(unusable.getMessage(), unusable);
        }
    }

    Edge edge() {
        return edge;
    }

    List<PeriodicTask> tasks() {
        return edge.tls() == null
                ? List.of()
                : List.of(new PeriodicTask("look after the certificate", LOOK_MILLIS, edge.tls()::look));
    }

    void count(Metrics metrics) {
        metrics.counter(
                "proxy_headers_total", "Connections whose proxy said whom it speaks for", edge.proxies()::headers);
        metrics.counter(
                "proxy_connections_refused_total",
                "Connections closed: no usable header of a proxy, or past the proxies",
                edge.proxies()::refused);
        TlsContexts tls = edge.tls();
        if (tls == null) {
            return;
        }
        Handshakes handshakes = edge.handshakes();
        metrics.gauge(
                "tls_certificate_expiry_timestamp_seconds",
                "When the certificate in use expires, seconds since 1970",
                tls::expirySeconds);
        metrics.counter("tls_certificate_reloads_total", "New certificates taken while running", tls::reloads);
        metrics.counter(
                "tls_certificate_reload_failures_total",
                "New certificates or keys that could not be used; the old ones stayed",
                tls::failures);
        metrics.gauge("tls_handshakes_open", "Handshakes under way", handshakes::open);
        metrics.counter("tls_handshakes_total", "Handshakes that succeeded", handshakes::done);
        metrics.counter("tls_handshakes_failed_total", "Handshakes that failed or took too long", handshakes::failed);
        metrics.counter(
                "tls_handshakes_refused_total",
                "Sockets closed: too many handshakes of one address",
                handshakes::refused);
        metrics.counter(
                "tls_sessions_resumed_total", "Handshakes that took up an earlier session by its ticket", tls::resumed);
    }

    private void reload() {
        edge.tls().reload();
    }

    @Override
    public void close() {
        HangupSignal.remove(reload);
        edge.close();
    }
}
