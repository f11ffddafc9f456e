package io.hongyan.broker.server;

import io.hongyan.broker.hook.ConnectRefusal;
import io.hongyan.broker.hook.ConnectRequest;
import io.hongyan.broker.hook.ConnectRequest.Credentials;
import io.hongyan.broker.hook.ConnectRequest.SessionTerms;
import io.hongyan.broker.hook.ConnectVerdict;
import io.hongyan.broker.hook.ConnectVerdict.Accept;
import io.hongyan.broker.hook.ConnectVerdict.Refuse;
import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.broker.hook.GrantedFilter;
import io.hongyan.broker.hook.UserProperty;
import io.hongyan.broker.server.tls.PeerCertificate;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectPayload;
import io.netty.handler.codec.mqtt.MqttConnectVariableHeader;
import io.netty.handler.codec.mqtt.MqttProperties.MqttProperty;
import io.netty.handler.codec.mqtt.MqttProperties.StringPair;
import java.util.ArrayList;
import java.util.List;

/**
 * A CONNECT from its arrival to CONNACK: asks the node, waits until an older connection of the same client id has
 * ended, enters Moquette if that is needed at once, and only then answers. Nothing after CONNECT is read meanwhile.
 */
final class Admission {
    private static final int RETURN_BAD_PROTOCOL = 1;
    private static final int RECEIVE_MAXIMUM_DEFAULT = 65_535;

    private final Connection connection;
    private final Gate gate;
    private final MqttConnectMessage connect;
    private final boolean cleanStart;
    /** Null until it is known whether the device has to wait. */
    private LoginGuard.Attempt attempt;

    private final List<GrantedFilter> genericFilters = new ArrayList<>(0);
    private Accept accept;
    private boolean assignedClientId;
    private long sinceNanos;
    private int serverKeepAlive = -1;

    Admission(Connection connection, MqttConnectMessage connect) {
        this.connection = connection;
        this.gate = connection.gate;
        this.connect = connect;
        this.cleanStart = connect.variableHeader().isCleanSession();
    }

    /**
     * The first packet is not a CONNECT, or not a valid one: MQTT 5 has codes for that, MQTT 3.1.1 has one for
     * versions.
     */
    static void answerFault(Connection connection, PacketFault fault) {
        ByteBuf out = connection.out();
        if (fault == PacketFault.VERSION) {
            connection.count(GateCounter.CONNECTS_REFUSED_MALFORMED);
            PacketWriter.connectAcknowledge(out, false, RETURN_BAD_PROTOCOL);
        } else if (connection.client().v5()) {
            connection.count(GateCounter.CONNECTS_REFUSED_MALFORMED);
            PacketWriter.connectRefused(
                    out,
                    fault.cause().reasonCode(),
                    fault.text(),
                    null,
                    connection.client().packetBytesMax());
        }
    }

    MqttConnectMessage connect() {
        return connect;
    }

    boolean cleanStart() {
        return cleanStart;
    }

    /** Whether the node still has the session. */
    boolean sessionPresent() {
        return accept.sessionPresent();
    }

    void begin() {
        sinceNanos = gate.nowNanos();
        connection.reader.hold(PacketReader.CONNECT);
        readProperties();
        if (refusedAsDraining()) {
            return;
        }
        if (!gate.addresses.mayConnect()) {
            refuse(
                    GateCounter.CONNECTS_REFUSED_RATE,
                    ConnectRefusal.CONNECTION_RATE_EXCEEDED,
                    "Too many clients connect at once, try again later");
            return;
        }
        if (connect.variableHeader().properties().getProperty(PropertyIds.AUTHENTICATION_METHOD) != null) {
            refuse(ConnectRefusal.BAD_AUTHENTICATION_METHOD, "Extended authentication is not offered");
            return;
        }
        if (connect.variableHeader().isWillFlag()
                && !mayEverPublish(connect.payload().willTopic())) {
            refuseWill();
            return;
        }
        if (mustWait()) {
            return;
        }
        ask();
    }

    private boolean mustWait() {
        MqttConnectVariableHeader header = connect.variableHeader();
        attempt = gate.logins.attempt(
                connection.address,
                header.hasUserName() ? connect.payload().userName() : null,
                connect.payload().clientIdentifier(),
                header.hasPassword() ? connect.payload().passwordInBytes() : null);
        LoginGuard.Wait wait = gate.logins.waiting(attempt);
        if (wait.seconds() > 0) {
            refuse(
                    wait.flapping() ? GateCounter.CONNECTS_REFUSED_FLAPPING : GateCounter.CONNECTS_REFUSED_DELAYED,
                    ConnectRefusal.CONNECTION_RATE_EXCEEDED,
                    "This login " + (wait.flapping() ? "came" : "failed") + " too often before, try again in "
                            + wait.seconds() + " s");
        }
        return wait.seconds() > 0;
    }

    /** No other connection has the client id any more. */
    void enter() {
        boolean kept = gate.keptSessions.has(connection.client().clientId(), gate.nowMillis());
        if (connect.variableHeader().isWillFlag() || kept || !genericFilters.isEmpty()) {
            connection.moquette().attach();
        } else {
            finish(false);
        }
    }

    /** Moquette has accepted the client. */
    void moquetteReady(boolean moquetteHadSession) {
        genericFilters.forEach(granted -> connection.moquette().subscribed(granted.filter()));
        if (!genericFilters.isEmpty() && !moquetteHadSession) {
            connection.moquette().restore(genericFilters, () -> finish(false));
        } else {
            finish(moquetteHadSession);
        }
    }

    void timedOut() {
        refuse(ConnectRefusal.SERVER_UNAVAILABLE, "The server did not answer in time, try again later");
    }

    void nodeAway() {
        refuseAway();
    }

    private void refuseAway() {
        refuse(ConnectRefusal.SERVER_UNAVAILABLE, "The service cannot be reached now, try again later");
    }

    private void readProperties() {
        MqttConnectVariableHeader header = connect.variableHeader();
        int expiryMax = gate.config.deadlines().sessionExpiryMaxSeconds();
        int receiveMaximum = RECEIVE_MAXIMUM_DEFAULT;
        boolean reasons = true;
        int keepAlive = header.keepAliveTimeSeconds();
        if (connection.client().v5()) {
            long expiry = property(PropertyIds.SESSION_EXPIRY_INTERVAL, 0) & 0xFFFFFFFFL;
            connection.sessionExpirySeconds = (int) Math.min(expiry, expiryMax);
            receiveMaximum = property(PropertyIds.RECEIVE_MAXIMUM, RECEIVE_MAXIMUM_DEFAULT);
            reasons = property(PropertyIds.REQUEST_PROBLEM_INFORMATION, 1) != 0;
            int imposed = keepAlive == 0
                    ? gate.config.deadlines().keepAliveDefaultSeconds()
                    : Math.min(keepAlive, gate.config.deadlines().keepAliveMaxSeconds());
            if (imposed != keepAlive) {
                serverKeepAlive = imposed;
                keepAlive = imposed;
            }
        } else {
            connection.sessionExpirySeconds = cleanStart ? 0 : expiryMax;
        }
        connection.client(connection.client().connecting(keepAlive * 1_500, receiveMaximum, reasons));
    }

    private int property(int id, int absent) {
        MqttProperty<?> property = connect.variableHeader().properties().getProperty(id);
        return property == null ? absent : (Integer) property.value();
    }

    private boolean mayEverPublish(String topic) {
        return TopicFault.ofTopic(topic, gate.limits().packets()) == null
                && topic.charAt(0) != '$'
                && !TopicNames.claimed(topic, gate.config.claimedPrefixes());
    }

    private void ask() {
        if (connection.loop.isNodeAway()) {
            refuseAway();
            return;
        }
        MqttConnectVariableHeader header = connect.variableHeader();
        ConnectRequest request = new ConnectRequest(
                connection.id,
                connect.payload().clientIdentifier(),
                header.version(),
                new Credentials(
                        header.hasUserName() ? connect.payload().userName() : null,
                        header.hasPassword() ? connect.payload().passwordInBytes() : null,
                        PeerCertificate.of(connection.channel)),
                new SessionTerms(cleanStart, connection.sessionExpirySeconds),
                new ConnectRequest.ClientLimits(
                        connection.client().receiveMaximum(),
                        connection.client().packetBytesMax(),
                        header.keepAliveTimeSeconds()),
                header.isWillFlag() ? connect.payload().willTopic() : null,
                AddressCounts.of(connection.channel),
                userProperties());
        connection.asked = true;
        gate.register(connection);
        NodeAnswer<ConnectVerdict> answer = new NodeAnswer<>(connection, "connecting") {
            @Override
            void answered(ConnectVerdict verdict) {
                decide(verdict);
            }

            @Override
            void failed() {
                refuse(ConnectRefusal.SERVER_UNAVAILABLE, "The server cannot log you in now, try again later");
            }

            /** Who does not wait for the answer has cost as much as who does. */
            @Override
            void tooLate(ConnectVerdict verdict) {
                countFailure(verdict);
            }
        };
        try {
            gate.hook.connecting(request).whenComplete(answer);
        } catch (Throwable failure) {
            answer.accept(null, failure);
        }
    }

    private List<UserProperty> userProperties() {
        List<UserProperty> told = new ArrayList<>(0);
        for (MqttProperty<?> property :
                connect.variableHeader().properties().getProperties(PropertyIds.USER_PROPERTY)) {
            StringPair pair = (StringPair) property.value();
            if (pair.key.length() <= ConnectRequest.PROPERTY_CHARACTERS_MAX
                    && pair.value.length() <= ConnectRequest.PROPERTY_CHARACTERS_MAX) {
                told.add(new UserProperty(pair.key, pair.value));
            }
        }
        return told;
    }

    private void decide(ConnectVerdict verdict) {
        countFailure(verdict);
        if (verdict instanceof Refuse refusal) {
            refuse(refusal.reason(), refusal.text());
            return;
        }
        accept = (Accept) verdict;
        if (connect.variableHeader().isWillFlag()
                && !connect.payload().willTopic().startsWith(accept.genericPrefix())) {
            refuseWill();
            return;
        }
        connection.owner = Owner.of(connection, user());
        if (!mayRetainWill()) {
            refuse(
                    GateCounter.CONNECTS_REFUSED_RETAINED,
                    ConnectRefusal.QUOTA_EXCEEDED,
                    "Too many retained messages for one more, the will");
            return;
        }
        gate.logins.succeeded(attempt);
        connection.admitted(connection.client().admitted(clientId(), user(), accept), sortFilters());
        if (!countUser()) {
            return;
        }
        if (assignedClientId && !connection.client().v5() && !cleanStart) {
            refuse(ConnectRefusal.CLIENT_IDENTIFIER_NOT_VALID, "A session that is kept needs a client id");
        } else if (gate.clients.claim(connection)) {
            enter();
        }
    }

    private void countFailure(ConnectVerdict verdict) {
        GateCounter failed = verdict instanceof Refuse refusal ? GateCounter.failedLogin(refusal.reason()) : null;
        if (failed != null) {
            gate.logins.failed(attempt);
            gate.addresses.loginFailed(connection);
            connection.count(failed);
        }
    }

    private String clientId() {
        String clientId = connect.payload().clientIdentifier();
        assignedClientId = clientId == null || clientId.isEmpty();
        return assignedClientId ? "auto-" + connection.id.gate() + '-' + connection.id.number() : clientId;
    }

    /** The node has verified the user name of messaging clients only; it decides by that of nobody else. */
    private String user() {
        return accept.messaging() && connect.variableHeader().hasUserName()
                ? connect.payload().userName()
                : null;
    }

    /** @return the claimed filters of the session; those that Moquette serves are remembered */
    private Filters sortFilters() {
        Filters claimed = new Filters();
        for (GrantedFilter granted : accept.filters()) {
            if (TopicNames.claimed(granted.filter(), gate.config.claimedPrefixes())) {
                claimed.put(granted);
            } else if (!TopicNames.shared(granted.filter())) {
                genericFilters.add(granted);
            }
        }
        return claimed;
    }

    private boolean mayRetainWill() {
        MqttConnectVariableHeader header = connect.variableHeader();
        if (!header.isWillFlag() || !header.isWillRetain()) {
            return true;
        }
        MqttConnectPayload payload = connect.payload();
        byte[] will = payload.willMessageInBytes();
        return will == null
                || will.length == 0
                || gate.stores.retained.mayRetain(
                        payload.willTopic(),
                        LimitedRetained.bytes(payload.willTopic(), will.length, payload.willProperties()),
                        connection.owner);
    }

    private boolean countUser() {
        String user = connection.client().user();
        if (user == null) {
            return true;
        }
        connection.userShare = gate.users.open(
                user, share -> share.open(gate.flood().connections().perUserMax()));
        if (connection.userShare == null) {
            refuse(
                    GateCounter.CONNECTS_REFUSED_USER,
                    ConnectRefusal.QUOTA_EXCEEDED,
                    "Too many connections of this user");
            return false;
        }
        return true;
    }

    private void finish(boolean moquetteHadSession) {
        if (connection.ended() || refusedAsDraining()) {
            return;
        }
        // For clients that only use generic topics the node keeps nothing; Moquette does.
        boolean present = !cleanStart && (accept.sessionPresent() || !accept.messaging() && moquetteHadSession);
        ByteBuf out = connection.out();
        if (connection.client().v5()) {
            acknowledge(out, present);
        } else {
            PacketWriter.connectAcknowledge(out, present, 0);
        }
        if (!connection.ended()) {
            connection.count(GateCounter.CONNECTS_ACCEPTED);
            gate.counters.connectTimes.record(gate.nowNanos() - sinceNanos);
            connection.established();
        }
    }

    private void acknowledge(ByteBuf out, boolean present) {
        ByteBuf properties = out.alloc().buffer(64);
        try {
            writeProperties(properties);
            int needed = properties.writerIndex();
            // These are the default values, or of no use to the client, so they may be left out.
            properties.writeByte(PropertyIds.TOPIC_ALIAS_MAXIMUM).writeShort(0);
            properties.writeByte(PropertyIds.WILDCARDS_AVAILABLE).writeByte(1);
            properties.writeByte(PropertyIds.SUBSCRIPTION_IDS_AVAILABLE).writeByte(1);
            PacketWriter.writeUserProperties(properties, accept.properties());
            if (PacketWriter.connectAcknowledgeBytes(properties)
                    > connection.client().packetBytesMax()) {
                properties.writerIndex(needed);
            }
            if (PacketWriter.connectAcknowledgeBytes(properties)
                    <= connection.client().packetBytesMax()) {
                PacketWriter.connectAcknowledge(out, present, 0, properties);
                return;
            }
        } finally {
            properties.release();
        }
        connection.count(GateCounter.ANSWERS_TOO_LARGE);
        connection.count(GateCounter.CONNECTS_REFUSED_ANSWER);
        PacketWriter.connectRefused(
                out,
                DisconnectCause.PACKET_TOO_LARGE.reasonCode(),
                null,
                null,
                connection.client().packetBytesMax());
        connection.end(DisconnectCause.PACKET_TOO_LARGE);
    }

    private void writeProperties(ByteBuf properties) {
        properties.writeByte(PropertyIds.SESSION_EXPIRY_INTERVAL).writeInt(connection.sessionExpirySeconds);
        properties
                .writeByte(PropertyIds.RECEIVE_MAXIMUM)
                .writeShort(connection.flow().unansweredPublishesMax());
        properties.writeByte(PropertyIds.MAXIMUM_PACKET_SIZE).writeInt(connection.packetBytesMax());
        properties.writeByte(PropertyIds.SHARED_AVAILABLE).writeByte(0);
        if (serverKeepAlive >= 0) {
            properties.writeByte(PropertyIds.SERVER_KEEP_ALIVE).writeShort(serverKeepAlive);
        }
        if (assignedClientId) {
            properties.writeByte(PropertyIds.ASSIGNED_CLIENT_ID);
            PacketWriter.writeString(properties, connection.client().clientId());
        }
    }

    private boolean refusedAsDraining() {
        if (!gate.draining.refuses()) {
            return false;
        }
        refuse(
                GateCounter.CONNECTS_REFUSED_DRAINING,
                ConnectRefusal.USE_ANOTHER_SERVER,
                "This server accepts no new clients, use another one");
        return true;
    }

    private void refuseWill() {
        refuse(
                GateCounter.CONNECTS_REFUSED_WILL,
                ConnectRefusal.NOT_AUTHORIZED,
                "The client may not publish to its will topic");
    }

    private void refuse(ConnectRefusal reason, String text) {
        refuse(GateCounter.refused(reason), reason, text);
    }

    private void refuse(GateCounter counted, ConnectRefusal reason, String text) {
        if (connection.ended()) {
            return;
        }
        connection.count(counted);
        gate.log.count(
                "login refused: " + reason,
                () -> AddressCounts.of(connection.channel) + ' '
                        + connect.payload().clientIdentifier() + ": " + text);
        ByteBuf out = connection.out();
        if (connection.client().v5()) {
            String elsewhere = reason == ConnectRefusal.USE_ANOTHER_SERVER ? gate.draining.serverReference() : null;
            PacketWriter.connectRefused(
                    out,
                    reason.reasonCode(),
                    text,
                    elsewhere,
                    connection.client().packetBytesMax());
        } else {
            PacketWriter.connectAcknowledge(out, false, reason.returnCode());
        }
        connection.end(
                switch (reason) {
                    case SERVER_UNAVAILABLE -> DisconnectCause.SERVER_BUSY;
                    case USE_ANOTHER_SERVER -> DisconnectCause.USE_ANOTHER_SERVER;
                    case QUOTA_EXCEEDED, CONNECTION_RATE_EXCEEDED -> DisconnectCause.QUOTA_EXCEEDED;
                    default -> DisconnectCause.NOT_AUTHORIZED;
                });
    }
}
