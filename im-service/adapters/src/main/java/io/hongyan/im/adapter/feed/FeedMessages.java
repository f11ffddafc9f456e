package io.hongyan.im.adapter.feed;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnsafeByteOperations;
import io.hongyan.im.core.feed.FeedBody;
import io.hongyan.im.core.feed.FeedEvent;
import io.hongyan.im.core.feed.SessionEnd;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.protocol.v1.Code;
import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.FeedEvent.MessageStored;
import io.hongyan.protocol.v1.FeedEvent.NodeStarted;
import io.hongyan.protocol.v1.FeedEvent.PushAcknowledged;
import io.hongyan.protocol.v1.FeedEvent.PushFinished;
import io.hongyan.protocol.v1.FeedEvent.PushRefused;
import io.hongyan.protocol.v1.FeedEvent.PushUnreached;
import io.hongyan.protocol.v1.FeedEvent.ReceiptMoved;
import io.hongyan.protocol.v1.FeedEvent.Report;
import io.hongyan.protocol.v1.FeedEvent.SessionClosed;
import io.hongyan.protocol.v1.FeedEvent.SessionKicked;
import io.hongyan.protocol.v1.FeedEvent.SessionOpened;
import io.hongyan.protocol.v1.Message;
import io.hongyan.protocol.v1.Peer;
import java.util.function.BiConsumer;

/** Converts events of the core to those of the contract. */
final class FeedMessages {
    private FeedMessages() {}

    /** @param content puts the content of a message into its builder */
    static io.hongyan.protocol.v1.FeedEvent of(FeedEvent event, BiConsumer<Message.Builder, byte[]> content) {
        var made = io.hongyan.protocol.v1.FeedEvent.newBuilder()
                .setKey(event.key())
                .setKeySeq(event.keySeq())
                .setAt(event.atMillis());
        FeedBody body = event.body();
        if (body instanceof FeedBody.MessageStored stored) {
            made.setMessageStored(message(stored.message(), content));
        } else if (body instanceof FeedBody.Occurred occurred) {
            put(occurred, made);
        }
        return made.build();
    }

    private static void put(FeedBody.Occurred body, io.hongyan.protocol.v1.FeedEvent.Builder into) {
        if (body instanceof FeedBody.SessionOpened opened) {
            into.setSessionOpened(SessionOpened.newBuilder()
                    .setUid(opened.device().uid())
                    .setDevice(opened.device().device())
                    .setPlatform(opened.platform())
                    .setConnection(name(opened.connection())));
        } else if (body instanceof FeedBody.SessionClosed closed) {
            into.setSessionClosed(SessionClosed.newBuilder()
                    .setUid(closed.device().uid())
                    .setDevice(closed.device().device())
                    .setConnection(name(closed.connection()))
                    .setWhy(why(closed.why())));
        } else if (body instanceof FeedBody.SessionKicked kicked) {
            into.setSessionKicked(SessionKicked.newBuilder()
                    .setUid(kicked.device().uid())
                    .setDevice(kicked.device().device())
                    .setConnection(name(kicked.connection()))
                    .setByDevice(kicked.byDevice()));
        } else if (body instanceof FeedBody.Receipt receipt) {
            into.setReceipt(ReceiptMoved.newBuilder()
                    .setUid(receipt.uid())
                    .setPeer(peer(receipt.conversation(), receipt.uid()))
                    .setDeliveredSeq(receipt.deliveredSeq())
                    .setReadSeq(receipt.readSeq()));
        } else if (body instanceof FeedBody.Reported report) {
            into.setReport(Report.newBuilder()
                    .setUid(report.uid())
                    .setDevice(report.device())
                    .setDestination(report.destination())
                    .setPayload(UnsafeByteOperations.unsafeWrap(report.payload())));
        } else if (body instanceof FeedBody.NodeStarted started) {
            into.setNodeStarted(NodeStarted.newBuilder().setNode(started.node()));
        } else {
            putPush(body, into);
        }
    }

    private static void putPush(FeedBody.Occurred body, io.hongyan.protocol.v1.FeedEvent.Builder into) {
        if (body instanceof FeedBody.PushFinished finished) {
            into.setPushFinished(PushFinished.newBuilder()
                    .setPushId(finished.pushId())
                    .setRecipients(finished.recipients())
                    .setStored(finished.stored())
                    .setOnline(finished.online())
                    .setOffline(finished.offline())
                    .setUnknown(finished.unknown()));
        } else if (body instanceof FeedBody.PushUnreached unreached) {
            into.setPushUnreached(PushUnreached.newBuilder()
                    .setPushId(unreached.pushId())
                    .addAllOffline(unreached.offline())
                    .addAllUnknown(unreached.unknown()));
        } else if (body instanceof FeedBody.PushRefused refused) {
            into.setPushRefused(PushRefused.newBuilder()
                    .setPushId(refused.pushId())
                    .setCode(Code.valueOf(refused.refusal().name()))
                    .setDetail(refused.detail())
                    .setMessageId(refused.messageId()));
        } else if (body instanceof FeedBody.PushAcknowledged acknowledged) {
            into.setPushAcknowledged(PushAcknowledged.newBuilder()
                    .setPushId(acknowledged.pushId())
                    .setUid(acknowledged.uid())
                    .setDevice(acknowledged.device()));
        } else {
            throw new IllegalArgumentException("the contract has no value for " + body.getClass());
        }
    }

    private static MessageStored.Builder message(StoredMessage stored, BiConsumer<Message.Builder, byte[]> content) {
        Conversation conversation = stored.conversation();
        Message.Builder message = Message.newBuilder()
                .setFrom(stored.sender())
                .setFromDevice(stored.senderDevice())
                .setTo(peer(conversation, stored.sender()))
                .setSeq(stored.seq())
                .setClientMessageId(stored.clientMessageId())
                .setSentAt(stored.sentAtMillis())
                .setOrdinal(stored.ordinal());
        if (stored.content().length > 0) {
            content.accept(message, stored.content());
        }
        MessageStored.Builder made = MessageStored.newBuilder().setMessage(message);
        return conversation.kind() == Conversation.Kind.SYSTEM ? made.setReader(conversation.reader()) : made;
    }

    /** Unparsed: the encoding on the wire is the same. */
    static void rawContent(Message.Builder message, byte[] content) {
        ByteString bytes = UnsafeByteOperations.unsafeWrap(content);
        message.setUnknownFields(UnknownFieldSet.newBuilder()
                .addField(
                        Message.CONTENT_FIELD_NUMBER,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(bytes)
                                .build())
                .build());
    }

    static void parsedContent(Message.Builder message, byte[] content) {
        try {
            message.setContent(Content.parseFrom(content));
        } catch (InvalidProtocolBufferException damaged) {
            // The rest of the message must be sent all the same; the protobuf encoding has the bytes.
            message.clearContent();
        }
    }

    private static Peer peer(Conversation conversation, String uid) {
        return Peer.newBuilder()
                .setKindValue(conversation.kind().number())
                .setId(conversation.peerOf(uid))
                .build();
    }

    private static String name(ConnectionKey connection) {
        return connection.gate() + '/' + connection.number();
    }

    private static SessionClosed.Why why(SessionEnd end) {
        return switch (end) {
            case BY_CLIENT -> SessionClosed.Why.BY_CLIENT;
            case LOGGED_OUT -> SessionClosed.Why.LOGGED_OUT;
            case LOST -> SessionClosed.Why.LOST;
            case KICKED -> SessionClosed.Why.KICKED;
            case REPLACED -> SessionClosed.Why.REPLACED;
            case BY_SERVER -> SessionClosed.Why.BY_SERVER;
            case STOPPING -> SessionClosed.Why.STOPPING;
            case THROWN_OUT -> SessionClosed.Why.THROWN_OUT;
            case TOKEN_EXPIRED -> SessionClosed.Why.TOKEN_EXPIRED;
        };
    }
}
