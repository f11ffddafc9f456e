package io.hongyan.bench.server;

import io.moquette.broker.Server;
import io.moquette.broker.config.IConfig;
import io.moquette.broker.config.MemoryConfig;
import java.io.IOException;
import java.util.Locale;
import java.util.Properties;

/** The program that {@link PlainMoquetteServer} starts: Moquette with its defaults, in memory, with long queues. */
public final class PlainMoquette {
    /** Moquette's default of 1,024 commands makes it close busy connections. */
    private static final int SESSION_QUEUE_SIZE = 65_536;

    private static final int MESSAGE_BYTES_MAX = 64 << 10;

    private PlainMoquette() {}

    /** Arguments: port, data directory. */
    public static void main(String[] arguments) throws IOException {
        Locale.setDefault(Locale.ROOT);
        Properties properties = new Properties();
        properties.setProperty(IConfig.HOST_PROPERTY_NAME, "127.0.0.1");
        properties.setProperty(IConfig.PORT_PROPERTY_NAME, arguments[0]);
        properties.setProperty(IConfig.DATA_PATH_PROPERTY_NAME, arguments[1]);
        properties.setProperty(IConfig.PERSISTENCE_ENABLED_PROPERTY_NAME, "false");
        properties.setProperty(IConfig.ENABLE_TELEMETRY_NAME, "false");
        properties.setProperty(IConfig.ALLOW_ANONYMOUS_PROPERTY_NAME, "true");
        properties.setProperty(IConfig.SESSION_QUEUE_SIZE, Integer.toString(SESSION_QUEUE_SIZE));
        properties.setProperty(IConfig.NETTY_MAX_BYTES_PROPERTY_NAME, Integer.toString(MESSAGE_BYTES_MAX));
        Server server = new Server();
        server.startServer(new MemoryConfig(properties));
        Runtime.getRuntime().addShutdownHook(new Thread(server::stopServer, "stop-moquette"));
    }
}
