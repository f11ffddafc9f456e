package io.hongyan.im.app;

import io.hongyan.broker.hook.GuardedHook;
import io.hongyan.broker.hook.grpc.LinkCounter;
import io.hongyan.broker.hook.grpc.NodeLink;
import io.hongyan.broker.hook.grpc.NodeLink.Node;
import io.hongyan.broker.server.BrokerServer;
import io.hongyan.im.adapter.http.Authentication;
import io.hongyan.im.adapter.http.Browsers;
import io.hongyan.im.adapter.http.HttpServer;
import io.hongyan.im.adapter.http.Metrics;
import io.hongyan.im.adapter.http.NodeRoutes;
import io.hongyan.im.adapter.http.Routes;
import io.hongyan.im.app.config.Settings;
import io.hongyan.im.core.session.TokenVerdict;
import io.hongyan.im.core.work.PeriodicTask;
import io.hongyan.metrics.Counters;
import io.hongyan.runtime.RateLimitedLog;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/**
 * A gate as a process: holds clients and asks a node. It needs no database and no Redis; in development mode its
 * directory has the key of its HTTP API. Over HTTP it shows its state and can be drained.
 */
final class GateServer implements ServerProcess {
    private static final long HEALTH_MILLIS = 1_000;

    private final Settings settings;
    private final Consumer<String> onFault;
    private final Clock clock = Clock.systemUTC();
    private final SecureRandom random = new SecureRandom();
    private final Counters<LinkCounter> linkCounters = new Counters<>(LinkCounter.class);
    private final ServerReadiness readiness = new ServerReadiness(null);
    private final PeriodicTasks tasks = new PeriodicTasks();
    private final ServerThreads threads = new ServerThreads();

    // Set by start(), in this order; null before that.
    private ClientEdge edge;
    private Metrics metrics;
    private HttpEntrance http;
    private NodeLink link;
    private ScheduledExecutorService deadlines;
    private volatile BrokerServer broker;
    private volatile boolean listening;
    private boolean closed;

    /** @param onFault told, on any thread, when the gate cannot go on */
    GateServer(Settings settings, Consumer<String> onFault) {
        this.settings = settings;
        this.onFault = onFault;
    }

    @Override
    public synchronized void start() throws StartException {
        PrivateDirectory directory = new PrivateDirectory(settings.dataDirectory());
        directory.secure();
        BrokerServer.prepare();
        edge = ClientEdge.open(settings, clock, random);
        metrics = new Metrics();
        Authentication keysOnly = new Authentication(
                ApiAccess.keys(settings, random),
                () -> (token, asker) -> CompletableFuture.completedFuture(
                        new TokenVerdict.Worthless("A gate does not serve requests of users; ask a node.")),
                () -> uid -> CompletableFuture.completedFuture(Optional.empty()));
        List<Routes> routes = List.of(new NodeRoutes(new BrokerNode(() -> broker, settings)));
        Browsers browsers = new Browsers(settings.access().http().corsOrigins());
        http = new HttpEntrance(
                settings,
                new HttpServer(
                        settings.access().http().limits(), browsers, readiness, metrics, keysOnly, random, routes),
                browsers);
        try {
            http.start(edge.edge());
            startBroker();
            http.refuse(broker::denies);
        } catch (IOException | IllegalArgumentException unable) {
            throw new StartException(unable.getMessage(), unable);
        }
        CountedValues counted = new CountedValues(metrics);
        counted.ofProcess(settings.dataDirectory());
        counted.of(readiness);
        counted.of(broker);
        counted.of(link, linkCounters);
        edge.count(metrics);
        tasks.start(edge.tasks());
        readiness.require(link::up, "There is no link to a node.");
        readiness.require(() -> broker.drainPlan() == null, "The server is draining.");
        readiness.require(broker::healthy, "A session thread of generic MQTT has died.");
        tasks.start(GateTasks.of(broker));
        threads.of(link);
        threads.of(broker, deadlines);
        readiness.require(threads);
        tasks.start(threads.tasks());
        tasks.start(
                List.of(new PeriodicTask("sum up the log of HTTP", RateLimitedLog.PERIOD_MILLIS, http::summarizeLog)));
        tasks.start(List.of(new PeriodicTask("check the gate", HEALTH_MILLIS, () -> {
            if (!broker.healthy()) {
                onFault.accept("a session thread of generic MQTT has died, so some clients are not served");
            }
        })));
        // Files created at this start have the rights that the umask left.
        directory.narrow();
        http.open();
        readiness.started();
    }

    private void startBroker() throws IOException, StartException {
        String name = settings.cluster().link().hasName()
                ? settings.cluster().link().name()
                : NodeId.ofGate(settings.dataDirectory(), random);
        String gate = GateNames.ofStart(GateNames.lasting(name), clock.millis(), random);
        List<Node> nodes = settings.cluster().link().nodeList().stream()
                .map(node -> new Node(node.host(), node.port()))
                .toList();
        link = new NodeLink(
                gate, nodes, settings.cluster().link().limits(), edge.linkTls(), linkCounters, System::nanoTime);
        deadlines = Deadlines.start();
        broker = new BrokerServer(
                Limits.broker(settings, gate),
                edge.edge(),
                new GuardedHook(link, Limits.guard(settings), deadlines),
                clock,
                System::nanoTime,
                random);
        link.start(
                broker.control(),
                broker.presence(),
                () -> listening ? GateAbout.of(settings, gate, broker) : GateAbout.closed(gate));
        Deadlines.listen(broker);
        listening = true;
    }

    @Override
    public BrokerServer gate() {
        return broker;
    }

    @Override
    public String addresses() {
        return BoundAddresses.ofClients(settings.listen(), broker) + ", " + http.addresses();
    }

    int mqttPort() {
        return broker.mqttPort();
    }

    int httpPort() {
        return http.port(false);
    }

    /** Tells the clients, then tells the node that they have ended, and stops. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        readiness.stopping();
        if (http != null) {
            Server.step("stop accepting HTTP requests", http::stopAnswering);
        }
        if (broker != null) {
            Server.step("close the gate", broker::close);
        }
        if (link != null) {
            Server.step("close the link", link::close);
        }
        if (deadlines != null) {
            Server.step("stop watching deadlines", deadlines::shutdownNow);
        }
        Server.step("stop the periodic tasks", tasks::close);
        if (http != null) {
            Server.step("stop HTTP", http::close);
        }
        if (edge != null) {
            Server.step("close the certificates", edge::close);
        }
        if (metrics != null) {
            Server.step("close the metrics", metrics::close);
        }
    }
}
