package io.hongyan.im.adapter.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.util.JsonFormat;
import io.hongyan.im.core.inbox.Event;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.MessageState;
import io.hongyan.im.core.message.ReactionCount;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.InboxEntry;
import io.hongyan.protocol.v1.Message;
import io.hongyan.protocol.v1.Peer;
import io.hongyan.protocol.v1.Text;
import io.hongyan.starters.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
final class EntryEncoderTest {
    static List<Long> seeds() {
        return Seeds.of(EntryEncoderTest.class);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void handWrittenEntriesEqualThoseOfTheGeneratedClasses(long seed) throws Exception {
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            StoredMessage message = message(random);
            String to = message.conversation().peerOf(message.sender());
            long seq = 1 + (random.nextLong() >>> 1 + random.nextInt(62));
            InboxEntry expected = InboxEntry.newBuilder()
                    .setSeq(seq)
                    .setMessage(generated(message, to))
                    .build();
            assertThat(joined(
                            PayloadEncoding.BINARY,
                            seq,
                            EntryEncoder.sharedMessage(PayloadEncoding.BINARY, message, to)))
                    .as("seed %d, round %d", seed, i)
                    .isEqualTo(expected.toByteArray());
            assertThat(joined(PayloadEncoding.JSON, seq, EntryEncoder.sharedMessage(PayloadEncoding.JSON, message, to)))
                    .as("seed %d, round %d", seed, i)
                    .isEqualTo(JsonFormat.printer()
                            .omittingInsignificantWhitespace()
                            .print(expected)
                            .getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void contentOfAnUnknownTypeIsDeliveredAsItCame() throws Exception {
        byte[] content = Content.newBuilder()
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                4_000,
                                UnknownFieldSet.Field.newBuilder().addVarint(7).build())
                        .build())
                .build()
                .toByteArray();
        StoredMessage message =
                new StoredMessage(Conversation.direct("a", "b"), 1, 1, "a", "iot:d", "m", 1_700_000_000_000L, content);
        InboxEntry entry = InboxEntry.parseFrom(
                joined(PayloadEncoding.BINARY, 9, EntryEncoder.sharedMessage(PayloadEncoding.BINARY, message, "b")));
        assertThat(entry.getMessage().getContent().toByteArray()).isEqualTo(content);
        assertThat(new String(joined(
                        PayloadEncoding.JSON, 9, EntryEncoder.sharedMessage(PayloadEncoding.JSON, message, "b"))))
                .startsWith("{\"seq\":\"9\",\"message\":{\"from\":\"a\"")
                .endsWith("\"content\":{\"encoded\":\"gPoBBw==\"},\"ordinal\":\"1\"}}");
    }

    @Test
    void eventsCarryTheReceiversOwnNumber() throws Exception {
        Event read = new Event.ReadUpTo(Conversation.direct("alice", "bob"), 12, 9);
        InboxEntry entry = InboxEntry.parseFrom(
                joined(PayloadEncoding.BINARY, 300, EntryEncoder.sharedEvent(PayloadEncoding.BINARY, read, "alice")));
        assertThat(entry.getSeq()).isEqualTo(300);
        assertThat(entry.getEvent().getReadUpTo().getPeer().getId()).isEqualTo("bob");
        assertThat(entry.getEvent().getReadUpTo().getSeq()).isEqualTo(12);
        assertThat(entry.getEvent().getReadUpTo().getOrdinal()).isEqualTo(9);
        String json = new String(
                joined(
                        PayloadEncoding.JSON,
                        300,
                        EntryEncoder.sharedEvent(PayloadEncoding.JSON, new Event.Trimmed(4), "alice")),
                StandardCharsets.UTF_8);
        assertThat(json).isEqualTo("{\"seq\":\"300\",\"event\":{\"trimmed\":{\"from\":\"4\"}}}");
    }

    private static byte[] joined(PayloadEncoding encoding, long seq, byte[] shared) {
        byte[] head = EntryEncoder.head(encoding, seq);
        byte[] all = new byte[head.length + shared.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(shared, 0, all, head.length, shared.length);
        return all;
    }

    private static Message generated(StoredMessage message, String to) throws Exception {
        Message.Builder generated = Message.newBuilder()
                .setFrom(message.sender())
                .setFromDevice(message.senderDevice())
                .setTo(Peer.newBuilder().setKind(Peer.Kind.DIRECT).setId(to))
                .setSeq(message.seq())
                .setClientMessageId(message.clientMessageId())
                .setSentAt(message.sentAtMillis())
                .setOrdinal(message.ordinal());
        if (message.content().length > 0) {
            generated.setContent(Content.parseFrom(message.content()));
        }
        if (message.state() != null) {
            io.hongyan.protocol.v1.MessageState.Builder state = generated
                    .getStateBuilder()
                    .setStateSeq(message.state().stateSeq())
                    .setEditedAt(message.state().editedAtMillis())
                    .setRecalled(message.state().recalled())
                    .setPinned(message.state().pinned());
            message.state()
                    .reactions()
                    .forEach(one -> state.addReactionsBuilder()
                            .setEmoji(one.emoji())
                            .setCount(one.count())
                            .setMine(one.mine()));
        }
        return generated.build();
    }

    private static MessageState state(Random random) {
        return new MessageState(
                random.nextLong() >>> 1,
                3,
                random.nextBoolean() ? 0 : random.nextLong() >>> 1,
                random.nextBoolean(),
                random.nextBoolean(),
                Stream.generate(() -> new ReactionCount(name(random), random.nextInt(300), random.nextBoolean()))
                        .limit(random.nextInt(20))
                        .toList(),
                0,
                false);
    }

    private static StoredMessage message(Random random) {
        String sender = name(random);
        String text = random.nextInt(4) == 0 ? "鸿雁 🪿 \"\\\n" : "x".repeat(random.nextInt(400));
        return new StoredMessage(
                Conversation.direct(sender, name(random)),
                1 + (random.nextLong() >>> 1 + random.nextInt(62)),
                random.nextInt(9) == 0 ? 0 : random.nextLong() >>> 1 + random.nextInt(62),
                sender,
                "android:" + name(random),
                name(random),
                random.nextLong() >>> 1,
                random.nextInt(9) == 0
                        ? new byte[0]
                        : Content.newBuilder()
                                .setText(Text.newBuilder().setText(text))
                                .build()
                                .toByteArray(),
                random.nextInt(3) == 0 ? state(random) : null);
    }

    private static String name(Random random) {
        return "abcdefghij@_-.".substring(random.nextInt(10)).repeat(1 + random.nextInt(4));
    }
}
