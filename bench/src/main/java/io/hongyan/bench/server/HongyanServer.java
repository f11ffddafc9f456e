package io.hongyan.bench.server;

import io.hongyan.bench.time.BenchTime;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** A Hongyan server in one process: a running one, or one that this program has started. */
public final class HongyanServer implements ServerUnderTest {
    private final InetSocketAddress mqtt;
    private final InetSocketAddress http;
    private final long pid;
    private final Path secretFile;
    private final TokenSigner tokens;
    private final Optional<ChildProcess> started;
    private final Optional<Tunnel> tunnel;

    HongyanServer(
            InetSocketAddress mqtt,
            InetSocketAddress http,
            long pid,
            Path secretFile,
            BenchTime time,
            Optional<ChildProcess> started) {
        this(mqtt, http, pid, secretFile, TokenSigner.fromFile(secretFile, time.epochMillis() / 1000), started, null);
    }

    private HongyanServer(
            InetSocketAddress mqtt,
            InetSocketAddress http,
            long pid,
            Path secretFile,
            TokenSigner tokens,
            Optional<ChildProcess> started,
            Tunnel tunnel) {
        this.mqtt = mqtt;
        this.http = http;
        this.pid = pid;
        this.secretFile = secretFile;
        this.tokens = tokens;
        this.started = started;
        this.tunnel = Optional.ofNullable(tunnel);
    }

    /** A server that runs already; closing leaves it running. */
    public static HongyanServer given(
            InetSocketAddress mqtt, InetSocketAddress http, long pid, Path secretFile, BenchTime time) {
        return new HongyanServer(mqtt, http, pid, secretFile, time, Optional.empty());
    }

    /**
     * The same server, reached through a tunnel of this process.
     *
     * @param address the address of the tunnel
     * @param authority of the server's certificate, null = without TLS
     */
    public HongyanServer through(InetSocketAddress address, Path authority) {
        Tunnel dug = new Tunnel(address, authority);
        return new HongyanServer(dug.address(), http, pid, secretFile, tokens, started, dug);
    }

    @Override
    public String name() {
        return "hongyan";
    }

    @Override
    public InetSocketAddress mqtt() {
        return mqtt;
    }

    public InetSocketAddress http() {
        return http;
    }

    @Override
    public long pid() {
        return pid;
    }

    /** The file of its token secret. */
    public Path secretFile() {
        return secretFile;
    }

    /** Its HTTP interface, with the key of development mode; for a running server --http must be given. */
    public ApiClient api() {
        if (http == null) {
            throw new IllegalArgumentException("--mqtt needs --http too");
        }
        return ApiClient.withKeyFile(
                URI.create("http://" + http.getHostString() + ":" + http.getPort()),
                secretFile.resolveSibling(ApiClient.KEY_FILE));
    }

    public String token(String uid) {
        return tokens.token(uid);
    }

    @Override
    public void close() {
        started.ifPresent(ChildProcess::close);
        tunnel.ifPresent(Tunnel::close);
    }
}
