package io.hongyan.im.adapter.mqtt;

import com.google.protobuf.UnsafeByteOperations;
import io.hongyan.im.core.inbox.CloseReason;
import io.hongyan.im.core.inbox.Notice;
import io.hongyan.protocol.v1.CustomSignal;
import io.hongyan.protocol.v1.GoingAway;
import io.hongyan.protocol.v1.Kicked;
import io.hongyan.protocol.v1.PeerSignal;
import io.hongyan.protocol.v1.PushNotice;
import io.hongyan.protocol.v1.Receipt;
import io.hongyan.protocol.v1.Typing;

/** Writes notices. */
final class NoticeEncoder {
    private NoticeEncoder() {}

    /** @param uid who gets it */
    static byte[] encode(PayloadEncoding encoding, Notice notice, String uid) {
        return encode(encoding, encode(notice, uid));
    }

    static byte[] encode(PayloadEncoding encoding, io.hongyan.protocol.v1.Notice encoded) {
        return encoding == PayloadEncoding.JSON ? Json.write(encoded) : encoded.toByteArray();
    }

    private static io.hongyan.protocol.v1.Notice encode(Notice notice, String uid) {
        var encoded = io.hongyan.protocol.v1.Notice.newBuilder();
        if (notice instanceof Notice.Kicked kicked) {
            encoded.setKicked(Kicked.newBuilder()
                    .setByDevice(kicked.byDevice())
                    .setAt(kicked.atMillis())
                    .setReason("You have logged in on " + kicked.byDevice() + '.'));
        } else if (notice instanceof Notice.Ended ended) {
            encoded.setKicked(Kicked.newBuilder()
                    .setAt(ended.atMillis())
                    .setWhy(why(ended.why()))
                    .setReason(reason(ended.why())));
        } else if (notice instanceof Notice.Typing typing) {
            encoded.setSignal(PeerSignal.newBuilder()
                    .setFrom(typing.from())
                    .setTo(EntryEncoder.peer(typing.conversation(), typing.from()))
                    .setTyping(Typing.newBuilder().setActive(typing.active())));
        } else if (notice instanceof Notice.CustomSignal signal) {
            encoded.setSignal(PeerSignal.newBuilder()
                    .setFrom(signal.from())
                    .setTo(EntryEncoder.peer(signal.conversation(), signal.from()))
                    .setCustom(CustomSignal.newBuilder()
                            .setType(signal.type())
                            .setData(UnsafeByteOperations.unsafeWrap(signal.data()))));
        } else if (notice instanceof Notice.Receipt receipt) {
            encoded.setReceipt(Receipt.newBuilder()
                    .setFrom(receipt.from())
                    .setPeer(EntryEncoder.peer(receipt.conversation(), uid))
                    .setDeliveredSeq(receipt.deliveredSeq())
                    .setReadSeq(receipt.readSeq()));
        } else if (notice instanceof Notice.Push push) {
            encoded.setPush(PushNotice.newBuilder()
                    .setPushId(push.pushId())
                    .setChannel(push.channel())
                    .setContent(EntryEncoder.content(push.content())));
        } else if (notice instanceof Notice.GoingAway goingAway) {
            encoded.setGoingAway(GoingAway.newBuilder().setReconnectAfterMillis(goingAway.reconnectAfterMillis()));
        }
        return encoded.build();
    }

    private static Kicked.Why why(CloseReason reason) {
        return switch (reason) {
            case TOKEN_REVOKED -> Kicked.Why.TOKEN_REVOKED;
            case USER_DISABLED -> Kicked.Why.USER_DISABLED;
            case USER_DELETED -> Kicked.Why.USER_DELETED;
            case TOKEN_EXPIRED -> Kicked.Why.TOKEN_EXPIRED;
            case DATA_CHANGED -> Kicked.Why.DATA_CHANGED;
            case KICKED, REPLACED, STORAGE_TROUBLE, STOPPING, BY_OPERATOR -> Kicked.Why.BY_OPERATOR;
        };
    }

    private static String reason(CloseReason reason) {
        return switch (reason) {
            case TOKEN_REVOKED -> "The token was revoked; log in with a new one.";
            case USER_DISABLED -> "The user was disabled.";
            case USER_DELETED -> "The user was deleted.";
            case TOKEN_EXPIRED -> "The token has ended; log in with a new one.";
            case DATA_CHANGED -> "The data of the server has changed; log in again.";
            case KICKED, REPLACED, STORAGE_TROUBLE, STOPPING, BY_OPERATOR -> "An operator has ended the connection.";
        };
    }
}
