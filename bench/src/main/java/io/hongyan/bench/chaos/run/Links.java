package io.hongyan.bench.chaos.run;

import io.hongyan.starters.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * The links between the parts of a cluster: all bytes between two parts go through a port of this process, which can
 * cut, stall and slow each link alone. One thread moves them; methods may be called by any other.
 */
final class Links implements AutoCloseable {
    private static final long TASK_MILLIS_MAX = 10_000;
    private static final long SELECT_MILLIS_MAX = 200;
    private static final int BACKLOG = 256;

    private final Selector selector;
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Map<String, Link> links = new ConcurrentHashMap<>();
    private final RandomGenerator ports;
    private final Consumer<Move> observer;
    private final Thread thread = new Thread(this::run, "chaos-links");
    private volatile boolean stopping;
    private volatile Throwable failure;

    /** How bytes pass. */
    enum State {
        OPEN,
        /** Connections are reset, new ones too. */
        CUT,
        /** Connections stay, new ones are accepted, and nothing passes. */
        STALLED,
        /** Everything passes late, and slowly. */
        SLOW
    }

    /** A connection has reached the other end of a link, or such a connection has closed. */
    record Move(Link link, boolean opened) {}

    /** @param observer called on the thread of the links: must not block */
    Links(RandomGenerator ports, Consumer<Move> observer) {
        this.ports = ports;
        this.observer = observer;
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread.setDaemon(true);
        thread.start();
    }

    /** One link; it leads to a port of 127.0.0.1. */
    final class Link {
        private final String name;
        private final ServerSocketChannel entry;
        private final InetSocketAddress address;
        private final InetSocketAddress target;
        private final List<LinkedPair> pairs = new ArrayList<>();
        private SelectionKey key;
        private State state = State.OPEN;

        private Link(String name, int targetPort) {
            this.name = name;
            InetAddress loopback = InetAddress.getLoopbackAddress();
            target = new InetSocketAddress(loopback, targetPort);
            address = new InetSocketAddress(loopback, FreePorts.draw(ports));
            try {
                entry = ServerSocketChannel.open();
                entry.configureBlocking(false);
                // The run keeps its ports; no connection of an earlier run may block them.
                entry.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                entry.bind(address, BACKLOG);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        String name() {
            return name;
        }

        /** The address to which the connecting side connects. */
        InetSocketAddress address() {
            return address;
        }

        int port() {
            return address.getPort();
        }

        InetSocketAddress target() {
            return target;
        }

        State state() {
            return state;
        }

        void forget(LinkedPair pair) {
            pairs.remove(pair);
        }

        void told(boolean opened) {
            observer.accept(new Move(this, opened));
        }

        private void change(State next) {
            state = next;
            key.interestOps(next == State.STALLED ? 0 : SelectionKey.OP_ACCEPT);
            for (LinkedPair pair : List.copyOf(pairs)) {
                if (next == State.CUT) {
                    pair.reset();
                } else {
                    pair.changed(System.nanoTime());
                }
            }
        }

        private void accept() throws IOException {
            for (SocketChannel asking = entry.accept(); asking != null; asking = entry.accept()) {
                LinkedPair pair = new LinkedPair(this, asking);
                pairs.add(pair);
                if (state == State.CUT) {
                    pair.reset();
                } else {
                    pair.start(selector);
                }
            }
        }
    }

    /** Makes a link that is open. */
    Link add(String name, int targetPort) {
        Link link = new Link(name, targetPort);
        links.put(name, link);
        submit(() -> {
            try {
                link.key = link.entry.register(selector, SelectionKey.OP_ACCEPT, link);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return link;
    }

    Link named(String name) {
        return links.get(name);
    }

    List<String> names() {
        return links.keySet().stream().sorted().toList();
    }

    /** Returns when it is done. */
    void set(String name, State state) {
        Link link = links.get(name);
        CompletableFuture<Void> done = new CompletableFuture<>();
        submit(() -> {
            link.change(state);
            done.complete(null);
        });
        done.orTimeout(TASK_MILLIS_MAX, TimeUnit.MILLISECONDS).join();
    }

    private void submit(Runnable task) {
        if (failure != null) {
            throw new IllegalStateException("the links have failed: " + failure, failure);
        }
        tasks.add(task);
        selector.wakeup();
    }

    private void run() {
        try {
            while (!stopping) {
                selector.select(this::ready, nextMillis());
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
                long now = System.nanoTime();
                for (Link link : links.values()) {
                    if (link.state == State.SLOW) {
                        List.copyOf(link.pairs).forEach(pair -> pair.changed(now));
                    }
                }
            }
        } catch (IOException | RuntimeException | Error e) {
            failure = e;
        } finally {
            closeAll();
        }
    }

    private long nextMillis() {
        boolean slow = links.values().stream().anyMatch(link -> link.state == State.SLOW);
        return slow ? LinkedPair.SLOW_TICK_MILLIS : SELECT_MILLIS_MAX;
    }

    private void ready(SelectionKey key) {
        if (!key.isValid()) {
            return;
        }
        if (key.attachment() instanceof Link link) {
            try {
                link.accept();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        } else {
            ((LinkedPair.Side) key.attachment()).ready();
        }
    }

    private void closeAll() {
        try {
            for (Link link : links.values()) {
                link.entry.close();
                List.copyOf(link.pairs).forEach(LinkedPair::reset);
            }
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends all links; their connections are reset. */
    @Override
    public void close() {
        stopping = true;
        selector.wakeup();
        try {
            thread.join(TASK_MILLIS_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
