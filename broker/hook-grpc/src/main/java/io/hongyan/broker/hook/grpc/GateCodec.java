package io.hongyan.broker.hook.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.hongyan.broker.hook.ClientCertificate;
import io.hongyan.broker.hook.ConnectRequest;
import io.hongyan.broker.hook.ConnectRequest.ClientLimits;
import io.hongyan.broker.hook.ConnectRequest.Credentials;
import io.hongyan.broker.hook.ConnectRequest.SessionTerms;
import io.hongyan.broker.hook.ConnectionId;
import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.broker.hook.GateStatus;
import io.hongyan.broker.hook.GrantedFilter;
import io.hongyan.broker.hook.LastPacket;
import io.hongyan.broker.hook.PublishRequest;
import io.hongyan.broker.hook.ResumeRequest;
import io.hongyan.broker.hook.ResumeRequest.Granted;
import io.hongyan.broker.hook.SubscriptionChange;
import io.hongyan.broker.hook.UserProperty;
import io.hongyan.broker.hook.grpc.v1.About;
import io.hongyan.broker.hook.grpc.v1.Connected;
import io.hongyan.broker.hook.grpc.v1.Connecting;
import io.hongyan.broker.hook.grpc.v1.Delivered;
import io.hongyan.broker.hook.grpc.v1.Disconnected;
import io.hongyan.broker.hook.grpc.v1.Filter;
import io.hongyan.broker.hook.grpc.v1.Heard;
import io.hongyan.broker.hook.grpc.v1.Hello;
import io.hongyan.broker.hook.grpc.v1.Item;
import io.hongyan.broker.hook.grpc.v1.Publishing;
import io.hongyan.broker.hook.grpc.v1.Resuming;
import io.hongyan.broker.hook.grpc.v1.Subscribing;
import java.util.ArrayList;
import java.util.List;

/** Writes and reads what a gate sends. Bytes are not copied when sending. */
final class GateCodec {
    private GateCodec() {}

    static Item hello(String gate) {
        return Item.newBuilder()
                .setHello(Hello.newBuilder().setVersion(LinkMethod.VERSION).setGate(gate))
                .build();
    }

    static Item about(GateStatus status) {
        return Item.newBuilder()
                .setAbout(About.newBuilder()
                        .setMqtt(status.mqtt())
                        .setWebSocket(status.webSocket())
                        .setClients(status.clients())
                        .setWeight(status.weight())
                        .setDraining(status.draining()))
                .build();
    }

    static GateStatus about(String gate, About item) {
        return new GateStatus(
                gate, item.getMqtt(), item.getWebSocket(), item.getClients(), item.getWeight(), item.getDraining());
    }

    static Item connecting(long question, ConnectRequest request) {
        Connecting.Builder item = Connecting.newBuilder()
                .setQuestion(question)
                .setConnection(request.connection().number())
                .setClientId(request.clientId())
                .setProtocolLevel(request.protocolLevel())
                .setCleanStart(request.session().cleanStart())
                .setSessionExpirySeconds(request.session().expirySeconds())
                .setReceiveMaximum(request.limits().receiveMaximum())
                .setMaximumPacketSize(request.limits().maximumPacketSize())
                .setKeepAliveSeconds(request.limits().keepAliveSeconds())
                .setRemoteAddress(request.remoteAddress());
        Credentials credentials = request.credentials();
        if (credentials.username() != null) {
            item.setUsername(credentials.username());
        }
        if (credentials.password() != null) {
            item.setPassword(bytes(credentials.password()));
        }
        if (request.willTopic() != null) {
            item.setWillTopic(request.willTopic());
        }
        if (credentials.certificate() != null) {
            item.setCertificate(io.hongyan.broker.hook.grpc.v1.ClientCertificate.newBuilder()
                    .addAllNames(credentials.certificate().names())
                    .setFromSeconds(credentials.certificate().fromSeconds())
                    .setUntilSeconds(credentials.certificate().untilSeconds()));
        }
        request.properties().forEach(property -> item.addProperties(property(property)));
        return Item.newBuilder().setConnecting(item).build();
    }

    static ConnectRequest connecting(String gate, Connecting item) {
        return new ConnectRequest(
                new ConnectionId(gate, item.getConnection()),
                item.getClientId(),
                item.getProtocolLevel(),
                credentials(item),
                new SessionTerms(item.getCleanStart(), item.getSessionExpirySeconds()),
                new ClientLimits(item.getReceiveMaximum(), item.getMaximumPacketSize(), item.getKeepAliveSeconds()),
                item.hasWillTopic() ? item.getWillTopic() : null,
                item.getRemoteAddress(),
                properties(item.getPropertiesList()));
    }

    private static Credentials credentials(Connecting item) {
        return new Credentials(
                item.hasUsername() ? item.getUsername() : null,
                item.hasPassword() ? item.getPassword().toByteArray() : null,
                item.hasCertificate()
                        ? new ClientCertificate(
                                item.getCertificate().getNamesList(),
                                item.getCertificate().getFromSeconds(),
                                item.getCertificate().getUntilSeconds())
                        : null);
    }

    static Item resuming(long question, ResumeRequest request) {
        Resuming.Builder item = Resuming.newBuilder()
                .setQuestion(question)
                .setConnection(request.connection().number())
                .setClientId(request.clientId())
                .setProtocolLevel(request.protocolLevel())
                .setSessionExpirySeconds(request.sessionExpirySeconds())
                .setReceiveMaximum(request.receiveMaximum())
                .setMaximumPacketSize(request.maximumPacketSize())
                .setMessaging(request.granted().messaging())
                .setResume(request.granted().resume())
                .setLastPacketAtMillis(request.lastPacketAtMillis())
                .setRemoteAddress(request.remoteAddress());
        request.granted().filters().forEach(filter -> item.addFilters(filter(filter)));
        return Item.newBuilder().setResuming(item).build();
    }

    static ResumeRequest resuming(String gate, Resuming item) {
        return new ResumeRequest(
                new ConnectionId(gate, item.getConnection()),
                item.getClientId(),
                item.getRemoteAddress(),
                item.getProtocolLevel(),
                item.getSessionExpirySeconds(),
                item.getReceiveMaximum(),
                item.hasMaximumPacketSize() ? item.getMaximumPacketSize() : Integer.MAX_VALUE,
                new Granted(filters(item.getFiltersList()), item.getMessaging(), item.getResume()),
                item.getLastPacketAtMillis());
    }

    static Item subscribing(long question, ConnectionId connection, SubscriptionChange change) {
        Subscribing.Builder item =
                Subscribing.newBuilder().setQuestion(question).setConnection(connection.number());
        if (change instanceof SubscriptionChange.Subscribe subscribe) {
            subscribe.filters().forEach(filter -> item.addSubscribe(filter(filter)));
        } else {
            item.addAllUnsubscribe(((SubscriptionChange.Unsubscribe) change).filters());
        }
        return Item.newBuilder().setSubscribing(item).build();
    }

    static SubscriptionChange change(Subscribing item) {
        return item.getUnsubscribeCount() > 0
                ? new SubscriptionChange.Unsubscribe(item.getUnsubscribeList())
                : new SubscriptionChange.Subscribe(filters(item.getSubscribeList()));
    }

    static Item publishing(long question, PublishRequest request) {
        return Item.newBuilder()
                .setPublishing(Publishing.newBuilder()
                        .setQuestion(question)
                        .setConnection(request.connection().number())
                        .setTopic(request.topic())
                        .setPayload(bytes(request.payload()))
                        .setQos(request.qos()))
                .build();
    }

    static PublishRequest publishing(String gate, Publishing item) {
        return new PublishRequest(
                new ConnectionId(gate, item.getConnection()),
                item.getTopic(),
                item.getPayload().toByteArray(),
                item.getQos());
    }

    /** The number of a question, 0 for other items: questions are numbered from 1. */
    static long question(Item item) {
        return switch (item.getKindCase()) {
            case CONNECTING -> item.getConnecting().getQuestion();
            case RESUMING -> item.getResuming().getQuestion();
            case SUBSCRIBING -> item.getSubscribing().getQuestion();
            case PUBLISHING -> item.getPublishing().getQuestion();
            default -> 0;
        };
    }

    /** A question without the parts that change when it is asked again, later or on another connection. */
    static Item withoutConnection(Item item) {
        return switch (item.getKindCase()) {
            case CONNECTING ->
                Item.newBuilder()
                        .setConnecting(item.getConnecting().toBuilder()
                                .clearConnection()
                                .clearRemoteAddress())
                        .build();
            case RESUMING ->
                Item.newBuilder()
                        .setResuming(
                                item.getResuming().toBuilder().clearConnection().clearLastPacketAtMillis())
                        .build();
            case SUBSCRIBING ->
                Item.newBuilder()
                        .setSubscribing(item.getSubscribing().toBuilder().clearConnection())
                        .build();
            case PUBLISHING ->
                Item.newBuilder()
                        .setPublishing(item.getPublishing().toBuilder().clearConnection())
                        .build();
            default -> throw new IllegalArgumentException(item.getKindCase() + " is no question");
        };
    }

    static Item connected(ConnectionId connection) {
        return Item.newBuilder()
                .setConnected(Connected.newBuilder().setConnection(connection.number()))
                .build();
    }

    static Item disconnected(
            ConnectionId connection, DisconnectCause cause, long lastPacketAtMillis, long sessionExpirySeconds) {
        return Item.newBuilder()
                .setDisconnected(Disconnected.newBuilder()
                        .setConnection(connection.number())
                        .setCause(cause.name())
                        .setLastPacketAtMillis(lastPacketAtMillis)
                        .setSessionExpirySeconds(sessionExpirySeconds))
                .build();
    }

    static Item delivered(ConnectionId connection, long token) {
        return Item.newBuilder()
                .setDelivered(Delivered.newBuilder()
                        .addConnections(connection.number())
                        .addTokens(token))
                .build();
    }

    static Item lastSeen(List<LastPacket> packets) {
        Heard.Builder item = Heard.newBuilder();
        packets.forEach(
                packet -> item.addConnections(packet.connection().number()).addAtMillis(packet.atMillis()));
        return Item.newBuilder().setHeard(item).build();
    }

    static List<LastPacket> lastSeen(String gate, Heard item) {
        List<LastPacket> packets = new ArrayList<>(item.getConnectionsCount());
        for (int i = 0; i < item.getConnectionsCount(); i++) {
            packets.add(new LastPacket(new ConnectionId(gate, item.getConnections(i)), item.getAtMillis(i)));
        }
        return packets;
    }

    static Filter filter(GrantedFilter filter) {
        return Filter.newBuilder()
                .setFilter(filter.filter())
                .setQos(filter.qos())
                .setSubscriptionId(filter.subscriptionId())
                .build();
    }

    static List<GrantedFilter> filters(List<Filter> filters) {
        return filters.stream()
                .map(filter -> new GrantedFilter(filter.getFilter(), filter.getQos(), filter.getSubscriptionId()))
                .toList();
    }

    static io.hongyan.broker.hook.grpc.v1.UserProperty property(UserProperty property) {
        return io.hongyan.broker.hook.grpc.v1.UserProperty.newBuilder()
                .setName(property.name())
                .setValue(property.value())
                .build();
    }

    static List<UserProperty> properties(List<io.hongyan.broker.hook.grpc.v1.UserProperty> properties) {
        return properties.stream()
                .map(property -> new UserProperty(property.getName(), property.getValue()))
                .toList();
    }

    static ByteString bytes(byte[] bytes) {
        return UnsafeByteOperations.unsafeWrap(bytes);
    }

    /** A value added by a later release becomes the existing value that claims the least. */
    static DisconnectCause cause(String name) {
        try {
            return DisconnectCause.valueOf(name);
        } catch (IllegalArgumentException unknown) {
            return DisconnectCause.UNSPECIFIED_ERROR;
        }
    }
}
