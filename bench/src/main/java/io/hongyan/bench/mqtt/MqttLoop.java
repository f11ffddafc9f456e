package io.hongyan.bench.mqtt;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Many client connections on one selector and one thread.
 *
 * <p>A turn reads what has arrived, runs tasks that were submitted or are due, and then writes once per connection that
 * has something to send. {@link MqttLoops} provides the thread.
 */
public final class MqttLoop implements Runnable {
    /** The largest packet a server may send. */
    public static final int PACKET_BYTES_MAX = 512 << 10;

    static final int TASKS_WAITING_MAX = 4096;
    private static final int READ_BUFFER_BYTES = 2 * PACKET_BYTES_MAX;
    private static final long KEEP_ALIVE_CHECK_NANOS = 500_000_000L;
    private static final long SELECT_MILLIS_MAX = 250;
    private static final long NANOS_PER_MILLI = 1_000_000L;
    /** For a shorter time than this it does not sleep. */
    private static final long SLEEP_NANOS_MIN = 30_000L;

    private final LongSupplier nanoClock;
    private final Selector selector;
    private final LoopAlarm alarm;
    private final ArrayBlockingQueue<Runnable> tasks = new ArrayBlockingQueue<>(TASKS_WAITING_MAX);
    private final List<TurnTask> turnTasks = new ArrayList<>();
    private final List<ClientConnection> connections = new ArrayList<>();
    private final ArrayList<ClientConnection> dirty = new ArrayList<>();
    private final BufferPool buffers = new BufferPool();
    private final ByteBuffer readBuffer = ByteBuffer.allocateDirect(READ_BUFFER_BYTES);
    private final PacketDecoder decoder = new PacketDecoder(PACKET_BYTES_MAX);

    private final Consumer<SelectionKey> onReady = this::ready;

    private long nowNanos;
    private long nextKeepAliveCheckNanos;
    private long dueNanos = TurnTask.NOT_DUE;
    private volatile boolean stopping;
    private volatile Throwable failure;

    /** @param nanoClock the time of intervals and due times, e.g. {@code System::nanoTime} */
    public MqttLoop(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        alarm = new LoopAlarm(nanoClock, selector::wakeup);
    }

    /** Opens a connection; on this loop's thread. The handler gets success and failure alike. */
    public ClientConnection open(ConnectionSettings settings, ConnectionHandler handler) {
        ClientConnection connection = new ClientConnection(this, settings, handler);
        connection.start(selector);
        if (connection.isOpen()) {
            connection.position = connections.size();
            connections.add(connection);
        }
        return connection;
    }

    /** Runs a task on this loop's thread; from any thread. */
    public void execute(Runnable task) {
        if (failure != null) {
            throw new IllegalStateException("the loop has failed", failure);
        }
        if (!tasks.offer(task)) {
            throw new IllegalStateException(TASKS_WAITING_MAX + " tasks wait for the loop");
        }
        selector.wakeup();
    }

    /** Runs a query on this loop's thread; from any other thread. */
    public <T> CompletableFuture<T> ask(Supplier<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        execute(() -> {
            try {
                answer.complete(question.get());
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }

    /** Adds work for each turn; on this loop's thread. */
    public void addTurnTask(TurnTask task) {
        turnTasks.add(task);
    }

    public void removeTurnTask(TurnTask task) {
        turnTasks.remove(task);
    }

    /** The clock as read in this turn. */
    public long nowNanos() {
        return nowNanos;
    }

    /** Connections that are open or being opened. */
    public int connectionCount() {
        return connections.size();
    }

    /** What ended the loop, or null. */
    public Throwable failure() {
        return failure;
    }

    @Override
    public void run() {
        try {
            nowNanos = nanoClock.getAsLong();
            while (!stopping) {
                turn();
            }
            for (ClientConnection connection : List.copyOf(connections)) {
                connection.disconnect();
                connection.close();
            }
        } catch (IOException | RuntimeException | Error e) {
            failure = e;
        } finally {
            alarm.stop();
            closeSelector();
        }
    }

    /** Ends {@link #run} after its turn; from any thread. */
    public void stop() {
        stopping = true;
        selector.wakeup();
    }

    private void turn() throws IOException {
        select();
        nowNanos = nanoClock.getAsLong();
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            // A task never sees a time from before it was submitted.
            nowNanos = nanoClock.getAsLong();
            task.run();
        }
        dueNanos = TurnTask.NOT_DUE;
        for (int i = 0; i < turnTasks.size(); i++) {
            dueNanos = Math.min(dueNanos, turnTasks.get(i).run(nowNanos));
        }
        if (nowNanos >= nextKeepAliveCheckNanos) {
            nextKeepAliveCheckNanos = nowNanos + KEEP_ALIVE_CHECK_NANOS;
            for (int i = connections.size() - 1; i >= 0; i--) {
                connections.get(i).pingIfDue(nowNanos);
            }
        }
        for (int i = 0; i < dirty.size(); i++) {
            dirty.get(i).flush();
        }
        dirty.clear();
    }

    private void select() throws IOException {
        long leftNanos = dueNanos == TurnTask.NOT_DUE ? Long.MAX_VALUE : dueNanos - nanoClock.getAsLong();
        if (leftNanos < SLEEP_NANOS_MIN || !tasks.isEmpty()) {
            selector.selectNow(onReady);
            return;
        }
        if (leftNanos < SELECT_MILLIS_MAX * NANOS_PER_MILLI) {
            // The selector counts in milliseconds; sends are due to the microsecond.
            alarm.ringAt(dueNanos);
        }
        selector.select(onReady, SELECT_MILLIS_MAX);
    }

    private void ready(SelectionKey key) {
        if (key.isValid()) {
            // Read for each: in a long turn one time must not be used for all arrivals.
            nowNanos = nanoClock.getAsLong();
            ((ClientConnection) key.attachment()).ready(key.readyOps(), readBuffer, decoder);
        }
    }

    BufferPool buffers() {
        return buffers;
    }

    void flushLater(ClientConnection connection) {
        dirty.add(connection);
    }

    void forget(ClientConnection connection) {
        int position = connection.position;
        if (position < 0) {
            return;
        }
        ClientConnection last = connections.remove(connections.size() - 1);
        if (last != connection) {
            connections.set(position, last);
            last.position = position;
        }
    }

    private void closeSelector() {
        try {
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
