package io.hongyan.bench.chaos.run;

import com.google.protobuf.InvalidProtocolBufferException;
import io.hongyan.bench.chaos.history.HistoryEvent;
import io.hongyan.bench.chaos.run.CrashPlan.DevicePlan;
import io.hongyan.bench.mqtt.ClientConnection;
import io.hongyan.bench.mqtt.ConnectionEnd;
import io.hongyan.bench.mqtt.ConnectionHandler;
import io.hongyan.bench.mqtt.IncomingPublish;
import io.hongyan.bench.mqtt.MqttLoop;
import io.hongyan.bench.mqtt.TurnTask;
import io.hongyan.protocol.Topics;
import io.hongyan.protocol.v1.Code;
import io.hongyan.protocol.v1.InboxEntry;
import io.hongyan.protocol.v1.Message;
import io.hongyan.protocol.v1.Reply;
import io.hongyan.protocol.v1.SendAck;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import java.util.random.RandomGenerator.SplittableGenerator;

/**
 * One device: connects, reads its inbox, writes, and reconnects whenever it is cut off, with everything unacknowledged
 * sent again in order. All on the loop's thread.
 */
final class ChaosClient implements ConnectionHandler, TurnTask {
    private static final int SUBSCRIPTION = 1;
    private static final int REFUSED = 0x80;
    private static final long NANOS_PER_MILLI = 1_000_000L;
    /** Of the bursts, with which a change of a message is asked for. */
    private static final double CHANGE_PART = 0.2;

    private static final long NOWHERE_MILLIS = 50;
    private static final long OFFLINE_MILLIS_MAX = 3_000;
    private static final long ONLINE_MILLIS_MAX = 60_000;

    private static final byte[] SEND_TOPIC = Topics.SEND.getBytes(StandardCharsets.UTF_8);
    private static final byte[] READ_TOPIC = Topics.READ.getBytes(StandardCharsets.UTF_8);

    private final DevicePlan plan;
    private final MqttLoop loop;
    private final Route route;
    private final Journal journal;
    private final RandomGenerator random;
    private final Outbox outbox;
    private final Requests requests;
    private final ReadMarks marks;
    private final String inboxTopic;
    /** Prefix of the topics of large groups' streams. */
    private final String groupTopic;

    private final String replyTopic;
    /** Mean time between two bursts. */
    private final long burstIntervalNanos;

    private ClientConnection connection;
    private Route.Place place;
    private long giveUpAtNanos;
    private int failures;
    private boolean accepted;
    /** On any connection: a session that the server keeps has its filters from then on. */
    private boolean subscribed;

    private boolean ready;
    private boolean sending;
    private boolean undisturbed;
    private int connections;
    private long openAtNanos;
    private long openedAtMillis;
    private long burstAtNanos;
    private long cutAtNanos;
    private long lastEventNanos;
    private String complaint;

    ChaosClient(
            DevicePlan plan,
            MqttLoop loop,
            Route route,
            Journal journal,
            SplittableGenerator random,
            long burstIntervalNanos) {
        this.plan = plan;
        this.loop = loop;
        this.route = route;
        this.journal = journal;
        this.random = random;
        this.burstIntervalNanos = burstIntervalNanos;
        this.outbox = new Outbox(plan, random);
        this.requests = new Requests(plan, random);
        this.marks = new ReadMarks(random.split());
        this.inboxTopic = Topics.inbox(plan.uid());
        this.groupTopic = Topics.group(plan.uid(), "");
        this.replyTopic = Topics.reply(plan.uid());
    }

    // ---- what the workload asks ----

    void startSending() {
        sending = true;
        long now = loop.nowNanos();
        burstAtNanos = now + nextBurst();
        cutAtNanos = now + random.nextLong(ONLINE_MILLIS_MAX) * NANOS_PER_MILLI;
    }

    /** No new messages, and no cuts by this side; unacknowledged messages are still sent again. */
    void stopSending() {
        sending = false;
        undisturbed = true;
    }

    boolean isReady() {
        return ready;
    }

    /** Why the run cannot be trusted, or null. */
    String complaint() {
        return complaint;
    }

    int unacknowledged() {
        return outbox.size() + requests.size() + marks.size();
    }

    /** When this device last saw or did something. */
    long lastEventNanos() {
        return lastEventNanos;
    }

    String clientId() {
        return plan.clientId();
    }

    @Override
    public long run(long nowNanos) {
        if (connection == null) {
            if (nowNanos < openAtNanos) {
                return openAtNanos;
            }
            place = route.next();
            if (place == null) {
                openAtNanos = nowNanos + NOWHERE_MILLIS * NANOS_PER_MILLI;
                return openAtNanos;
            }
            giveUpAtNanos = route.connectMillisMax() == Route.NO_LIMIT
                    ? NOT_DUE
                    : nowNanos + route.connectMillisMax() * NANOS_PER_MILLI;
            openedAtMillis = journal.millis();
            connection = loop.open(place.settings(), this);
            // A connection that failed at once has been reported already.
            if (!connection.isOpen()) {
                connection = null;
            }
            return openAtNanos > nowNanos ? openAtNanos : giveUpAtNanos;
        }
        if (!ready && nowNanos >= giveUpAtNanos) {
            connection.close();
            return openAtNanos;
        }
        if (!ready) {
            return giveUpAtNanos;
        }
        if (!sending) {
            return NOT_DUE;
        }
        if (!undisturbed && nowNanos >= cutAtNanos) {
            cutAtNanos = nowNanos + random.nextLong(ONLINE_MILLIS_MAX) * NANOS_PER_MILLI;
            connection.close();
            openAtNanos = nowNanos + random.nextLong(OFFLINE_MILLIS_MAX) * NANOS_PER_MILLI;
            return openAtNanos;
        }
        if (nowNanos >= burstAtNanos) {
            burstAtNanos = nowNanos + nextBurst();
            outbox.burst().forEach(this::send);
            if (random.nextDouble() < CHANGE_PART) {
                askFor(requests.next());
            }
        }
        return Math.min(burstAtNanos, cutAtNanos);
    }

    private long nextBurst() {
        return random.nextLong(2 * burstIntervalNanos) + 1;
    }

    // ---- what happens on the connection ----

    @Override
    public void connected(ClientConnection to, boolean sessionPresent) {
        connections++;
        accepted = true;
        journal.write(at -> new HistoryEvent.Connect(
                at, plan.clientId(), connections, sessionPresent, place.gate(), openedAtMillis));
        // A session may also remain from an attempt that was cut off before it could subscribe.
        if (sessionPresent && !plan.cleanSession() && subscribed) {
            begin();
        } else {
            to.subscribe(SUBSCRIPTION, Topics.userPrefix(plan.uid()) + '#', 1);
        }
    }

    @Override
    public void subscribed(ClientConnection to, int packetId, int code) {
        if (code >= REFUSED) {
            complaint = plan.clientId() + " was refused its own topics";
        }
        subscribed = true;
        begin();
    }

    private void begin() {
        ready = true;
        failures = 0;
        outbox.again().forEach(this::send);
        requests.again().forEach(this::askFor);
    }

    private void send(Outbox.Letter letter) {
        // A write may find the connection broken and close it.
        if (connection == null || !connection.isOpen()) {
            return;
        }
        touch();
        journal.write(
                at -> new HistoryEvent.Send(at, plan.clientId(), connections, letter.to(), letter.id(), letter.text()));
        byte[] payload = letter.payload();
        connection.publish(SEND_TOPIC, 1, false, letter.packetId(), payload, payload.length);
    }

    /** @param request null for none */
    private void askFor(Requests.Request request) {
        if (request == null || connection == null || !connection.isOpen()) {
            return;
        }
        touch();
        journal.write(at -> new HistoryEvent.AskChange(
                at, plan.clientId(), connections, request.address(), request.id(), request.change()));
        connection.publish(request.topic(), 0, false, 0, request.payload(), request.payload().length);
    }

    @Override
    public void received(ClientConnection from, IncomingPublish publish) {
        touch();
        String topic = publish.topic();
        try {
            if (topic.equals(inboxTopic)) {
                entry(InboxEntry.parseFrom(publish.payload()));
            } else if (topic.startsWith(groupTopic)) {
                streamEntry(topic.substring(groupTopic.length()), InboxEntry.parseFrom(publish.payload()));
            } else if (topic.equals(replyTopic)) {
                answer(publish.payload());
            }
        } catch (InvalidProtocolBufferException e) {
            complaint = plan.clientId() + " got something on " + topic + " that does not parse: " + e.getMessage();
        }
        if (publish.qos() == 1) {
            from.pubAck(publish.packetId());
        }
    }

    private void entry(InboxEntry entry) {
        if (!entry.hasMessage()) {
            journal.write(at -> new HistoryEvent.ReceiveOther(at, plan.clientId(), connections, entry.getSeq()));
            return;
        }
        Message message = entry.getMessage();
        journal.write(at -> new HistoryEvent.Receive(
                at,
                plan.clientId(),
                connections,
                entry.getSeq(),
                message.getFrom(),
                message.getFromDevice(),
                HistoryNames.of(message.getTo()),
                message.getSeq(),
                message.getClientMessageId(),
                Contents.of(message),
                HistoryNames.change(message)));
        know(message);
    }

    private void know(Message message) {
        if (!message.getContent().hasGroupChange() && !message.getContent().hasChange()) {
            boolean own = message.getFrom().equals(plan.uid());
            String to = HistoryNames.of(message.getTo());
            boolean incoming = !own && !to.startsWith(HistoryEvent.GROUP);
            String address = incoming ? message.getFrom() : to;
            requests.saw(address, message.getSeq(), own);
            read(address, message.getSeq());
        }
    }

    /** Says so now and then. */
    private void read(String address, long seq) {
        ReadMarks.Mark mark = connection == null || !connection.isOpen() ? null : marks.came(address, seq);
        if (mark == null) {
            return;
        }
        journal.write(at -> new HistoryEvent.Read(at, plan.clientId(), connections, mark.address(), mark.seq()));
        connection.publish(READ_TOPIC, 1, false, mark.packetId(), mark.payload(), mark.payload().length);
    }

    private void streamEntry(String group, InboxEntry entry) {
        String address = HistoryEvent.GROUP + group;
        if (!entry.hasMessage()) {
            journal.write(at ->
                    new HistoryEvent.ReceiveStreamOther(at, plan.clientId(), connections, address, entry.getSeq()));
            return;
        }
        Message message = entry.getMessage();
        if (!HistoryNames.of(message.getTo()).equals(address) || message.getSeq() != entry.getSeq()) {
            complaint = plan.clientId() + " got " + message + " as number " + entry.getSeq() + " of " + address;
        }
        journal.write(at -> new HistoryEvent.ReceiveStream(
                at,
                plan.clientId(),
                connections,
                message.getFrom(),
                message.getFromDevice(),
                address,
                entry.getSeq(),
                message.getClientMessageId(),
                Contents.of(message),
                HistoryNames.change(message)));
        know(message);
    }

    private void answer(byte[] payload) throws InvalidProtocolBufferException {
        Reply reply = Reply.parseFrom(payload);
        if (reply.getRequestId().isEmpty()) {
            answer(SendAck.parseFrom(payload));
            return;
        }
        Requests.Request request = requests.answered(reply);
        if (request != null) {
            journal.write(at -> new HistoryEvent.ChangeAnswer(
                    at,
                    plan.clientId(),
                    connections,
                    request.address(),
                    request.id(),
                    reply.getCode().name(),
                    reply.getChange().getSeq()));
        }
    }

    private void answer(SendAck answer) {
        if (answer.getClientMessageId().isEmpty()) {
            complaint = plan.clientId() + " was refused a read mark: " + answer.getCode();
            return;
        }
        String to = outbox.addressOf(answer.getClientMessageId());
        if (answer.getCode() != Code.OK) {
            outbox.refused(answer.getClientMessageId());
        } else if (to != null) {
            requests.saw(to, answer.getSeq(), true);
        }
        journal.write(at -> new HistoryEvent.Answer(
                at,
                plan.clientId(),
                connections,
                answer.getClientMessageId(),
                answer.getCode().name(),
                answer.getSeq(),
                answer.getInboxSeq(),
                answer.getSentAt()));
    }

    @Override
    public void acknowledged(ClientConnection by, int packetId) {
        touch();
        ReadMarks.Mark mark = marks.acknowledged(packetId);
        if (mark != null) {
            journal.write(at -> new HistoryEvent.ReadAck(at, plan.clientId(), connections, mark.address(), mark.seq()));
            return;
        }
        Outbox.Letter letter = outbox.acknowledged(packetId);
        if (letter == null) {
            complaint = plan.clientId() + " got a PUBACK for " + packetId + ", which it did not send";
            return;
        }
        journal.write(at -> new HistoryEvent.Ack(at, plan.clientId(), connections, letter.id()));
    }

    @Override
    public void writable(ClientConnection again) {
        // Windows are small: writing is never held back.
    }

    @Override
    public void closed(ClientConnection ended, ConnectionEnd end) {
        if (accepted) {
            journal.write(at ->
                    new HistoryEvent.Disconnect(at, plan.clientId(), connections, end.cause() + ": " + end.detail()));
        }
        connection = null;
        marks.forget();
        accepted = false;
        ready = false;
        failures++;
        route.lost(place);
        openAtNanos = loop.nowNanos() + route.pauseMillis(failures) * NANOS_PER_MILLI;
    }

    private void touch() {
        lastEventNanos = loop.nowNanos();
    }
}
