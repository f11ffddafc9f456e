package io.hongyan.broker.server;

import io.moquette.BrokerConstants;
import io.moquette.broker.Server;
import io.moquette.broker.config.IConfig;
import io.moquette.broker.config.MemoryConfig;
import io.moquette.interception.AbstractInterceptHandler;
import io.moquette.interception.messages.InterceptExceptionMessage;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Moquette with its listeners, configured to let nobody in but the gate. */
final class MoquetteServer {
    private static final Logger LOG = LoggerFactory.getLogger(MoquetteServer.class);
    private static final int ACCEPT_BACKLOG = 4_096;
    private static final int WEB_SOCKET_FRAME_ROOM = 1_024;
    private static final int STOP_MILLIS = 2_000;

    private final Server server = new Server();
    private final BrokerConfig config;
    private final byte[] secret;
    private final List<ServerChannel> listeners = new CopyOnWriteArrayList<>();
    private ChannelInitializer<Channel> initializer;
    private volatile EventLoopGroup workers;
    private volatile boolean healthy = true;
    private volatile boolean stopping;

    MoquetteServer(BrokerConfig config, byte[] secret) {
        this.config = config;
        this.secret = secret;
    }

    /** @param gate goes into the pipeline of each accepted channel */
    void start(ChannelInitializer<Channel> gate) {
        initializer = gate;
        GateExtension.whileBinding(this, () -> {
            try {
                server.startServer(new MemoryConfig(properties()), List.of(new LoopWatch()), null, this::admits, null);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        });
    }

    ChannelInitializer<Channel> initializer() {
        return initializer;
    }

    void listening(ServerChannel channel) {
        listeners.add(channel);
    }

    /** Any accepted channel shows where they run. */
    void accepted(Channel channel) {
        if (workers == null) {
            workers = channel.eventLoop().parent();
        }
    }

    /** False once one of Moquette's session threads has died: some clients are not served any more. */
    boolean healthy() {
        return healthy;
    }

    /** Port of the listener in the order of binding: MQTT first, then WebSocket, as far as they are wanted. */
    int port(int position) {
        return ((InetSocketAddress) listeners.get(position).localAddress()).getPort();
    }

    void stopAccepting() {
        listeners.forEach(listener -> listener.close().awaitUninterruptibly());
    }

    void stop() {
        stopping = true;
        // Moquette would wait for a quiet period of two seconds each.
        EventLoopGroup running = workers;
        if (running != null) {
            running.shutdownGracefully(0, STOP_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly(STOP_MILLIS);
        }
        listeners.forEach(
                listener -> listener.eventLoop().parent().shutdownGracefully(0, STOP_MILLIS, TimeUnit.MILLISECONDS));
        server.stopServer();
    }

    /** Removes a client whose connection ended while Moquette was taking it in. */
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
        BrokerConfig.Listeners listen = config.listeners();
        Properties properties = new Properties();
        properties.setProperty(IConfig.HOST_PROPERTY_NAME, listen.host());
        properties.setProperty(IConfig.PORT_PROPERTY_NAME, port(listen.mqttPort(), 0));
        properties.setProperty(IConfig.WEB_SOCKET_PORT_PROPERTY_NAME, port(listen.webSocketPort(), 0));
        properties.setProperty(IConfig.WEB_SOCKET_PATH_PROPERTY_NAME, listen.webSocketPath());
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
        properties.setProperty(
                BrokerConstants.WEB_SOCKET_MAX_FRAME_SIZE_PROPERTY_NAME,
                String.valueOf(config.packets().packetBytesMax() + WEB_SOCKET_FRAME_ROOM));
        // The gate bounds what a client may leave unanswered.
        properties.setProperty(IConfig.RECEIVE_MAXIMUM, "65535");
        properties.setProperty(BrokerConstants.NETTY_NATIVE_PROPERTY_NAME, "true");
        properties.setProperty(BrokerConstants.NETTY_SO_BACKLOG_PROPERTY_NAME, String.valueOf(ACCEPT_BACKLOG));
        return properties;
    }

    private static String port(int port, int lowest) {
        return port < lowest ? BrokerConstants.DISABLED_PORT_BIND : String.valueOf(port);
    }

    /** Learns when a session thread dies. */
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
                // Moquette takes its sessions down before the threads that still work on them.
                LOG.debug("A session thread of Moquette has died while it stopped", error);
                return;
            }
            healthy = false;
            LOG.error("A session thread of Moquette has died", error);
        }
    }
}
