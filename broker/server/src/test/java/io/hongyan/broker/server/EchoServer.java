package io.hongyan.broker.server;

import com.sun.management.OperatingSystemMXBean;
import io.hongyan.broker.hook.BrokerControl;
import io.hongyan.broker.hook.BrokerControl.Target;
import io.hongyan.broker.hook.BrokerHook;
import io.hongyan.broker.hook.ConnectRequest;
import io.hongyan.broker.hook.ConnectVerdict;
import io.hongyan.broker.hook.ConnectionId;
import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.broker.hook.FilterVerdict;
import io.hongyan.broker.hook.LastPacket;
import io.hongyan.broker.hook.PublishRequest;
import io.hongyan.broker.hook.PublishVerdict;
import io.hongyan.broker.hook.ResumeRequest;
import io.hongyan.broker.hook.ResumeVerdict;
import io.hongyan.broker.hook.SubscriptionChange;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A server for measuring the gate alone: its node acknowledges each publish of client {@code s7} on another thread, in
 * batches, and pushes it to client {@code r7}. Prints the process's CPU time and the messages so far once a second. Not a
 * test; {@code PairLoad} is the other side.
 */
final class EchoServer implements BrokerHook {
    private static final int BATCH_MAX = 1_000;

    private final Map<ConnectionId, String> clientIds = new ConcurrentHashMap<>();
    private final Map<String, ConnectionId> receivers = new ConcurrentHashMap<>();
    private final Map<ConnectionId, ConnectionId> pairs = new ConcurrentHashMap<>();
    private final LinkedBlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
    private BrokerControl control;
    private long token;

    private record Waiting(PublishRequest request, CompletableFuture<PublishVerdict> answer) {}

    public static void main(String[] arguments) throws Exception {
        EchoServer hook = new EchoServer();
        int port = Integer.parseInt(arguments[0]);
        BrokerServer server = Servers.start(
                Servers.config().withListeners(new BrokerConfig.Listeners("127.0.0.1", port, -1, "/mqtt")), hook);
        hook.control = server.control();
        Thread writer = new Thread(hook::write, "writer");
        writer.setDaemon(true);
        writer.start();
        System.out.println("ready");
        report(server);
    }

    private static void report(BrokerServer server) throws InterruptedException {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpu = system.getProcessCpuTime();
        long messages = 0;
        while (true) {
            Thread.sleep(1_000);
            long cpuNow = system.getProcessCpuTime();
            long messagesNow = server.counters().value(GateCounter.PUBLISHES);
            if (messagesNow > messages) {
                System.out.printf(
                        "%d messages/s, %.1f us of CPU each%n",
                        messagesNow - messages, (cpuNow - cpu) / 1e3 / (messagesNow - messages));
            } else {
                System.out.printf(
                        "%d connections, %.1f%% of a core, %d KiB heap%n",
                        server.connections(),
                        (cpuNow - cpu) / 1e7,
                        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 10);
            }
            cpu = cpuNow;
            messages = messagesNow;
        }
    }

    private void write() {
        List<Waiting> batch = new ArrayList<>();
        try {
            while (true) {
                batch.add(queue.take());
                queue.drainTo(batch, BATCH_MAX);
                for (Waiting waiting : batch) {
                    waiting.answer.complete(PublishVerdict.Acknowledge.plain());
                    ConnectionId receiver = pairs.computeIfAbsent(
                            waiting.request.connection(),
                            sender -> receivers.get("r" + clientIds.get(sender).substring(1)));
                    control.push(
                            waiting.request.payload(),
                            List.of(new Target(receiver, "u/r/inbox", new byte[] {8, 1}, 1, token++)));
                }
                batch.clear();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public CompletionStage<ConnectVerdict> connecting(ConnectRequest request) {
        clientIds.put(request.connection(), request.clientId());
        receivers.put(request.clientId(), request.connection());
        return CompletableFuture.completedFuture(new ConnectVerdict.Accept(false, List.of(), "t/", true));
    }

    @Override
    public CompletionStage<List<FilterVerdict>> subscribing(ConnectionId connection, SubscriptionChange change) {
        return CompletableFuture.completedFuture(TestHook.granted(change));
    }

    @Override
    public CompletionStage<PublishVerdict> publishing(PublishRequest request) {
        CompletableFuture<PublishVerdict> answer = new CompletableFuture<>();
        queue.add(new Waiting(request, answer));
        return answer;
    }

    @Override
    public CompletionStage<ResumeVerdict> resuming(ResumeRequest request) {
        return CompletableFuture.completedFuture(new ResumeVerdict.GoOn());
    }

    @Override
    public void connected(ConnectionId connection) {}

    @Override
    public void disconnected(
            ConnectionId connection, DisconnectCause cause, long lastPacketAtMillis, long sessionExpirySeconds) {
        receivers.values().remove(connection);
        clientIds.remove(connection);
        pairs.remove(connection);
    }

    @Override
    public void delivered(ConnectionId connection, long delivered) {}

    @Override
    public void lastSeen(List<LastPacket> packets) {}
}
