package io.hongyan.broker.hook.grpc;

import static org.awaitility.Awaitility.await;

import io.hongyan.broker.hook.BrokerControl;
import io.hongyan.broker.hook.BrokerHook;
import io.hongyan.broker.hook.GateRouter;
import io.hongyan.broker.hook.GateStatus;
import io.hongyan.broker.hook.NodePresence;
import io.hongyan.metrics.Counters;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** Gates and nodes of a test, in this JVM but with real sockets between them; closes them in the end. */
final class Links implements AutoCloseable {
    static final String GATE = "gate-1";
    static final LinkSettings QUICK =
            new LinkSettings(64 << 10, 16 << 20, 32 << 20, 4, 50, 30_000, 20_000, 20, 100, 60_000);

    private final List<Runnable> open = new ArrayList<>();

    /** How many process stalls the nodes had. */
    final AtomicLong fencingEpoch = new AtomicLong();

    /** What nodes do with the name of a new gate. */
    Function<String, CompletionStage<Void>> arrivals = gate -> CompletableFuture.completedFuture(null);

    /** A node on a free port. */
    GateLinks node(BrokerHook hook, GateRouter router, LinkSettings settings) throws IOException {
        return node(0, hook, router, settings, null, new Counters<>(LinkCounter.class));
    }

    GateLinks node(
            int port,
            BrokerHook hook,
            GateRouter router,
            LinkSettings settings,
            LinkTls tls,
            Counters<LinkCounter> counters)
            throws IOException {
        GateLinks links = new GateLinks(
                hook,
                router,
                arrivals,
                settings,
                tls,
                counters,
                InstantSource.system(),
                System::nanoTime,
                fencingEpoch::get);
        links.start("127.0.0.1", port);
        open.add(0, links::close);
        return links;
    }

    /** A gate that looks for a node among these ports. */
    NodeLink gate(String name, BrokerControl broker, NodePresence presence, LinkSettings settings, int... ports)
            throws IOException {
        return gate(name, broker, presence, settings, null, new Counters<>(LinkCounter.class), ports);
    }

    NodeLink gate(
            String name,
            BrokerControl broker,
            NodePresence presence,
            LinkSettings settings,
            LinkTls tls,
            Counters<LinkCounter> counters,
            int... ports)
            throws IOException {
        List<NodeLink.Node> nodes = new ArrayList<>();
        for (int port : ports) {
            nodes.add(new NodeLink.Node("127.0.0.1", port));
        }
        NodeLink link = new NodeLink(name, nodes, settings, tls, counters, System::nanoTime);
        link.start(broker, presence, () -> new GateStatus(name, "mqtt://" + name, "", 7, 100, false));
        open.add(0, link::close);
        return link;
    }

    static NodeLink up(NodeLink link) {
        await().atMost(Duration.ofSeconds(20)).until(link::up);
        return link;
    }

    @Override
    public void close() {
        open.forEach(Runnable::run);
    }
}
