package io.hongyan.im.app;

import io.hongyan.broker.hook.BrokerHook;
import io.hongyan.im.adapter.mqtt.MqttCounters;
import io.hongyan.im.adapter.mqtt.MqttDownlink;
import io.hongyan.im.adapter.mqtt.MqttHook;
import io.hongyan.im.app.config.Settings;
import io.hongyan.im.core.Messaging;
import io.hongyan.im.core.session.TokenVerifier;
import java.time.InstantSource;

/** What a node answers its gates, as the settings say. */
final class NodeHook {
    private NodeHook() {}

    static BrokerHook of(
            Settings settings,
            MqttDownlink downlink,
            Messaging messaging,
            TokenVerifier tokens,
            InstantSource clock,
            MqttCounters counters) {
        return new MqttHook(
                downlink,
                messaging,
                tokens,
                settings.gate().tls().certificateLogin(),
                settings.gate().mqtt().access(),
                settings.gate().versions(),
                settings.messaging().pages().pageMax(),
                clock,
                counters);
    }
}
