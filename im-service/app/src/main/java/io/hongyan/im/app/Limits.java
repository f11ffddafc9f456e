package io.hongyan.im.app;

import io.hongyan.broker.hook.ConnectRefusal;
import io.hongyan.broker.hook.ConnectVerdict;
import io.hongyan.broker.hook.GuardedHook;
import io.hongyan.broker.server.BrokerConfig;
import io.hongyan.broker.server.BrokerConfig.Deadlines;
import io.hongyan.broker.server.BrokerConfig.Listeners;
import io.hongyan.broker.server.listen.Port;
import io.hongyan.broker.server.listen.Port.Service;
import io.hongyan.im.app.config.Listen;
import io.hongyan.im.app.config.ListenAddress;
import io.hongyan.im.app.config.MqttSettings;
import io.hongyan.im.app.config.ProxySettings;
import io.hongyan.im.app.config.ProxySettings.Listener;
import io.hongyan.im.app.config.Settings;
import io.hongyan.im.core.MessagingLimits;
import io.hongyan.im.core.feed.ReportDestination;
import io.hongyan.protocol.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Limits that are made from more than one section of the settings. */
final class Limits {
    private Limits() {}

    static BrokerConfig broker(Settings settings, String gate) {
        MqttSettings mqtt = settings.gate().mqtt();
        return new BrokerConfig(
                gate,
                listeners(settings),
                List.of(Topics.MESSAGING_PREFIXES),
                mqtt.packets(),
                mqtt.flow(),
                mqtt.deadlines(),
                settings.gate().flood(),
                settings.gate().generic());
    }

    private static Listeners listeners(Settings settings) {
        Listen listen = settings.listen();
        ProxySettings proxy = settings.gate().proxy();
        List<Port> ports = Stream.of(
                        port(Service.MQTT, listen.mqtt(), false, proxy.isBefore(Listener.MQTT)),
                        port(Service.WEB_SOCKET, listen.websocket(), false, proxy.isBefore(Listener.WEBSOCKET)),
                        port(Service.MQTT, listen.mqtts(), true, proxy.isBefore(Listener.MQTTS)),
                        port(Service.WEB_SOCKET, listen.wss(), true, proxy.isBefore(Listener.WSS)))
                .flatMap(Optional::stream)
                .toList();
        return new Listeners(
                ports, listen.websocketPath(), settings.access().http().corsOrigins());
    }

    /** The listeners with HTTP. */
    static List<Port> httpPorts(Settings settings) {
        Listen listen = settings.listen();
        ProxySettings proxy = settings.gate().proxy();
        return Stream.of(
                        port(Service.HTTP, listen.http(), false, proxy.isBefore(Listener.HTTP)),
                        port(Service.HTTP, listen.https(), true, proxy.isBefore(Listener.HTTPS)))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<Port> port(Service service, ListenAddress endpoint, boolean tls, boolean proxy) {
        return endpoint.isOff()
                ? Optional.empty()
                : Optional.of(new Port(service, endpoint.host(), endpoint.port(), tls, proxy));
    }

    /** Before the gate's own deadlines if possible: then the client gets a reason. */
    static GuardedHook.Guard guard(Settings settings) {
        Deadlines deadlines = settings.gate().mqtt().deadlines();
        return new GuardedHook.Guard(
                deadlines.connectMillis() * 9L / 10,
                new ConnectVerdict.Refuse(
                        ConnectRefusal.SERVER_UNAVAILABLE, "The service did not answer in time; try again."),
                deadlines.publishMillis());
    }

    static MessagingLimits messaging(Settings settings) {
        Map<String, ReportDestination> destinations = new HashMap<>();
        settings.outlets()
                .reports()
                .destinations()
                .forEach((name, destination) -> destinations.put(name, destination.reports()));
        return settings.messaging().reportingTo(destinations);
    }
}
