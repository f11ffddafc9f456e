package io.hongyan.servers;

import io.hongyan.servers.RocketMqOptions.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.rocketmq.broker.BrokerController;
import org.apache.rocketmq.common.BrokerConfig;
import org.apache.rocketmq.common.MQVersion;
import org.apache.rocketmq.common.namesrv.NamesrvConfig;
import org.apache.rocketmq.namesrv.NamesrvController;
import org.apache.rocketmq.remoting.netty.NettyClientConfig;
import org.apache.rocketmq.remoting.netty.NettyServerConfig;
import org.apache.rocketmq.remoting.netty.TlsSystemConfig;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.store.config.FlushDiskType;
import org.apache.rocketmq.store.config.MessageStoreConfig;

/** A name server and a broker in this JVM, small enough for a laptop; with the gRPC proxy on request. */
final class RocketMqServer implements AutoCloseable {
    static final String CLUSTER = "hongyan-local";

    private static final int COMMIT_LOG_FILE_BYTES = 16 << 20;
    private static final int CONSUME_QUEUE_FILE_BYTES = 20 * 30_000;
    private static final int TIMER_LOG_FILE_BYTES = 4 << 20;
    private static final int INDEX_SLOTS = 10_000;
    private static final int INDEX_ENTRIES = 40_000;
    private static final int DISK_PERCENT_MAX = 95;

    /** A restarted name server knows nothing for so long; RocketMQ accepts no shorter time. */
    /** By default a broker refuses requests that wait for 200 ms; a busy machine may pause for longer. */
    private static final int BUSY_MILLIS = 10_000;

    private static final int REGISTER_MILLIS = 10_000;

    private final RocketMqOptions options;
    private NamesrvController nameServer;
    private BrokerController broker;
    private GrpcProxy proxy;

    RocketMqServer(RocketMqOptions options) {
        this.options = options;
    }

    /** Starts all parts; they write below the directory. Topics may not be ready yet when this returns. */
    void start() throws Exception {
        Path directory = Files.createDirectories(options.directory.toAbsolutePath());
        // Read by RocketMQ's classes when they are loaded: the directories of logs and state, and the version for name
        // servers, without which they do not accept topics.
        System.setProperty("user.home", directory.toString());
        System.setProperty("rocketmq.home.dir", directory.toString());
        System.setProperty(RemotingCommand.REMOTING_VERSION_KEY, Integer.toString(MQVersion.CURRENT_VERSION));
        if (options.certificate != null) {
            TlsSystemConfig.tlsTestModeEnable = false;
            TlsSystemConfig.tlsServerCertPath = options.certificate.toString();
            TlsSystemConfig.tlsServerKeyPath = options.key.toString();
        }
        if (options.has(Part.NAME_SERVER)) {
            startNameServer();
        }
        if (options.has(Part.BROKER)) {
            startBroker(directory);
        }
    }

    private void startBroker(Path directory) throws Exception {
        broker = createBroker(directory);
        if (!broker.initialize()) {
            throw new IOException("the broker cannot use its store in " + directory);
        }
        broker.start();
        if (options.fullWhile != null) {
            FullDisk.watch(options.fullWhile, broker.getMessageStore().getRunningFlags());
        }
        if (options.proxy) {
            proxy = GrpcProxy.start(broker, directory, options);
        }
    }

    private void startNameServer() throws Exception {
        nameServer = new NamesrvController(new NamesrvConfig(), listener(options.nameServerPort));
        if (!nameServer.initialize()) {
            throw new IOException("the name server does not start");
        }
        nameServer.start();
    }

    private BrokerController createBroker(Path directory) {
        BrokerConfig config = new BrokerConfig();
        config.setBrokerClusterName(CLUSTER);
        config.setBrokerName(CLUSTER);
        config.setBrokerIP1(RocketMqOptions.HOST);
        config.setBrokerIP2(RocketMqOptions.HOST);
        config.setListenPort(options.brokerPort);
        config.setNamesrvAddr(options.nameServer());
        config.setAutoCreateTopicEnable(false);
        config.setRegisterNameServerPeriod(REGISTER_MILLIS);
        config.setWaitTimeMillsInSendQueue(BUSY_MILLIS);
        MessageStoreConfig store = new MessageStoreConfig();
        store.setStorePathRootDir(directory.resolve("store").toString());
        store.setStorePathCommitLog(directory.resolve("store/commitlog").toString());
        store.setFlushDiskType(options.syncFlush ? FlushDiskType.SYNC_FLUSH : FlushDiskType.ASYNC_FLUSH);
        store.setMappedFileSizeCommitLog(COMMIT_LOG_FILE_BYTES);
        store.setMappedFileSizeConsumeQueue(CONSUME_QUEUE_FILE_BYTES);
        store.setMaxHashSlotNum(INDEX_SLOTS);
        store.setMaxIndexNum(INDEX_ENTRIES);
        // Only gRPC consumers need it; it uses memory.
        store.setTimerWheelEnable(options.proxy);
        store.setMappedFileSizeTimerLog(TIMER_LOG_FILE_BYTES);
        store.setMaxMessageSize(options.messageBytesMax);
        store.setOsPageCacheBusyTimeOutMills(BUSY_MILLIS);
        store.setHaListenPort(0);
        store.setDiskMaxUsedSpaceRatio(DISK_PERCENT_MAX);
        return new BrokerController(config, listener(options.brokerPort), new NettyClientConfig(), store);
    }

    private static NettyServerConfig listener(int port) {
        NettyServerConfig config = new NettyServerConfig();
        config.setBindAddress(RocketMqOptions.HOST);
        config.setListenPort(port);
        return config;
    }

    /** Stops the started parts, the name server last, because the broker unregisters there. Takes some seconds. */
    @Override
    public void close() {
        if (proxy != null) {
            proxy.close();
        }
        if (broker != null) {
            broker.shutdown();
        }
        if (nameServer != null) {
            nameServer.shutdown();
        }
    }
}
