package io.hongyan.im.app;

import io.hongyan.broker.hook.grpc.LinkTls;
import io.hongyan.broker.server.listen.Edge;
import io.hongyan.broker.server.listen.EventLoops;
import io.hongyan.broker.server.listen.Handshakes;
import io.hongyan.broker.server.tls.TlsContexts;
import io.hongyan.im.adapter.http.Metrics;
import io.hongyan.im.app.config.Settings;
import io.hongyan.im.core.work.PeriodicTask;
import io.hongyan.runtime.pem.PemException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/**
 * TLS, proxies and event loops for clients, the certificate of links, and their upkeep: changed files, SIGHUP, metrics.
 */
final class ClientEdge implements AutoCloseable {
    private static final long LOOK_MILLIS = 2_000;

    private final Edge edge;
    /** Null if links are plain. */
    private final LinkTls linkTls;

    private final Runnable reload = this::reload;

    private ClientEdge(Edge edge, LinkTls linkTls) {
        this.edge = edge;
        this.linkTls = linkTls;
    }

    static ClientEdge open(Settings settings, Clock clock, SecureRandom random) throws StartException {
        try {
            TlsContexts tls = settings.gate().tls().isOn()
                    ? new TlsContexts(settings.gate().tls().options(), clock, random)
                    : null;
            LinkTls linkTls = settings.cluster().link().isTls()
                    ? new LinkTls(settings.cluster().link().files(), clock)
                    : null;
            Edge edge = new Edge(
                    new EventLoops(),
                    tls,
                    new Handshakes(settings.gate().tls().handshakesPerAddressMax()),
                    settings.gate().proxy().proxies(),
                    System::nanoTime);
            ClientEdge opened = new ClientEdge(edge, linkTls);
            HangupSignal.add(opened.reload);
            return opened;
        } catch (PemException unusable) {
            throw new StartException(unusable.getMessage(), unusable);
        }
    }

    Edge edge() {
        return edge;
    }

    /** Null if links are plain. */
    LinkTls linkTls() {
        return linkTls;
    }

    List<PeriodicTask> tasks() {
        List<PeriodicTask> tasks = new ArrayList<>();
        if (edge.tls() != null) {
            tasks.add(new PeriodicTask("check the certificate", LOOK_MILLIS, edge.tls()::look));
        }
        if (linkTls != null) {
            tasks.add(new PeriodicTask("check the certificate of links", LOOK_MILLIS, linkTls::look));
        }
        return tasks;
    }

    void count(Metrics metrics) {
        metrics.counter(
                "proxy_headers_total", "Connections whose proxy gave the client's address", edge.proxies()::headers);
        metrics.counter(
                "proxy_connections_refused_total",
                "Connections closed: no valid PROXY header, or not from a proxy",
                edge.proxies()::refused);
        if (linkTls != null) {
            metrics.gauge(
                    "link_certificate_expiry_timestamp_seconds",
                    "When the certificate of links expires, seconds since 1970",
                    linkTls::expirySeconds);
            metrics.counter(
                    "link_certificate_reloads_total",
                    "New certificates of links loaded while running",
                    linkTls::reloads);
            metrics.counter(
                    "link_certificate_reload_failures_total",
                    "New certificates or keys of links that could not be used; the old ones stayed",
                    linkTls::failures);
        }
        TlsContexts tls = edge.tls();
        if (tls == null) {
            return;
        }
        Handshakes handshakes = edge.handshakes();
        metrics.gauge(
                "tls_certificate_expiry_timestamp_seconds",
                "When the certificate in use expires, seconds since 1970",
                tls::expirySeconds);
        metrics.counter("tls_certificate_reloads_total", "New certificates loaded while running", tls::reloads);
        metrics.counter(
                "tls_certificate_reload_failures_total",
                "New certificates or keys that could not be used; the old ones stayed",
                tls::failures);
        metrics.gauge("tls_handshakes_open", "TLS handshakes in progress", handshakes::open);
        metrics.counter("tls_handshakes_total", "Handshakes that succeeded", handshakes::done);
        metrics.counter("tls_handshakes_failed_total", "Handshakes that failed or took too long", handshakes::failed);
        metrics.counter(
                "tls_handshakes_refused_total",
                "Sockets closed: too many handshakes of one address",
                handshakes::refused);
        metrics.counter(
                "tls_sessions_resumed_total", "Handshakes that resumed an earlier session by its ticket", tls::resumed);
    }

    private void reload() {
        if (edge.tls() != null) {
            edge.tls().reload();
        }
        if (linkTls != null) {
            linkTls.reload();
        }
    }

    @Override
    public void close() {
        HangupSignal.remove(reload);
        edge.close();
    }
}
