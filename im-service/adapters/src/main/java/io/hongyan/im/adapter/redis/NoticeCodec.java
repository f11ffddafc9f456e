package io.hongyan.im.adapter.redis;

import io.hongyan.im.adapter.redis.wire.CustomSignal;
import io.hongyan.im.adapter.redis.wire.Push;
import io.hongyan.im.adapter.redis.wire.Receipt;
import io.hongyan.im.adapter.redis.wire.ToUsers;
import io.hongyan.im.adapter.redis.wire.Typing;
import io.hongyan.im.core.cluster.NodeNotice;
import io.hongyan.im.core.inbox.Notice;
import java.util.Optional;

/** How notices to users are written between nodes; not those that a node creates itself. */
final class NoticeCodec {
    private NoticeCodec() {}

    static int bytes(Notice notice) {
        if (notice instanceof Notice.CustomSignal signal) {
            return signal.data().length;
        }
        return notice instanceof Notice.Push push ? push.content().length : 0;
    }

    static ToUsers encode(NodeNotice.ToUsers told) {
        ToUsers.Builder encoded = ToUsers.newBuilder().addAllUids(told.uids());
        if (told.notice() instanceof Notice.Typing typing) {
            encoded.setTyping(Typing.newBuilder()
                    .setFrom(typing.from())
                    .setConversation(NodeNoticeCodec.encode(typing.conversation()))
                    .setActive(typing.active()));
        } else if (told.notice() instanceof Notice.CustomSignal signal) {
            encoded.setCustomSignal(CustomSignal.newBuilder()
                    .setFrom(signal.from())
                    .setConversation(NodeNoticeCodec.encode(signal.conversation()))
                    .setType(signal.type())
                    .setData(NodeNoticeCodec.bytes(signal.data())));
        } else if (told.notice() instanceof Notice.Receipt receipt) {
            encoded.setReceipt(Receipt.newBuilder()
                    .setFrom(receipt.from())
                    .setConversation(NodeNoticeCodec.encode(receipt.conversation()))
                    .setDeliveredSeq(receipt.deliveredSeq())
                    .setReadSeq(receipt.readSeq()));
        } else if (told.notice() instanceof Notice.Push push) {
            encoded.setPush(Push.newBuilder()
                    .setPushId(push.pushId())
                    .setChannel(push.channel())
                    .setContent(NodeNoticeCodec.bytes(push.content())));
        }
        return encoded.build();
    }

    static Optional<NodeNotice> decode(ToUsers told) {
        Notice notice = switch (told.getNoticeCase()) {
            case TYPING ->
                new Notice.Typing(
                        told.getTyping().getFrom(),
                        NodeNoticeCodec.decode(told.getTyping().getConversation()),
                        told.getTyping().getActive());
            case CUSTOM_SIGNAL ->
                new Notice.CustomSignal(
                        told.getCustomSignal().getFrom(),
                        NodeNoticeCodec.decode(told.getCustomSignal().getConversation()),
                        told.getCustomSignal().getType(),
                        told.getCustomSignal().getData().toByteArray());
            case RECEIPT ->
                new Notice.Receipt(
                        told.getReceipt().getFrom(),
                        NodeNoticeCodec.decode(told.getReceipt().getConversation()),
                        told.getReceipt().getDeliveredSeq(),
                        told.getReceipt().getReadSeq());
            case PUSH ->
                new Notice.Push(
                        told.getPush().getPushId(),
                        told.getPush().getChannel(),
                        told.getPush().getContent().toByteArray());
            case NOTICE_NOT_SET -> null;
        };
        return Optional.ofNullable(notice).map(known -> new NodeNotice.ToUsers(told.getUidsList(), known));
    }
}
