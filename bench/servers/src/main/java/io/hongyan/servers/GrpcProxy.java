package io.hongyan.servers;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.broker.BrokerController;
import org.apache.rocketmq.common.constant.LoggerName;
import org.apache.rocketmq.common.thread.ThreadPoolMonitor;
import org.apache.rocketmq.logging.org.slf4j.LoggerFactory;
import org.apache.rocketmq.proxy.config.Configuration;
import org.apache.rocketmq.proxy.config.ConfigurationManager;
import org.apache.rocketmq.proxy.grpc.interceptor.ContextInterceptor;
import org.apache.rocketmq.proxy.grpc.interceptor.GlobalExceptionInterceptor;
import org.apache.rocketmq.proxy.grpc.interceptor.HeaderInterceptor;
import org.apache.rocketmq.proxy.grpc.v2.GrpcMessagingApplication;
import org.apache.rocketmq.proxy.processor.DefaultMessagingProcessor;

/**
 * RocketMQ's proxy in local mode beside a broker of this JVM: it starts the same parts as the proxy's own main class,
 * without TLS, without the remoting listener, and bound to 127.0.0.1.
 */
final class GrpcProxy implements AutoCloseable {
    private static final int STOP_SECONDS_MAX = 3;
    /** Messages that a dead consumer had not acknowledged are delivered again after this time. */
    private static final long INVISIBLE_MILLIS = 15_000;

    private final DefaultMessagingProcessor processor;
    private final GrpcMessagingApplication application;
    private final Server server;

    private GrpcProxy(DefaultMessagingProcessor processor, GrpcMessagingApplication application, Server server) {
        this.processor = processor;
        this.application = application;
        this.server = server;
    }

    static GrpcProxy start(BrokerController broker, Path directory, RocketMqOptions options) throws Exception {
        Path config = directory.resolve("proxy.json");
        Files.writeString(config, """
                {"proxyMode": "local", "proxyName": "hongyan-local", "rocketMQClusterName": "%s", "namesrvAddr": "%s",
                 "localServeAddr": "%s", "grpcServerPort": %d, "enablePrintJstack": false,
                 "defaultInvisibleTimeMills": %d}
                """.formatted(
                        RocketMqServer.CLUSTER,
                        options.nameServer(),
                        RocketMqOptions.HOST,
                        options.proxyPort,
                        INVISIBLE_MILLIS));
        System.setProperty(Configuration.CONFIG_PATH_PROPERTY, config.toString());
        ConfigurationManager.initEnv();
        ConfigurationManager.initConfig();
        ThreadPoolMonitor.config(
                LoggerFactory.getLogger(LoggerName.PROXY_LOGGER_NAME),
                LoggerFactory.getLogger(LoggerName.PROXY_WATER_MARK_LOGGER_NAME),
                false,
                TimeUnit.MINUTES.toMillis(1),
                TimeUnit.MINUTES.toMillis(1));
        ThreadPoolMonitor.init();
        DefaultMessagingProcessor processor = DefaultMessagingProcessor.createForLocalMode(broker);
        GrpcMessagingApplication application = GrpcMessagingApplication.create(processor);
        processor.start();
        application.start();
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(RocketMqOptions.HOST, options.proxyPort))
                .maxInboundMessageSize(ConfigurationManager.getProxyConfig().getGrpcMaxInboundMessageSize())
                .addService(application)
                .intercept(new GlobalExceptionInterceptor())
                .intercept(new ContextInterceptor())
                .intercept(new HeaderInterceptor())
                .build()
                .start();
        return new GrpcProxy(processor, application, server);
    }

    @Override
    public void close() {
        try {
            server.shutdown();
            if (!server.awaitTermination(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
                server.shutdownNow();
            }
            application.shutdown();
            processor.shutdown();
        } catch (Exception e) {
            System.err.println("The proxy did not stop cleanly: " + e);
        }
    }
}
