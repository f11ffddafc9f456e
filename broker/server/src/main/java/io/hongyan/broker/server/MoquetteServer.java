package io.hongyan.broker.server;

import io.moquette.BrokerConstants;
import io.moquette.broker.Server;
import io.moquette.broker.config.IConfig;
import io.moquette.broker.config.MemoryConfig;
import io.moquette.interception.AbstractInterceptHandler;
import io.moquette.interception.messages.InterceptExceptionMessage;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.MessageDigest;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moquette, configured to accept only the gate. Clients connect to the gate's own listeners; the listener that Moquette
 * insists on is used once, to get the last handler of its pipelines, and closed.
 */
final class MoquetteServer {
    private static final Logger LOG = LoggerFactory.getLogger(MoquetteServer.class);
    private static final int HANDLER_SECONDS_MAX = 10;

    private final Server server = new Server();
    private final BrokerConfig config;
    private final byte[] secret;
    private final CompletableFuture<ChannelHandler> handler = new CompletableFuture<>();
    private volatile ServerChannel listener;
    private volatile boolean healthy = true;
    private volatile boolean stopping;
    /** Null until it has started. */
    private volatile MoquetteStores stores;
    /** Null until they are guarded. */
    private volatile MoquetteLoops loops;

    MoquetteServer(BrokerConfig config, byte[] secret) {
        this.config = config;
        this.secret = secret;
    }

    void start(GateCounters counters) {
        GateExtension.whileBinding(this, () -> {
            try {
                server.startServer(new MemoryConfig(properties()), List.of(new LoopWatch()), null, this::admits, null);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        });
        InetSocketAddress address = (InetSocketAddress) listener.localAddress();
        try (Socket visit = new Socket(address.getAddress(), address.getPort())) {
            handler.get(HANDLER_SECONDS_MAX, TimeUnit.SECONDS);
            LOG.debug("Moquette's handler was taken from its listener on {}", visit.getRemoteSocketAddress());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        } catch (IOException | ExecutionException | TimeoutException failure) {
            throw new IllegalStateException("Moquette does not start: " + failure, failure);
        } finally {
            listener.close().awaitUninterruptibly();
            stop(listener.eventLoop().parent());
        }
        stores = MoquetteStores.install(server, config.generic(), counters);
    }

    /** Null until it has started: no client may connect before. */
    MoquetteStores stores() {
        return stores;
    }

    /** Moquette's own threads have finished their work; it would wait for a quiet period of two seconds each. */
    private static void stop(EventLoopGroup idle) {
        idle.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
    }

    /** The last handler of the gate's pipelines; the same for all of them. */
    ChannelHandler handler() {
        return handler.join();
    }

    void listening(ServerChannel channel) {
        listener = channel;
    }

    /** A client has connected to Moquette's own listener, which serves nobody. */
    void accepted(Channel channel) {
        channel.pipeline().addLast(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel filled) {
                handler.complete(filled.pipeline().remove(GatePipeline.MOQUETTE));
                filled.close();
                stop(filled.eventLoop().parent());
            }
        });
    }

    /** False once one of Moquette's session threads has died: some clients are not served any more. */
    boolean healthy() {
        return healthy;
    }

    /**
     * Makes the session threads survive exceptions of their commands.
     *
     * @param failed gets the exception, and the connection that led to it, null if none did
     */
    MoquetteLoops guard(BiConsumer<Connection, Throwable> failed) {
        loops = new MoquetteLoops(server, failed);
        return loops;
    }

    /** The session threads end first: Moquette would release what its sessions hold while they release it too. */
    void stop() {
        stopping = true;
        try {
            if (loops != null) {
                loops.end();
            }
        } finally {
            server.stopServer();
        }
    }

    /** Removes a client whose connection ended while Moquette was processing its CONNECT. */
    void purge(String clientId) {
        try {
            server.disconnectAndPurgeClientState(clientId);
        } catch (RuntimeException gone) {
            LOG.debug("Nothing to purge of {}", clientId, gone);
        }
    }

    private boolean admits(String clientId, String username, byte[] password) {
        return MoquetteConnect.USER_NAME.equals(username) && MessageDigest.isEqual(secret, password);
    }

    private Properties properties() {
        Properties properties = new Properties();
        properties.setProperty(IConfig.HOST_PROPERTY_NAME, "127.0.0.1");
        properties.setProperty(IConfig.PORT_PROPERTY_NAME, "0");
        properties.setProperty(IConfig.WEB_SOCKET_PORT_PROPERTY_NAME, BrokerConstants.DISABLED_PORT_BIND);
        properties.setProperty(IConfig.ALLOW_ANONYMOUS_PROPERTY_NAME, "false");
        properties.setProperty(IConfig.PERSISTENCE_ENABLED_PROPERTY_NAME, "false");
        properties.setProperty(IConfig.ENABLE_TELEMETRY_NAME, "false");
        properties.setProperty(
                IConfig.SESSION_QUEUE_SIZE, String.valueOf(config.generic().commandsMax()));
        properties.setProperty(
                IConfig.PERSISTENT_CLIENT_EXPIRATION_PROPERTY_NAME,
                config.deadlines().sessionExpiryMaxSeconds() + "s");
        properties.setProperty(
                IConfig.NETTY_MAX_BYTES_PROPERTY_NAME,
                String.valueOf(config.packets().packetBytesMax()));
        // The gate limits what a client may leave unanswered.
        properties.setProperty(IConfig.RECEIVE_MAXIMUM, "65535");
        return properties;
    }

    /** Notices when a session thread dies. */
    private final class LoopWatch extends AbstractInterceptHandler {
        @Override
        public String getID() {
            return "gate";
        }

        @Override
        public Class<?>[] getInterceptedMessageTypes() {
            return new Class<?>[] {InterceptExceptionMessage.class};
        }

        @Override
        public void onSessionLoopError(Throwable error) {
            if (stopping) {
                // Interrupted in a command.
                LOG.debug("A session thread of Moquette has died while it stopped", error);
                return;
            }
            healthy = false;
            LOG.error("A session thread of Moquette has died", error);
        }
    }
}
