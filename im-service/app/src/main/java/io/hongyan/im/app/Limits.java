package io.hongyan.im.app;

import io.hongyan.broker.hook.ConnectRefusal;
import io.hongyan.broker.hook.ConnectVerdict;
import io.hongyan.broker.hook.GuardedHook;
import io.hongyan.broker.hook.grpc.LinkSettings;
import io.hongyan.broker.server.BrokerConfig;
import io.hongyan.broker.server.BrokerConfig.Deadlines;
import io.hongyan.broker.server.BrokerConfig.FlowLimits;
import io.hongyan.broker.server.BrokerConfig.Listeners;
import io.hongyan.broker.server.BrokerConfig.PacketLimits;
import io.hongyan.broker.server.listen.Port;
import io.hongyan.broker.server.listen.Port.Service;
import io.hongyan.im.adapter.http.HttpServer.HttpSettings;
import io.hongyan.im.adapter.push.WebhookSettings;
import io.hongyan.im.adapter.sql.MysqlSettings;
import io.hongyan.im.adapter.sql.SqliteSettings;
import io.hongyan.im.app.config.CallSettings;
import io.hongyan.im.app.config.DeliverySettings;
import io.hongyan.im.app.config.Endpoint;
import io.hongyan.im.app.config.FeedSettings;
import io.hongyan.im.app.config.GroupSettings;
import io.hongyan.im.app.config.HintSettings;
import io.hongyan.im.app.config.LaneSettings;
import io.hongyan.im.app.config.Listen;
import io.hongyan.im.app.config.MqttSettings;
import io.hongyan.im.app.config.MysqlSection;
import io.hongyan.im.app.config.ProxySettings;
import io.hongyan.im.app.config.ProxySettings.Listener;
import io.hongyan.im.app.config.SessionSettings;
import io.hongyan.im.app.config.Settings;
import io.hongyan.im.app.config.StorageSettings;
import io.hongyan.im.app.config.WorkSettings;
import io.hongyan.im.core.MessagingLimits;
import io.hongyan.im.core.feed.FeedOptions;
import io.hongyan.im.core.feed.JournalLimits;
import io.hongyan.im.core.feed.RelayLimits;
import io.hongyan.im.core.feed.ReportDestination;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.hint.HintLimits;
import io.hongyan.im.core.inbox.DeliveryLimits;
import io.hongyan.im.core.push.PushLimits;
import io.hongyan.im.core.send.LaneLimits;
import io.hongyan.im.core.session.PlatformClass;
import io.hongyan.im.core.session.SessionLimits;
import io.hongyan.im.core.sync.SyncLimits;
import io.hongyan.im.core.work.WorkLimits;
import io.hongyan.protocol.Topics;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Settings in the words of the parts they are for. */
final class Limits {

    /** How late the time of a client's last packet may be: one short entry per client and half a minute. */
    private static final int HEARD_MILLIS = 30_000;

    private Limits() {}

    static BrokerConfig broker(Settings settings, String gate) {
        MqttSettings mqtt = settings.mqtt();
        return new BrokerConfig(
                gate,
                listeners(settings),
                List.of(Topics.MESSAGING_PREFIXES),
                new PacketLimits(
                        mqtt.packetBytesMax(), mqtt.topicLevelsMax(), mqtt.filtersMax(), mqtt.filtersPerPacketMax()),
                new FlowLimits(
                        mqtt.unansweredPublishesMax(),
                        mqtt.deliveryWindowMax(),
                        mqtt.heldDeliveriesMax(),
                        mqtt.writeBufferLowBytes(),
                        mqtt.writeBufferHighBytes(),
                        mqtt.outboundBytesMax()),
                new Deadlines(
                        mqtt.connectMillisMax(),
                        mqtt.publishMillisMax(),
                        mqtt.ackMillisMax(),
                        mqtt.readPausedMillisMax(),
                        mqtt.closeMillisMax(),
                        mqtt.keepAliveDefaultSeconds(),
                        mqtt.keepAliveMaxSeconds(),
                        settings.sessions().expirySecondsMax(),
                        HEARD_MILLIS),
                settings.flood().limits(),
                settings.generic().limits());
    }

    private static Listeners listeners(Settings settings) {
        Listen listen = settings.listen();
        ProxySettings proxy = settings.proxy();
        List<Port> ports = Stream.of(
                        port(Service.MQTT, listen.mqtt(), false, proxy.isBefore(Listener.MQTT)),
                        port(Service.WEB_SOCKET, listen.websocket(), false, proxy.isBefore(Listener.WEBSOCKET)),
                        port(Service.MQTT, listen.mqtts(), true, proxy.isBefore(Listener.MQTTS)),
                        port(Service.WEB_SOCKET, listen.wss(), true, proxy.isBefore(Listener.WSS)))
                .flatMap(Optional::stream)
                .toList();
        return new Listeners(ports, listen.websocketPath(), settings.http().corsOrigins());
    }

    /** Where HTTP is spoken. */
    static List<Port> httpPorts(Settings settings) {
        Listen listen = settings.listen();
        ProxySettings proxy = settings.proxy();
        return Stream.of(
                        port(Service.HTTP, listen.http(), false, proxy.isBefore(Listener.HTTP)),
                        port(Service.HTTP, listen.https(), true, proxy.isBefore(Listener.HTTPS)))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<Port> port(Service service, Endpoint endpoint, boolean tls, boolean proxy) {
        return endpoint.isOff()
                ? Optional.empty()
                : Optional.of(new Port(service, endpoint.host(), endpoint.port(), tls, proxy));
    }

    static WorkLimits work(Settings settings) {
        WorkSettings work = settings.work();
        return new WorkLimits(work.threadsMax(), work.waitingMax(), work.waitingPerClientMax());
    }

    static LinkSettings link(Settings settings) {
        io.hongyan.im.app.config.LinkSettings link = settings.link();
        return new LinkSettings(
                link.frameBytesMax(),
                LinkSettings.DEFAULT.messageBytesMax(),
                link.queueBytesMax(),
                link.unansweredBytesMax(),
                link.gatesMax(),
                link.pingMillis(),
                link.silenceMillis(),
                link.openMillisMax(),
                link.retryMillisMin(),
                link.retryMillisMax(),
                link.leaseMillis());
    }

    /** Before the gate's own deadlines, where it can be: then the client hears why. */
    static GuardedHook.Guard guard(Settings settings) {
        return new GuardedHook.Guard(
                settings.mqtt().connectMillisMax() * 9L / 10,
                new ConnectVerdict.Refuse(
                        ConnectRefusal.SERVER_UNAVAILABLE, "The service did not answer in time; try again."),
                settings.mqtt().publishMillisMax());
    }

    static MessagingLimits messaging(Settings settings) {
        LaneSettings lane = settings.lane();
        DeliverySettings delivery = settings.delivery();
        SessionSettings.PerClass perClass = settings.sessions().perClass();
        CallSettings calls = settings.calls();
        return new MessagingLimits(
                new LaneLimits(
                        lane.waitingMax(),
                        lane.waitingBytesMax(),
                        lane.batchRowsMax(),
                        lane.batchBytesMax(),
                        lane.attemptsMax(),
                        lane.retryPauseMillis()),
                new DeliveryLimits(
                        delivery.window(),
                        delivery.windowBytesMax(),
                        delivery.pageEntriesMax(),
                        delivery.pageBytesMax(),
                        delivery.readAttemptsMax(),
                        settings.groups().streamsMax(),
                        settings.groups().backlogMax()),
                new SessionLimits(
                        Map.of(
                                PlatformClass.MOBILE, perClass.mobile(),
                                PlatformClass.DESKTOP, perClass.desktop(),
                                PlatformClass.WEB, perClass.web(),
                                PlatformClass.IOT, perClass.iot()),
                        settings.sessions().devicesMax(),
                        settings.tokens().endSessionsAtExpiry()),
                new SyncLimits(calls.pageMax(), calls.pageDefault(), calls.pageBytesMax(), calls.marksMax()),
                new HintLimits(
                        settings.hints().delayMillis(),
                        settings.hints().pendingMax(),
                        settings.hints().countMax()),
                groups(settings),
                new PushLimits(
                        settings.push().recipientsMax(),
                        settings.messages().contentBytesMax(),
                        settings.push().openMax(),
                        settings.push().usersPerSecondMax(),
                        settings.push().listedMax(),
                        Duration.ofDays(settings.push().keptDays()).toMillis()),
                feed(settings),
                settings.messages().contentBytesMax(),
                Duration.ofDays(settings.inbox().ageDaysMax()).toMillis(),
                settings.inbox().entriesMax());
    }

    private static FeedOptions feed(Settings settings) {
        FeedSettings feed = settings.feed();
        Map<String, ReportDestination> destinations = new HashMap<>();
        settings.reports()
                .destinations()
                .forEach((name, destination) -> destinations.put(
                        name,
                        new ReportDestination(
                                Set.copyOf(destination.platforms()),
                                destination.bytesMax(),
                                destination.perSecondMax())));
        LaneSettings lane = settings.lane();
        return new FeedOptions(
                feed.enabled(),
                feed.receipts(),
                destinations,
                new JournalLimits(
                        feed.waitingMax(),
                        feed.waitingBytesMax(),
                        feed.storeEventsMax(),
                        lane.batchBytesMax(),
                        lane.attemptsMax(),
                        lane.retryPauseMillis()),
                new RelayLimits(
                        feed.pageEventsMax(),
                        feed.pageBytesMax(),
                        feed.batchEventsMax(),
                        feed.batchBytesMax(),
                        feed.pauseMillisMin(),
                        feed.pauseMillisMax(),
                        feed.leaseMillis(),
                        feed.moveMillis(),
                        RelayLimits.DEFAULT.gatherMillis()),
                Duration.ofDays(feed.eventAgeDaysMax()).toMillis(),
                feed.eventsMax(),
                Duration.ofDays(feed.messageAgeDaysMax()).toMillis());
    }

    static GroupLimits groups(Settings settings) {
        GroupSettings groups = settings.groups();
        return new GroupLimits(
                groups.membersMax(),
                groups.membersPerChangeMax(),
                groups.largeAbove(),
                groups.fanOutInlineMax(),
                groups.fanOutStepMax(),
                groups.fanOutWaitingMax(),
                groups.nameCharactersMax(),
                groups.announcementCharactersMax());
    }

    static SqliteSettings storage(Settings settings) {
        StorageSettings storage = settings.storage();
        return new SqliteSettings(
                settings.dataDirectory(),
                storage.writerCacheBytes(),
                storage.readerCacheBytes(),
                storage.readersMax(),
                storage.waitingWritesMax(),
                storage.writesPerCommitMax(),
                storage.timeoutMillis(),
                storage.checkpointPages(),
                storage.databasePagesMax(),
                storage.cachedKeysMax());
    }

    static MysqlSettings mysql(Settings settings, MysqlSection mysql, String password) {
        return new MysqlSettings(
                mysql.url(),
                mysql.user(),
                password,
                mysql.writersMax(),
                mysql.readersMax(),
                mysql.waitMillis(),
                mysql.connectMillisMax(),
                mysql.answerMillisMax(),
                mysql.lockWaitSeconds(),
                mysql.attemptsMax(),
                mysql.cachedKeysMax(),
                settings.feed().enabled() || !settings.rocketmq().isOff());
    }

    /** @param secret key of the signatures */
    static WebhookSettings webhook(Settings settings, byte[] secret) {
        HintSettings hints = settings.hints();
        return new WebhookSettings(
                URI.create(hints.webhook()),
                secret,
                hints.requestsMax(),
                hints.hintsPerRequestMax(),
                hints.waitingMax(),
                hints.connectMillisMax(),
                hints.answerMillisMax(),
                hints.attemptsMax(),
                hints.retryPauseMillis(),
                hints.failuresMax(),
                hints.pauseMillis());
    }

    static HttpSettings http(Settings settings) {
        Endpoint http = settings.listen().http();
        return new HttpSettings(
                http.host(),
                http.port(),
                settings.http().threadsMax(),
                settings.http().idleMillisMax(),
                settings.http().requestsMax(),
                settings.http().bodyBytesMax(),
                settings.http().requestMillisMax(),
                settings.http().connectionsMax(),
                settings.http().connectionsPerAddressMax(),
                settings.http().heldBytesMax());
    }
}
