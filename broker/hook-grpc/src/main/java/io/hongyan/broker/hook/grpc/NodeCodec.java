package io.hongyan.broker.hook.grpc;

import io.hongyan.broker.hook.BrokerControl.Multicast;
import io.hongyan.broker.hook.BrokerControl.Target;
import io.hongyan.broker.hook.ConnectRefusal;
import io.hongyan.broker.hook.ConnectVerdict;
import io.hongyan.broker.hook.ConnectionId;
import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.broker.hook.FilterVerdict;
import io.hongyan.broker.hook.PublishVerdict;
import io.hongyan.broker.hook.ResumeVerdict;
import io.hongyan.broker.hook.grpc.v1.Bye;
import io.hongyan.broker.hook.grpc.v1.ConnectAnswer;
import io.hongyan.broker.hook.grpc.v1.Disconnect;
import io.hongyan.broker.hook.grpc.v1.Failed;
import io.hongyan.broker.hook.grpc.v1.Item;
import io.hongyan.broker.hook.grpc.v1.Nodes;
import io.hongyan.broker.hook.grpc.v1.Ping;
import io.hongyan.broker.hook.grpc.v1.PublishAnswer;
import io.hongyan.broker.hook.grpc.v1.Pushes;
import io.hongyan.broker.hook.grpc.v1.ResumeAnswer;
import io.hongyan.broker.hook.grpc.v1.SubscribeAnswer;
import io.hongyan.broker.hook.grpc.v1.Welcome;
import java.util.ArrayList;
import java.util.List;

/** Writes and reads what a node sends. Bytes are not copied when sending. */
final class NodeCodec {
    /** Sent by the node when there is nothing else to send. */
    static final Item PING =
            Item.newBuilder().setPing(Ping.getDefaultInstance()).build();

    private static final int PORT_MAX = 65_535;

    private NodeCodec() {}

    static Item welcome() {
        return Item.newBuilder()
                .setWelcome(Welcome.newBuilder().setVersion(LinkMethod.VERSION))
                .build();
    }

    static Item bye() {
        return Item.newBuilder().setBye(Bye.getDefaultInstance()).build();
    }

    static Item nodes(List<NodeLink.Node> nodes) {
        Nodes.Builder item = Nodes.newBuilder();
        nodes.forEach(node ->
                item.addNodes(Nodes.Address.newBuilder().setHost(node.host()).setPort(node.port())));
        return Item.newBuilder().setNodes(item).build();
    }

    /** Those that are valid. */
    static List<NodeLink.Node> nodes(Nodes item) {
        return item.getNodesList().stream()
                .filter(node -> !node.getHost().isEmpty() && node.getPort() > 0 && node.getPort() <= PORT_MAX)
                .map(node -> new NodeLink.Node(node.getHost(), node.getPort()))
                .toList();
    }

    static Item failed(long question, Throwable failure) {
        return Item.newBuilder()
                .setFailed(Failed.newBuilder()
                        .setQuestion(question)
                        .setWhy(failure == null ? "no answer" : failure.toString()))
                .build();
    }

    static Item answer(long question, ConnectVerdict verdict) {
        ConnectAnswer.Builder answer = ConnectAnswer.newBuilder().setQuestion(question);
        if (verdict instanceof ConnectVerdict.Accept accept) {
            ConnectAnswer.Accept.Builder accepted = ConnectAnswer.Accept.newBuilder()
                    .setSessionPresent(accept.sessionPresent())
                    .setGenericPrefix(accept.genericPrefix())
                    .setMessaging(accept.messaging())
                    .setResume(accept.resume());
            accept.filters().forEach(filter -> accepted.addFilters(GateCodec.filter(filter)));
            accept.properties().forEach(property -> accepted.addProperties(GateCodec.property(property)));
            answer.setAccept(accepted);
        } else {
            ConnectVerdict.Refuse refuse = (ConnectVerdict.Refuse) verdict;
            answer.setRefuse(ConnectAnswer.Refuse.newBuilder()
                    .setReason(refuse.reason().name())
                    .setText(refuse.text()));
        }
        return Item.newBuilder().setConnectAnswer(answer).build();
    }

    static ConnectVerdict connectVerdict(Item item) {
        ConnectAnswer answer = item.getConnectAnswer();
        if (answer.hasAccept()) {
            ConnectAnswer.Accept accept = answer.getAccept();
            return new ConnectVerdict.Accept(
                    accept.getSessionPresent(),
                    GateCodec.filters(accept.getFiltersList()),
                    accept.getGenericPrefix(),
                    accept.getMessaging(),
                    accept.getResume(),
                    GateCodec.properties(accept.getPropertiesList()));
        }
        return new ConnectVerdict.Refuse(
                refusal(answer.getRefuse().getReason()), answer.getRefuse().getText());
    }

    private static ConnectRefusal refusal(String name) {
        try {
            return ConnectRefusal.valueOf(name);
        } catch (IllegalArgumentException unknown) {
            return ConnectRefusal.NOT_AUTHORIZED;
        }
    }

    static Item answer(long question, List<FilterVerdict> verdicts) {
        SubscribeAnswer.Builder answer = SubscribeAnswer.newBuilder().setQuestion(question);
        verdicts.forEach(verdict -> answer.addReasonCodes(verdict.reasonCode()));
        return Item.newBuilder().setSubscribeAnswer(answer).build();
    }

    static List<FilterVerdict> filterVerdicts(Item item) {
        return item.getSubscribeAnswer().getReasonCodesList().stream()
                .map(FilterVerdict::new)
                .toList();
    }

    static Item answer(long question, PublishVerdict verdict) {
        PublishAnswer.Builder answer = PublishAnswer.newBuilder().setQuestion(question);
        if (verdict instanceof PublishVerdict.CloseUnanswered close) {
            answer.setClose(close.cause().name());
        } else {
            write((PublishVerdict.Acknowledge) verdict, answer);
        }
        return Item.newBuilder().setPublishAnswer(answer).build();
    }

    private static void write(PublishVerdict.Acknowledge verdict, PublishAnswer.Builder answer) {
        answer.setReasonCode(verdict.reasonCode()).setThenClose(verdict.thenClose());
        if (verdict.reason() != null) {
            answer.setReason(verdict.reason());
        }
        verdict.properties().forEach(property -> answer.addProperties(GateCodec.property(property)));
        if (verdict.reply() != null) {
            answer.setReplyTopic(verdict.reply().topic())
                    .setReplyPayload(GateCodec.bytes(verdict.reply().payload()));
        }
    }

    static PublishVerdict publishVerdict(Item item) {
        PublishAnswer answer = item.getPublishAnswer();
        if (answer.hasClose()) {
            return new PublishVerdict.CloseUnanswered(GateCodec.cause(answer.getClose()));
        }
        if (answer.getReasonCode() == 0
                && !answer.hasReason()
                && answer.getPropertiesCount() == 0
                && !answer.hasReplyTopic()
                && !answer.getThenClose()) {
            return PublishVerdict.Acknowledge.plain();
        }
        return new PublishVerdict.Acknowledge(
                answer.getReasonCode(),
                answer.hasReason() ? answer.getReason() : null,
                GateCodec.properties(answer.getPropertiesList()),
                answer.hasReplyTopic()
                        ? new PublishVerdict.Reply(
                                answer.getReplyTopic(), answer.getReplyPayload().toByteArray())
                        : null,
                answer.getThenClose());
    }

    static Item answer(long question, ResumeVerdict verdict) {
        ResumeAnswer.Builder answer = ResumeAnswer.newBuilder().setQuestion(question);
        if (verdict instanceof ResumeVerdict.Close close) {
            answer.setClose(close.cause().name());
        }
        return Item.newBuilder().setResumeAnswer(answer).build();
    }

    static ResumeVerdict resumeVerdict(Item item) {
        ResumeAnswer answer = item.getResumeAnswer();
        return answer.hasClose()
                ? new ResumeVerdict.Close(GateCodec.cause(answer.getClose()))
                : new ResumeVerdict.GoOn();
    }

    static Item disconnect(ConnectionId connection, DisconnectCause cause) {
        return Item.newBuilder()
                .setDisconnect(Disconnect.newBuilder()
                        .setConnection(connection.number())
                        .setCause(cause.name()))
                .build();
    }

    static Item push(byte[] shared, List<Target> targets) {
        return Item.newBuilder()
                .setPushes(Pushes.newBuilder().addPushes(multicast(shared, targets)))
                .build();
    }

    static Pushes.Multicast multicast(byte[] shared, List<Target> targets) {
        Pushes.Multicast.Builder push = Pushes.Multicast.newBuilder().setShared(GateCodec.bytes(shared));
        for (Target target : targets) {
            push.addTargets(Pushes.Target.newBuilder()
                    .setConnection(target.connection().number())
                    .setTopic(target.topic())
                    .setHead(GateCodec.bytes(target.head()))
                    .setQos(target.qos())
                    .setTokenPlusOne(target.token() + 1));
        }
        return push.build();
    }

    static void addPushes(String gate, Pushes item, List<Multicast> into) {
        for (Pushes.Multicast push : item.getPushesList()) {
            List<Target> targets = new ArrayList<>(push.getTargetsCount());
            for (Pushes.Target target : push.getTargetsList()) {
                targets.add(new Target(
                        new ConnectionId(gate, target.getConnection()),
                        target.getTopic(),
                        target.getHead().toByteArray(),
                        target.getQos(),
                        target.getTokenPlusOne() - 1));
            }
            into.add(new Multicast(push.getShared().toByteArray(), targets));
        }
    }
}
