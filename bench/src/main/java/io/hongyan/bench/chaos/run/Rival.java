package io.hongyan.bench.chaos.run;

import com.google.protobuf.InvalidProtocolBufferException;
import io.hongyan.bench.chaos.history.HistoryEvent;
import io.hongyan.bench.mqtt.ClientConnection;
import io.hongyan.bench.mqtt.ConnectionEnd;
import io.hongyan.bench.mqtt.ConnectionHandler;
import io.hongyan.bench.mqtt.IncomingPublish;
import io.hongyan.bench.mqtt.MqttLoop;
import io.hongyan.bench.mqtt.TurnTask;
import io.hongyan.protocol.Topics;
import io.hongyan.protocol.v1.Notice;

/** A device that logs in when it is told to, and stays away once it is cut off. On the clients' loop. */
final class Rival implements ConnectionHandler {
    private static final long NANOS_PER_MILLI = 1_000_000L;
    private static final int SUBSCRIPTION = 1;

    private final String device;
    private final String noticeTopic;
    private final Route route;
    private final MqttLoop loop;
    private final Journal journal;
    private ClientConnection connection;
    private Route.Place place;
    private long loginAtNanos = TurnTask.NOT_DUE;
    private long giveUpAtNanos = TurnTask.NOT_DUE;
    private int attempt;

    Rival(String clientId, Route route, MqttLoop loop, Journal journal) {
        this.device = clientId;
        this.noticeTopic = Topics.notice(clientId.substring(0, clientId.indexOf(':')));
        this.route = route;
        this.loop = loop;
        this.journal = journal;
    }

    void loginAt(long nanos) {
        loginAtNanos = nanos;
    }

    /** Does what is due; returns when to call it again. */
    long run(long nowNanos) {
        if (nowNanos >= loginAtNanos) {
            loginAtNanos = TurnTask.NOT_DUE;
            login(nowNanos);
        }
        if (nowNanos >= giveUpAtNanos) {
            giveUpAtNanos = TurnTask.NOT_DUE;
            if (connection != null) {
                connection.close();
            }
        }
        return Math.min(loginAtNanos, giveUpAtNanos);
    }

    private void login(long nowNanos) {
        if (connection != null) {
            connection.close();
        }
        place = route.next();
        if (place == null) {
            return;
        }
        attempt++;
        journal.write(at -> new HistoryEvent.Login(at, device, attempt, place.gate()));
        giveUpAtNanos = nowNanos + route.connectMillisMax() * NANOS_PER_MILLI;
        ClientConnection opened = loop.open(place.settings(), this);
        connection = opened.isOpen() ? opened : null;
    }

    @Override
    public void connected(ClientConnection to, boolean sessionPresent) {
        giveUpAtNanos = TurnTask.NOT_DUE;
        journal.write(at -> new HistoryEvent.Online(at, device, attempt));
        to.subscribe(SUBSCRIPTION, noticeTopic, 0);
    }

    @Override
    public void subscribed(ClientConnection to, int packetId, int code) {
        // Only what it receives matters.
    }

    @Override
    public void received(ClientConnection from, IncomingPublish publish) {
        try {
            if (publish.topic().equals(noticeTopic)
                    && Notice.parseFrom(publish.payload()).hasKicked()) {
                journal.write(at -> new HistoryEvent.Kicked(at, device, attempt));
            }
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a notice does not parse", e);
        }
    }

    @Override
    public void acknowledged(ClientConnection by, int packetId) {
        // It writes nothing.
    }

    @Override
    public void writable(ClientConnection again) {
        // It writes nothing.
    }

    @Override
    public void closed(ClientConnection ended, ConnectionEnd end) {
        journal.write(at -> new HistoryEvent.Offline(at, device, attempt, end.cause() + ": " + end.detail()));
        connection = null;
        giveUpAtNanos = TurnTask.NOT_DUE;
        route.lost(place);
    }
}
