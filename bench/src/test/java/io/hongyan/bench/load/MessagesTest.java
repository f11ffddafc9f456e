package io.hongyan.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.hongyan.protocol.v1.Code;
import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.Event;
import io.hongyan.protocol.v1.InboxEntry;
import io.hongyan.protocol.v1.Message;
import io.hongyan.protocol.v1.Peer;
import io.hongyan.protocol.v1.SendAck;
import io.hongyan.protocol.v1.SendRequest;
import io.hongyan.protocol.v1.Trimmed;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is sent and how it is read back, against the generated protobuf classes. */
@Timeout(30)
class MessagesTest {
    private static final long INTENDED = 0x0123_4567_89AB_CDEFL;

    private final SendTemplate template = new SendTemplate("b1-r7", 100, new SplittableRandom(42));
    private final DeliveryReader reader = new DeliveryReader();

    @Test
    void eachRequestHasItsOwnRandomUuidAndATextOfTheAskedLength() throws InvalidProtocolBufferException {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            SendRequest request = SendRequest.parseFrom(template.stamped(7, i, INTENDED));
            UUID id = UUID.fromString(request.getClientMessageId());
            assertThat(id.toString()).isEqualTo(request.getClientMessageId());
            assertThat(id.version()).isEqualTo(4);
            assertThat(id.variant()).isEqualTo(2);
            ids.add(request.getClientMessageId());
            assertThat(request.getTo().getKind()).isEqualTo(Peer.Kind.DIRECT);
            assertThat(request.getTo().getId()).isEqualTo("b1-r7");
            assertThat(request.getContent().getText().getText()).hasSize(100);
        }
        assertThat(ids).hasSize(1_000);
    }

    @Test
    void aRequestThatABrokerPassesOnIsReadBack() {
        byte[] payload = template.stamped(7, 65_000, INTENDED);
        assertRead(DeliveryForm.SEND_REQUEST, payload, 65_000);
        assertThat(reader.inboxSeq()).isZero();
    }

    @Test
    void anInboxEntryIsReadBackWithItsNumber() throws InvalidProtocolBufferException {
        assertRead(DeliveryForm.INBOX_ENTRY, entry(300_000_000_000L).toByteArray(), 9);
        assertThat(reader.inboxSeq()).isEqualTo(300_000_000_000L);
    }

    @Test
    void anEventIsNoMessage() {
        byte[] event = InboxEntry.newBuilder()
                .setSeq(5)
                .setEvent(Event.newBuilder().setTrimmed(Trimmed.newBuilder().setFrom(3)))
                .build()
                .toByteArray();
        assertThat(reader.read(DeliveryForm.INBOX_ENTRY, ByteBuffer.wrap(event), 0, event.length))
                .isFalse();
    }

    @Test
    void aRefusalIsToldFromSuccess() {
        byte[] refusal = SendAck.newBuilder()
                .setClientMessageId("c")
                .setCode(Code.UNKNOWN_CONVERSATION)
                .setReason("no such user")
                .build()
                .toByteArray();
        byte[] success =
                SendAck.newBuilder().setClientMessageId("c").setSeq(5).build().toByteArray();
        assertThat(reader.replyCode(ByteBuffer.wrap(refusal), 0, refusal.length))
                .isEqualTo(Code.UNKNOWN_CONVERSATION_VALUE);
        assertThat(reader.replyCode(ByteBuffer.wrap(success), 0, success.length))
                .isZero();
    }

    @Test
    void noCutOrChangedByteIsMoreThanUnreadable() throws InvalidProtocolBufferException {
        byte[] whole = entry(77).toByteArray();
        for (int length = 0; length < whole.length; length++) {
            assertThat(reader.read(DeliveryForm.INBOX_ENTRY, ByteBuffer.wrap(whole), 0, length))
                    .as("the first %d bytes", length)
                    .isFalse();
        }
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 20_000; i++) {
            byte[] changed = whole.clone();
            changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            // Whatever it answers, it stays within the bytes.
            boolean readable = reader.read(DeliveryForm.INBOX_ENTRY, ByteBuffer.wrap(changed), 0, changed.length);
            assertThat(!readable || reader.stampAt() + Stamp.BYTES <= changed.length)
                    .isTrue();
        }
    }

    private InboxEntry entry(long seq) throws InvalidProtocolBufferException {
        Content content =
                SendRequest.parseFrom(template.stamped(7, 9, INTENDED)).getContent();
        return InboxEntry.newBuilder()
                .setSeq(seq)
                .setMessage(Message.newBuilder()
                        .setFrom("b1-s7")
                        .setFromDevice("iot:bench")
                        .setTo(Peer.newBuilder().setKind(Peer.Kind.DIRECT).setId("b1-r7"))
                        .setSeq(seq + 1)
                        .setClientMessageId("c".repeat(36))
                        .setSentAt(1_790_000_000_000L)
                        .setContent(content))
                .build();
    }

    private void assertRead(DeliveryForm form, byte[] payload, int index) {
        int start = 11;
        ByteBuffer in = ByteBuffer.allocateDirect(start + payload.length + 3);
        in.put(start, payload);
        assertThat(reader.read(form, in, start, payload.length)).isTrue();
        assertThat(Stamp.pair(in, reader.stampAt())).isEqualTo(7);
        assertThat(Stamp.index(in, reader.stampAt())).isEqualTo(index);
        assertThat(Stamp.intendedNanos(in, reader.stampAt())).isEqualTo(INTENDED);
    }
}
