package io.hongyan.im.app;

import io.hongyan.broker.hook.BrokerHook;
import io.hongyan.broker.hook.GateRouter;
import io.hongyan.broker.hook.GuardedHook;
import io.hongyan.broker.hook.grpc.GateLinks;
import io.hongyan.broker.hook.grpc.LinkCounter;
import io.hongyan.broker.server.BrokerServer;
import io.hongyan.broker.server.listen.Port.Service;
import io.hongyan.im.adapter.http.Authentication;
import io.hongyan.im.adapter.http.Browsers;
import io.hongyan.im.adapter.http.BusinessKeys;
import io.hongyan.im.adapter.http.DevelopmentRoutes;
import io.hongyan.im.adapter.http.GatesRoutes;
import io.hongyan.im.adapter.http.HttpServer;
import io.hongyan.im.adapter.http.Metrics;
import io.hongyan.im.adapter.http.NodeRoutes;
import io.hongyan.im.adapter.http.Routes;
import io.hongyan.im.adapter.mqtt.GroupChangeEncoder;
import io.hongyan.im.adapter.mqtt.MessageChangeEncoder;
import io.hongyan.im.adapter.mqtt.MqttClients;
import io.hongyan.im.adapter.mqtt.MqttCounters;
import io.hongyan.im.adapter.mqtt.MqttDownlink;
import io.hongyan.im.adapter.push.WebhookHints;
import io.hongyan.im.adapter.redis.ClusterMembership;
import io.hongyan.im.adapter.rocketmq.RocketMqSink;
import io.hongyan.im.adapter.sql.OpenStorage;
import io.hongyan.im.adapter.sql.StorageCounter;
import io.hongyan.im.app.config.ListenAddress;
import io.hongyan.im.app.config.Role;
import io.hongyan.im.app.config.Settings;
import io.hongyan.im.app.config.StopSettings;
import io.hongyan.im.core.Dependencies;
import io.hongyan.im.core.Messaging;
import io.hongyan.im.core.Storage;
import io.hongyan.im.core.cluster.OtherNodes;
import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.session.ConnectedClients;
import io.hongyan.im.core.session.DeleteUser;
import io.hongyan.im.core.session.LocalSessionDirectory;
import io.hongyan.im.core.work.PeriodicTask;
import io.hongyan.im.core.work.WorkQueues;
import io.hongyan.metrics.Counters;
import io.hongyan.runtime.RateLimitedLog;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The whole system: connects the parts, starts them in order, stops them in the reverse order. */
final class Server implements ServerProcess {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);
    private static final long HEALTH_MILLIS = 1_000;
    private static final int STUCK_LOOKS_MAX = 5;
    private static final long WORK_STOP_MILLIS = 1_000;
    /** How long a thread waits for work before it checks whether it must end. */
    private static final long TURN_MILLIS = 100;

    private final Settings settings;
    private final UnaryOperator<Storage> storageDecorator;
    private final Consumer<String> onFault;
    private final Clock clock = Clock.systemUTC();
    private final SecureRandom random = new SecureRandom();
    private final ServerReadiness readiness;
    private final DevelopmentAccess development;
    private final MqttCounters mqttCounters = new MqttCounters();
    private final Counters<LinkCounter> linkCounters = new Counters<>(LinkCounter.class);
    private final WorkerPool work;
    private final WorkQueues queues;
    private final PeriodicTasks tasks = new PeriodicTasks();
    private final GatesAndNodes gates;
    private final ProcessStallWatch processStall;
    private final ServerThreads threads = new ServerThreads();

    // Set by start(), in this order; null before that.
    private ClientEdge edge;
    private SignOn tokens;
    private OpenStorage storage;
    private WebhookHints webhook;
    /** Null on a single node. */
    private volatile ClusterMembership cluster;

    private Messaging messaging;
    private DeleteUser deleteUser;
    private ConnectedClients clients;
    private String nodeId;
    private TurnDriver lane;
    private TurnDriver fanOut;
    private FeedDrivers feed;
    private RocketMqSink rocketMq;
    private PushTopic pushTopic;
    private ScheduledExecutorService deadlines;
    private volatile Metrics metrics;
    private volatile HttpEntrance http;
    private boolean closed;
    /** Null in the role `im-service`. */
    private volatile BrokerServer broker;
    /** Null if no gates connect to this process. */
    private volatile GateLinks links;

    /**
     * @param storageDecorator wraps the storage before it is used
     * @param onFault told, on any thread, when the server cannot go on
     */
    Server(Settings settings, UnaryOperator<Storage> storageDecorator, Consumer<String> onFault) {
        this.settings = settings;
        this.storageDecorator = storageDecorator;
        this.onFault = onFault;
        this.readiness = new ServerReadiness(settings.dataDirectory());
        this.development = settings.access().development() ? new DevelopmentAccess() : null;
        this.gates = new GatesAndNodes(settings);
        this.processStall = new ProcessStallWatch(settings, onFault);
        this.work = new WorkerPool(
                settings.process().work().threads(), settings.process().work().waitingMax());
        this.queues = WorkQueues.on(work, settings.process().work(), clock);
    }

    @Override
    public synchronized void start() throws StartException {
        PrivateDirectory directory = new PrivateDirectory(settings.dataDirectory());
        directory.secure(settings.storage().engine());
        BrokerServer.prepare();
        edge = ClientEdge.open(settings, clock, random);
        // HTTP takes about as long to start as the rest, and needs nothing of it.
        BusinessKeys keys = ApiAccess.keys(settings, random);
        CompletableFuture<StartException> httpStart = CompletableFuture.supplyAsync(() -> startHttp(keys));
        StartException failed = startMessaging();
        StartException httpFailed = httpStart.join();
        if (failed != null || httpFailed != null) {
            throw failed != null ? failed : httpFailed;
        }
        count();
        watch();
        if (broker != null) {
            http.takeWebSockets(broker);
            http.refuse(broker::denies);
        }
        // Files created at this start have the rights that the umask left.
        directory.narrow();
        http.open();
        readiness.started();
    }

    @Override
    public BrokerServer gate() {
        return broker;
    }

    @Override
    public String addresses() {
        ListenAddress forGates = settings.cluster().link().listen();
        String forHttp =
                http.addresses() + (links == null ? "" : ", gates " + BoundAddresses.of(forGates, links.port(), ""));
        return broker == null ? forHttp : BoundAddresses.ofClients(settings.listen(), broker) + ", " + forHttp;
    }

    /** Where gates connect. */
    int linkPort() {
        return links.port();
    }

    int port(Service service, boolean tls) {
        return service == Service.HTTP ? http.port(tls) : broker.port(service, tls);
    }

    /** Null if it has started. */
    private StartException startHttp(BusinessKeys keys) {
        Metrics page = new Metrics();
        metrics = page;
        Authentication authentication = new Authentication(
                keys,
                () -> tokens.verifier(),
                () -> uid -> messaging.sessions().lookUpUsers().standing(uid));
        Browsers browsers = new Browsers(settings.access().http().corsOrigins());
        http = new HttpEntrance(
                settings,
                new HttpServer(
                        settings.access().http().limits(), browsers, readiness, page, authentication, random, routes()),
                browsers);
        try {
            http.start(edge.edge());
        } catch (IOException unable) {
            return new StartException(unable.getMessage(), unable);
        }
        return null;
    }

    /** The parts of the API. The objects they use are fetched once the API is open. */
    private List<Routes> routes() {
        BlockingWork service = new BlockingWork(queues.service());
        List<Routes> routes = ApiRoutes.of(settings, clock, service, () -> messaging, () -> deleteUser, () -> clients);
        routes.add(new GatesRoutes(gates::allGates));
        if (settings.role() == Role.ALL) {
            routes.add(new NodeRoutes(new BrokerNode(() -> broker, settings)));
        }
        if (development != null) {
            routes.add(new DevelopmentRoutes(development, service));
        }
        return routes;
    }

    /** Null if it has started. */
    private StartException startMessaging() {
        try {
            processStall.start();
            storage = StorageChoice.open(settings, clock, processStall.processStall());
            tokens = SignOn.open(settings, random, clock, new BlockingWork(queues.tokens()));
            nodeId = NodeId.loadOrCreate(settings.dataDirectory(), random);
            storage.join(nodeId, !settings.cluster().redis().isOff(), tokens.fingerprint(), onFault);
            Storage ports = storageDecorator.apply(storage.ports());
            MqttDownlink downlink = new MqttDownlink();
            clients = new MqttClients(downlink);
            webhook = FeedSinks.webhook(settings, random, clock);
            cluster = ClusterNode.redis(settings, nodeId, clock);
            messaging = new Messaging(
                    new Dependencies(
                            ports,
                            cluster == null ? new LocalSessionDirectory() : cluster.sessions(),
                            downlink,
                            new GroupChangeEncoder(),
                            new MessageChangeEncoder(),
                            webhook,
                            nodeId,
                            cluster == null ? OtherNodes.NONE : cluster.otherNodes(),
                            processStall.processStall(),
                            storage.dataEpochs()),
                    queues,
                    clock,
                    TimeUnit.MILLISECONDS::sleep,
                    Limits.messaging(settings));
            deleteUser = deleteUser(ports);
            tasks.start(DataLossWatch.start(settings.dataDirectory(), storage.dataEpochs(), messaging.data()));
            lane = new TurnDriver("lane", messaging.messages().lane()::runOnce, TURN_MILLIS, onFault).start();
            fanOut = new TurnDriver(
                    "fan-out", messaging.messages().newFanOut("fan-out-" + nodeId)::runOnce, TURN_MILLIS, onFault);
            fanOut.start();
            startFeed();
            tasks.start(messaging.tasks());
            tasks.start(storage.tasks());
            if (cluster != null) {
                gates.meetIn(cluster);
                cluster.start(messaging.fromNodes(), messaging.sessions().logins(), gates::gatesHere, gates::addresses);
                tasks.start(gates.tasks());
            }
            // Before clients can connect.
            LoginWarmUp.run(settings, ports, clock, random);
            startBroker(downlink);
            startRelay(nodeId);
            if (development != null) {
                development.open(tokens.issuer(), ports.users());
            }
            return null;
        } catch (StorageException | IOException unable) {
            return new StartException(unable.getMessage(), unable);
        } catch (StartException unable) {
            return unable;
        }
    }

    private DeleteUser deleteUser(Storage ports) {
        return new DeleteUser(
                messaging.sessions().throwOut(),
                ports.users(),
                ports.groups(),
                messaging.groups().changeGroup(),
                new BlockingWork(queues.service()),
                clock);
    }

    private void startFeed() {
        feed = new FeedDrivers(messaging.feed(), onFault).start();
        if (settings.role() == Role.ALL) {
            messaging.feed().noteStart(GateNames.lasting(nodeId));
        }
        if (!settings.outlets().rocketmq().isOff()) {
            messaging.feed().expectRelay();
        }
    }

    private void startRelay(String nodeId) throws IOException {
        if (!settings.outlets().rocketmq().isOff()) {
            rocketMq = FeedSinks.rocketMq(settings, clock);
            feed.startRelay(rocketMq, nodeId, messaging.data()::current);
        }
        if (settings.outlets().rocketmq().pushEnabled()) {
            pushTopic = new PushTopic(
                    settings.outlets().rocketmq(), messaging.push().takePush(), clock, onFault);
            pushTopic.start();
        }
    }

    /** In the role `all` the gate calls the hook in this process, with deadlines; linked gates over the network. */
    private void startBroker(MqttDownlink downlink) throws StartException {
        BrokerHook hook = NodeHook.of(settings, downlink, messaging, tokens.verifier(), clock, mqttCounters);
        GateRouter router = new GateRouter();
        if (settings.role() == Role.ALL) {
            String name = GateNames.ofStart(GateNames.lasting(nodeId), clock.millis(), random);
            deadlines = Deadlines.start();
            BrokerHook guarded = new GuardedHook(hook, Limits.guard(settings), deadlines);
            BrokerServer server = new BrokerServer(
                    Limits.broker(settings, name), edge.edge(), guarded, clock, System::nanoTime, random);
            router.add(name, server.control());
            downlink.attach(settings.cluster().link().listen().isOff() ? server.control() : router);
            broker = server;
            Deadlines.listen(server);
            gates.own(name, server);
        } else {
            downlink.attach(router);
        }
        if (!settings.cluster().link().listen().isOff()) {
            startLinks(hook, router);
        }
    }

    private void startLinks(BrokerHook hook, GateRouter router) throws StartException {
        ListenAddress listen = settings.cluster().link().listen();
        try {
            GateLinks opened = new GateLinks(
                    hook,
                    router,
                    come -> messaging.feed().noteGate(GateNames.lastingOf(come)),
                    settings.cluster().link().limits(),
                    edge.linkTls(),
                    linkCounters,
                    clock,
                    System::nanoTime,
                    () -> processStall.processStall().epoch().number());
            opened.start(listen.host(), listen.port());
            links = opened;
            gates.linked(opened);
        } catch (IOException | IllegalArgumentException unable) {
            throw new StartException("cannot listen for gates on " + listen + ": " + unable.getMessage(), unable);
        }
    }

    private void count() {
        CountedValues counted = new CountedValues(metrics);
        counted.ofProcess(settings.dataDirectory());
        counted.of(readiness);
        counted.of(messaging);
        counted.of(processStall.processStall());
        counted.of(webhook);
        counted.of(pushTopic);
        counted.of(cluster);
        counted.ofStorage(storage.counters());
        counted.ofMqtt(mqttCounters);
        counted.of(tokens.opaque());
        counted.of(broker);
        counted.of(links, linkCounters);
        edge.count(metrics);
    }

    private void watch() {
        tasks.start(edge.tasks());
        StorageWatch watch = new StorageWatch(
                () -> storage.counters().value(StorageCounter.COMMITS),
                () -> storage.counters().value(StorageCounter.COMMIT_FAILURES),
                () -> messaging.messages().lane().waiting(),
                STUCK_LOOKS_MAX);
        readiness.require(watch::good, "The storage does not accept writes.");
        watchThreads();
        if (broker != null) {
            readiness.require(() -> broker.drainPlan() == null, "The server is draining.");
            readiness.require(broker::healthy, "A session thread of generic MQTT has died.");
            tasks.start(GateTasks.of(broker));
        }
        tasks.start(List.of(
                new PeriodicTask("sum up the log", RateLimitedLog.PERIOD_MILLIS, mqttCounters::summarizeLog),
                new PeriodicTask("sum up the log of HTTP", RateLimitedLog.PERIOD_MILLIS, http::summarizeLog),
                new PeriodicTask("check the server", HEALTH_MILLIS, () -> {
                    watch.look();
                    if (broker != null && !broker.healthy()) {
                        onFault.accept("a session thread of generic MQTT has died, so some clients are not served");
                    }
                })));
    }

    private void watchThreads() {
        threads.of(lane, fanOut, feed, processStall, storage, pushTopic, webhook, cluster, rocketMq, links);
        threads.of(broker, deadlines);
        readiness.require(threads);
        tasks.start(threads.tasks());
    }

    /**
     * Stops accepting, tells the clients, finishes started work, writes what is held in memory. A step that fails does
     * not prevent the others.
     */
    @Override
    public synchronized void close() {
        StopSettings stop = settings.process().stop();
        if (closed) {
            return;
        }
        closed = true;
        readiness.stopping();
        if (http != null) {
            step("stop accepting HTTP requests", http::stopAnswering);
        }
        if (pushTopic != null) {
            step("stop taking pushes from RocketMQ", pushTopic::close);
        }
        if (links != null) {
            // Their clients stay connected: other nodes take them over, and are asked what was not answered here.
            step("send the gates to other nodes", links::close);
        }
        if (messaging != null && lane != null && broker == null) {
            finishWaitingWork(stop.drainMillisMax());
            step("store the ends of sessions", () -> feed.drain(stop.drainMillisMax()));
        }
        if (broker != null) {
            step("stop accepting", broker::stopAccepting);
            step("tell the clients", () -> messaging.sessions().logins().announceStop(stop.reconnectAfterMillis()));
            finishWaitingWork(stop.drainMillisMax());
            step("close the gate", broker::close);
            step("store the ends of sessions", () -> feed.drain(stop.drainMillisMax()));
        }
        if (deadlines != null) {
            step("stop watching deadlines", deadlines::shutdownNow);
        }
        if (lane != null) {
            step("stop the lane", lane::close);
        }
        if (fanOut != null) {
            step("stop the fan-out", fanOut::close);
        }
        step("stop the workers", () -> work.close(WORK_STOP_MILLIS));
        step("stop the periodic tasks", tasks::close);
        if (webhook != null) {
            step("close the webhook", webhook::close);
        }
        if (messaging != null) {
            step("write cursors and marks", messaging::flush);
        }
        if (cluster != null) {
            step("leave the cluster", cluster::close);
        }
        if (feed != null) {
            step("stop the feed", feed::close);
        }
        if (rocketMq != null) {
            step("close RocketMQ", rocketMq::close);
        }
        if (storage != null) {
            step("close the storage", storage::close);
        }
        closeLast();
    }

    private void finishWaitingWork(long millisMax) {
        step("finish waiting work", () -> lane.drain(messaging.messages().lane()::waiting, millisMax));
    }

    private void closeLast() {
        if (http != null) {
            step("stop HTTP", http::close);
        }
        if (edge != null) {
            step("close the certificates", edge::close);
        }
        step("stop watching for process stalls", processStall::close);
        if (metrics != null) {
            step("close the metrics", metrics::close);
        }
    }

    static void step(String what, Step step) {
        try {
            step.run();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException trouble) {
            LOG.warn("could not {}: {}", what, trouble.toString());
        }
    }

    /** One step of the stop. */
    interface Step {
        void run() throws InterruptedException;
    }
}
