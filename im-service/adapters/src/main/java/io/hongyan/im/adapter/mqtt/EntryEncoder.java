package io.hongyan.im.adapter.mqtt;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.hongyan.im.core.inbox.Event;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.MessageState;
import io.hongyan.im.core.message.ReactionCount;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.InboxEntry;
import io.hongyan.protocol.v1.Message;
import io.hongyan.protocol.v1.Peer;
import io.hongyan.protocol.v1.ReadUpTo;
import io.hongyan.protocol.v1.Trimmed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Writes inbox entries as a head, which is the receiver's own number, and a rest that all receivers share. Messages are
 * written by hand, since this is done once for each of them: no builders, and the content copied as it came.
 */
final class EntryEncoder {
    private static final int SEQ_TAG = InboxEntry.SEQ_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_VARINT;
    private static final int LENGTH_DELIMITED = WireFormat.WIRETYPE_LENGTH_DELIMITED;

    private EntryEncoder() {}

    /** The bytes of an entry before {@link #sharedMessage} or {@link #sharedEvent}. */
    static byte[] head(PayloadEncoding encoding, long seq) {
        return encoding == PayloadEncoding.JSON ? ascii("{\"seq\":\"" + seq + "\",") : binaryHead(seq);
    }

    static byte[] sharedMessage(PayloadEncoding encoding, StoredMessage message, String to) {
        return encoding == PayloadEncoding.JSON
                ? utf8("\"message\":" + Json.print(message(message, to)) + '}')
                : binaryMessage(message, to);
    }

    static byte[] sharedEvent(PayloadEncoding encoding, Event event, String uid) {
        io.hongyan.protocol.v1.Event encoded = event(event, uid);
        return encoding == PayloadEncoding.JSON
                ? utf8("\"event\":" + Json.print(encoded) + '}')
                : InboxEntry.newBuilder().setEvent(encoded).build().toByteArray();
    }

    /** @param to as the sender addressed the conversation */
    static Message message(StoredMessage message, String to) {
        Message.Builder encoded = Message.newBuilder()
                .setFrom(message.sender())
                .setFromDevice(message.senderDevice())
                .setTo(peer(message.conversation().kind(), to))
                .setSeq(message.seq())
                .setClientMessageId(message.clientMessageId())
                .setSentAt(message.sentAtMillis())
                .setOrdinal(message.ordinal());
        if (message.content().length > 0) {
            encoded.setContent(content(message.content()));
        }
        return message.state() == null
                ? encoded.build()
                : encoded.setState(state(message.state())).build();
    }

    private static io.hongyan.protocol.v1.MessageState state(MessageState state) {
        var encoded = io.hongyan.protocol.v1.MessageState.newBuilder()
                .setStateSeq(state.stateSeq())
                .setEditedAt(state.editedAtMillis())
                .setRecalled(state.recalled())
                .setPinned(state.pinned());
        for (ReactionCount one : state.reactions()) {
            encoded.addReactions(io.hongyan.protocol.v1.ReactionCount.newBuilder()
                    .setEmoji(one.emoji())
                    .setCount(one.count())
                    .setMine(one.mine()));
        }
        return encoded.build();
    }

    /** @param uid whose inbox it stands in */
    static io.hongyan.protocol.v1.Event event(Event event, String uid) {
        var encoded = io.hongyan.protocol.v1.Event.newBuilder();
        if (event instanceof Event.ReadUpTo read) {
            encoded.setReadUpTo(ReadUpTo.newBuilder()
                    .setPeer(peer(read.conversation(), uid))
                    .setSeq(read.seq())
                    .setOrdinal(read.ordinal()));
        } else if (event instanceof Event.Trimmed trimmed) {
            encoded.setTrimmed(Trimmed.newBuilder().setFrom(trimmed.from()));
        }
        return encoded.build();
    }

    /** How {@code uid} addresses the conversation. */
    static Peer peer(Conversation conversation, String uid) {
        return peer(conversation.kind(), conversation.peerOf(uid));
    }

    private static Peer peer(Conversation.Kind kind, String id) {
        return Peer.newBuilder().setKindValue(kind.number()).setId(id).build();
    }

    static Content content(byte[] encoded) {
        try {
            return Content.parseFrom(encoded);
        } catch (InvalidProtocolBufferException damaged) {
            throw new IllegalStateException("stored content does not parse", damaged);
        }
    }

    private static byte[] binaryHead(long seq) {
        byte[] head = new byte[1 + CodedOutputStream.computeUInt64SizeNoTag(seq)];
        head[0] = SEQ_TAG;
        long rest = seq;
        for (int i = 1; i < head.length; i++) {
            head[i] = (byte) (rest & 0x7F | (i + 1 < head.length ? 0x80 : 0));
            rest >>>= 7;
        }
        return head;
    }

    private static byte[] binaryMessage(StoredMessage message, String to) {
        int kind = message.conversation().kind().number();
        int peerSize = CodedOutputStream.computeEnumSize(Peer.KIND_FIELD_NUMBER, kind)
                + CodedOutputStream.computeStringSize(Peer.ID_FIELD_NUMBER, to);
        byte[] content = message.content();
        byte[] state = message.state() == null ? null : state(message.state()).toByteArray();
        int size = CodedOutputStream.computeStringSize(Message.FROM_FIELD_NUMBER, message.sender())
                + CodedOutputStream.computeStringSize(Message.FROM_DEVICE_FIELD_NUMBER, message.senderDevice())
                + delimitedSize(Message.TO_FIELD_NUMBER, peerSize)
                + CodedOutputStream.computeInt64Size(Message.SEQ_FIELD_NUMBER, message.seq())
                + CodedOutputStream.computeStringSize(Message.CLIENT_MESSAGE_ID_FIELD_NUMBER, message.clientMessageId())
                + CodedOutputStream.computeInt64Size(Message.SENT_AT_FIELD_NUMBER, message.sentAtMillis())
                + contentSize(content)
                + ordinalSize(message)
                + (state == null ? 0 : delimitedSize(Message.STATE_FIELD_NUMBER, state.length));
        byte[] bytes = new byte[delimitedSize(InboxEntry.MESSAGE_FIELD_NUMBER, size)];
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            startDelimited(out, InboxEntry.MESSAGE_FIELD_NUMBER, size);
            out.writeString(Message.FROM_FIELD_NUMBER, message.sender());
            out.writeString(Message.FROM_DEVICE_FIELD_NUMBER, message.senderDevice());
            startDelimited(out, Message.TO_FIELD_NUMBER, peerSize);
            out.writeEnum(Peer.KIND_FIELD_NUMBER, kind);
            out.writeString(Peer.ID_FIELD_NUMBER, to);
            out.writeInt64(Message.SEQ_FIELD_NUMBER, message.seq());
            out.writeString(Message.CLIENT_MESSAGE_ID_FIELD_NUMBER, message.clientMessageId());
            out.writeInt64(Message.SENT_AT_FIELD_NUMBER, message.sentAtMillis());
            if (content.length > 0) {
                out.writeByteArray(Message.CONTENT_FIELD_NUMBER, content);
            }
            if (message.ordinal() != 0) {
                out.writeInt64(Message.ORDINAL_FIELD_NUMBER, message.ordinal());
            }
            if (state != null) {
                out.writeByteArray(Message.STATE_FIELD_NUMBER, state);
            }
        } catch (IOException impossible) {
            throw new IllegalStateException("the array was made to fit", impossible);
        }
        out.checkNoSpaceLeft();
        return bytes;
    }

    /** A recalled message has none. */
    private static int contentSize(byte[] content) {
        return content.length == 0 ? 0 : delimitedSize(Message.CONTENT_FIELD_NUMBER, content.length);
    }

    /** Zero, before the first message that counts, is not written, as the generated classes do it. */
    private static int ordinalSize(StoredMessage message) {
        return message.ordinal() == 0
                ? 0
                : CodedOutputStream.computeInt64Size(Message.ORDINAL_FIELD_NUMBER, message.ordinal());
    }

    private static int delimitedSize(int field, int size) {
        return CodedOutputStream.computeTagSize(field) + CodedOutputStream.computeUInt32SizeNoTag(size) + size;
    }

    private static void startDelimited(CodedOutputStream out, int field, int size) throws IOException {
        out.writeTag(field, LENGTH_DELIMITED);
        out.writeUInt32NoTag(size);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
