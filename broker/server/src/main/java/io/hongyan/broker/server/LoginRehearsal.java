package io.hongyan.broker.server;

import io.hongyan.broker.hook.BrokerHook;
import io.hongyan.broker.hook.UserProperty;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Lets made-up clients log in at a gate of their own, over channels in memory, so that the code of a login is compiled before the
 * first real client comes. It listens nowhere and starts no thread, and no server counts or limits these clients. For one thread.
 */
public final class LoginRehearsal implements AutoCloseable {
    private static final int KEEP_ALIVE_SECONDS = 60;

    private final Gate gate;
    private final EmbeddedChannel encoder = new EmbeddedChannel(MqttEncoder.INSTANCE);

    /**
     * @param config of the real server; its limits on floods do not hold here
     * @param hook answers on the thread that asks, before its method returns
     */
    public LoginRehearsal(BrokerConfig config, BrokerHook hook, Clock clock, LongSupplier nanoTime) {
        this.gate = new Gate(
                config.withFlood(FloodLimits.DEFAULT), hook, clock, nanoTime, new byte[0], purgedClientId -> {});
    }

    /**
     * A client connects with a clean session, is answered, and disconnects.
     *
     * @param mqtt5 false for MQTT 3.1.1, which has no properties
     * @return whether it was accepted
     */
    public boolean logIn(
            boolean mqtt5, String clientId, String username, String password, List<UserProperty> properties) {
        long before = accepted();
        EmbeddedChannel channel = new EmbeddedChannel();
        try {
            Connection connection = new Connection(gate, channel, InetAddress.getLoopbackAddress(), new Share(), false);
            channel.pipeline().addLast(new HandshakeBytes(connection), connection.reader, new GateHandler(connection));
            channel.writeInbound(bytes(connect(mqtt5, clientId, username, password, properties)));
            // Settings may refuse such a client.
            if (channel.isOpen()) {
                channel.writeInbound(bytes(MqttMessage.DISCONNECT));
            }
            return accepted() > before;
        } finally {
            channel.finishAndReleaseAll();
            // Each channel in memory has an event loop of its own.
            gate.loops().clear();
        }
    }

    private long accepted() {
        return gate.counters.value(GateCounter.CONNECTS_ACCEPTED);
    }

    private static MqttMessage connect(
            boolean mqtt5, String clientId, String username, String password, List<UserProperty> properties) {
        MqttProperties told = new MqttProperties();
        properties.forEach(property -> told.add(new MqttProperties.UserProperty(property.name(), property.value())));
        return MqttMessageBuilders.connect()
                .protocolVersion(mqtt5 ? MqttVersion.MQTT_5 : MqttVersion.MQTT_3_1_1)
                .clientId(clientId)
                .username(username)
                .password(password.getBytes(StandardCharsets.UTF_8))
                .cleanSession(true)
                .keepAlive(KEEP_ALIVE_SECONDS)
                .properties(told)
                .build();
    }

    private ByteBuf bytes(MqttMessage packet) {
        encoder.writeOutbound(packet);
        return encoder.readOutbound();
    }

    @Override
    public void close() {
        encoder.finishAndReleaseAll();
    }
}
