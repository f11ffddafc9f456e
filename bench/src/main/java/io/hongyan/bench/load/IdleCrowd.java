package io.hongyan.bench.load;

import io.hongyan.bench.mqtt.ClientConnection;
import io.hongyan.bench.mqtt.ConnectionEnd;
import io.hongyan.bench.mqtt.ConnectionHandler;
import io.hongyan.bench.mqtt.ConnectionSettings;
import io.hongyan.bench.mqtt.IncomingPublish;
import io.hongyan.bench.mqtt.MqttLoop;
import io.hongyan.bench.mqtt.MqttLoops;
import io.hongyan.bench.report.Progress;
import io.hongyan.bench.time.BenchTime;
import java.util.List;
import java.util.function.Supplier;

/** Clients that send only PING, each subscribed to its own topics. */
public final class IdleCrowd {
    private static final int CONNECTING_MAX = 48;
    private static final long CONNECT_MILLIS_MAX = 600_000;
    private static final int PACKET_ID = 1;
    private static final int QOS = 1;
    private static final int REFUSED = 0x80;

    private final PerLoop<Share> shares;
    private final Watch watch;

    /** @param first number of the first client, as the addressing counts receivers */
    public IdleCrowd(MqttLoops loops, Addressing addressing, int first, int count, BenchTime time, Progress progress) {
        this.watch = new Watch("idle", time, progress);
        this.shares = new PerLoop<>(loops, count, (loop, numbers) -> new Share(loop, addressing, first, numbers));
    }

    /**
     * Returns when all are connected and subscribed.
     *
     * @throws LoadFailure if one could not, even when trying again
     */
    public void connect() {
        shares.tellAll(Share::connect);
        watch.untilConnected(() -> shares.ask(Share::connecting), CONNECT_MILLIS_MAX);
    }

    /** How many have been disconnected since. */
    public int ended() {
        return shares.ask(share -> share.ended).stream()
                .mapToInt(Integer::intValue)
                .sum();
    }

    /** How many attempts to connect and subscribe failed and were repeated. */
    public int retried() {
        return shares.ask(Share::connecting).stream()
                .mapToInt(Connector.State::retried)
                .sum();
    }

    /** Why the first client failed or was disconnected; empty if none was. */
    public String firstFailure() {
        return shares.ask(Share::firstFailure).stream()
                .filter(end -> !end.isEmpty())
                .findFirst()
                .orElse("");
    }

    /** The clients of one loop; used on its thread. */
    private static final class Share {
        private final MqttLoop loop;
        private final Addressing addressing;
        private final int first;
        private final List<Integer> numbers;
        private final Connector connector;
        private int ended;
        private String firstEnd = "";

        Share(MqttLoop loop, Addressing addressing, int first, List<Integer> numbers) {
            this.loop = loop;
            this.addressing = addressing;
            this.first = first;
            this.numbers = numbers;
            this.connector = new Connector(loop, CONNECTING_MAX);
        }

        void connect() {
            for (int number : numbers) {
                int client = first + number;
                connector.add(settings(client), new Idler(this, client));
            }
            loop.addTurnTask(connector);
        }

        void ended(String why) {
            if (ended++ == 0) {
                firstEnd = why;
            }
        }

        String firstFailure() {
            return firstEnd.isEmpty() ? connector.state().firstFailure() : firstEnd;
        }

        Connector.State connecting() {
            return connector.state();
        }

        private Supplier<ConnectionSettings> settings(int client) {
            return () -> addressing.receiver(client);
        }
    }

    private static final class Idler implements ConnectionHandler {
        private final Share share;
        private final int client;
        private boolean subscribed;

        Idler(Share share, int client) {
            this.share = share;
            this.client = client;
        }

        @Override
        public void connected(ClientConnection connection, boolean sessionPresent) {
            connection.subscribe(PACKET_ID, share.addressing.receiveFilter(client), QOS);
        }

        @Override
        public void subscribed(ClientConnection connection, int packetId, int code) {
            if (code >= REFUSED) {
                connection.close();
                return;
            }
            subscribed = true;
            share.connector.ready();
        }

        @Override
        public void received(ClientConnection connection, IncomingPublish publish) {
            if (publish.qos() > 0) {
                connection.pubAck(publish.packetId());
            }
        }

        @Override
        public void acknowledged(ClientConnection connection, int packetId) {
            // Idle clients publish nothing.
        }

        @Override
        public void writable(ClientConnection connection) {
            // Nothing was held back.
        }

        @Override
        public void closed(ClientConnection connection, ConnectionEnd end) {
            String what = "client " + client + ": " + end.cause() + " (" + end.detail() + ")";
            if (!subscribed) {
                share.connector.failed(share.settings(client), this, what);
            } else if (end.cause() != ConnectionEnd.Cause.CLOSED_HERE) {
                share.ended(what);
            }
        }
    }
}
