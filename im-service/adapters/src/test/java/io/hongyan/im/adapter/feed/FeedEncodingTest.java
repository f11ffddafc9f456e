package io.hongyan.im.adapter.feed;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.JsonFormat;
import io.hongyan.im.core.feed.EventDraft;
import io.hongyan.im.core.feed.FeedBody;
import io.hongyan.im.core.feed.FeedBody.Occurred;
import io.hongyan.im.core.feed.FeedEvent;
import io.hongyan.im.core.feed.SessionEnd;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.Text;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class FeedEncodingTest {
    private static final DeviceKey DEVICE = new DeviceKey("alice", "android:phone");
    private static final ConnectionKey CONNECTION = new ConnectionKey("gate-x", 7);
    private static final List<Occurred> BODIES = List.of(
            new FeedBody.SessionOpened(DEVICE, "android", CONNECTION, 5),
            new FeedBody.SessionClosed(DEVICE, CONNECTION, SessionEnd.LOST),
            new FeedBody.SessionKicked(DEVICE, CONNECTION, "ios:other"),
            new FeedBody.Receipt("alice", Conversation.direct("alice", "bob"), 7, 6),
            new FeedBody.Reported("alice", "android:phone", "telemetry", new byte[] {0, -1, 7}),
            new FeedBody.PushFinished("p1", 5, 3, 2, 1, 1),
            new FeedBody.PushUnreached("p1", List.of("bob"), List.of("nobody", "nemo")),
            new FeedBody.PushRefused("p1", Refusal.EXISTS, "There is another push of this id.", "7F0001"),
            new FeedBody.PushAcknowledged("p1", "alice", "android:phone"),
            new FeedBody.NodeStarted("gate"));

    @Test
    void aMessageKeepsItsContentByteByByte() throws Exception {
        byte[] known = text("hello").toByteArray();
        byte[] withUnknownField = Arrays.copyOf(known, known.length + 4);
        withUnknownField[known.length] = (byte) 0xFA;
        withUnknownField[known.length + 1] = 0x3F;
        withUnknownField[known.length + 2] = 1;
        withUnknownField[known.length + 3] = 'x';

        var decoded = decode(message(Conversation.direct("alice", "bob"), withUnknownField));

        assertThat(decoded.getKey()).isEqualTo("direct:alice|bob");
        assertThat(decoded.getKeySeq()).isEqualTo(3);
        assertThat(decoded.getAt()).isEqualTo(99);
        var message = decoded.getMessageStored().getMessage();
        assertThat(message.getTo().getId()).isEqualTo("bob");
        assertThat(message.getOrdinal()).isEqualTo(2);
        assertThat(message.getContent().getText().getText()).isEqualTo("hello");
        assertThat(message.getContent().toByteString()).isEqualTo(ByteString.copyFrom(withUnknownField));
        assertThat(decoded.getMessageStored().getReader()).isEmpty();
    }

    @Test
    void aMessageOfASystemConversationNamesItsReader() throws Exception {
        var decoded = decode(
                message(Conversation.system("orders", "alice"), text("paid").toByteArray()));

        assertThat(decoded.getMessageStored().getReader()).isEqualTo("alice");
        assertThat(decoded.getMessageStored().getMessage().getTo().getId()).isEqualTo("orders");
    }

    @Test
    void contentThatDoesNotParseIsLeftOutOfJsonOnly() throws Exception {
        byte[] damaged = {0x0A, 0x7F, 1};
        FeedEvent event = message(Conversation.direct("alice", "bob"), damaged);

        assertThat(decodeJson(event).getMessageStored().getMessage().hasContent())
                .isFalse();
        byte[] encoded = new ProtobufFeedEncoding().encode(event);
        assertThat(new String(encoded, StandardCharsets.ISO_8859_1))
                .contains(new String(damaged, StandardCharsets.ISO_8859_1));
    }

    @Test
    void everySortOfEventReadsTheSameInBothForms() throws Exception {
        for (Occurred body : BODIES) {
            FeedEvent event = FeedEvent.of(12, new EventDraft(99, body));
            var decoded = decode(event);
            assertThat(decodeJson(event)).isEqualTo(decoded);
            assertThat(decoded.getKey()).isEqualTo(body.key());
            assertThat(decoded.getKeySeq()).isEqualTo(12);
        }
        FeedEvent message = message(Conversation.group("g"), text("hello").toByteArray());
        assertThat(decodeJson(message)).isEqualTo(decode(message));
    }

    @Test
    void everySortOfEventHasAWordOfItsOwn() throws Exception {
        Set<Class<?>> sorts = Set.of(Occurred.class.getPermittedSubclasses());
        assertThat(BODIES.stream().map(Object::getClass).collect(Collectors.toSet()))
                .as("this test has all of them")
                .isEqualTo(sorts);
        Set<String> words = BODIES.stream()
                .map(body -> decode(FeedEvent.of(1, new EventDraft(1, body)))
                        .getBodyCase()
                        .name())
                .collect(Collectors.toSet());
        assertThat(words).hasSize(BODIES.size()).doesNotContain("BODY_NOT_SET", "MESSAGE_STORED");
    }

    @Test
    void everyEndOfASessionHasAWord() {
        for (SessionEnd why : SessionEnd.values()) {
            var decoded =
                    decode(FeedEvent.of(1, new EventDraft(1, new FeedBody.SessionClosed(DEVICE, CONNECTION, why))));
            assertThat(decoded.getSessionClosed().getWhy().name()).isEqualTo(why.name());
        }
    }

    @Test
    void jsonIsOneLineOfUtf8() {
        FeedEvent event =
                message(Conversation.direct("alice", "bob"), text("鸿雁\n").toByteArray());
        String json = new String(new JsonFeedEncoding().encode(event), StandardCharsets.UTF_8);
        assertThat(json).doesNotContain("\n").contains("鸿雁", "\"keySeq\":\"3\"");
    }

    private static Content text(String text) {
        return Content.newBuilder().setText(Text.newBuilder().setText(text)).build();
    }

    private static FeedEvent message(Conversation conversation, byte[] content) {
        return FeedEvent.of(new StoredMessage(conversation, 3, 2, "alice", "android:phone", "c1", 99, content));
    }

    private static io.hongyan.protocol.v1.FeedEvent decode(FeedEvent event) {
        try {
            return io.hongyan.protocol.v1.FeedEvent.parseFrom(new ProtobufFeedEncoding().encode(event));
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private static io.hongyan.protocol.v1.FeedEvent decodeJson(FeedEvent event) throws Exception {
        var builder = io.hongyan.protocol.v1.FeedEvent.newBuilder();
        JsonFormat.parser().merge(new String(new JsonFeedEncoding().encode(event), StandardCharsets.UTF_8), builder);
        return builder.build();
    }
}
