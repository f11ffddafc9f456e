package io.hongyan.im.adapter.rocketmq;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.hongyan.im.adapter.rocketmq.PushMessage.Readable;
import io.hongyan.im.adapter.rocketmq.PushMessage.Unreadable;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.push.Push;
import io.hongyan.im.core.push.PushMode;
import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.GroupChange;
import io.hongyan.protocol.v1.PushRequest;
import io.hongyan.protocol.v1.Text;
import io.hongyan.starters.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(30)
final class PushMessageReaderTest {
    private static final Content CONTENT =
            Content.newBuilder().setText(Text.newBuilder().setText("Sale! 鸿雁")).build();
    private static final PushRequest REQUEST = PushRequest.newBuilder()
            .setPushId("p1")
            .setChannel("shop")
            .addTo("alice")
            .addTo("bob")
            .setContent(CONTENT)
            .build();
    private static final UnknownFieldSet LATER = UnknownFieldSet.newBuilder()
            .addField(
                    99,
                    UnknownFieldSet.Field.newBuilder()
                            .addLengthDelimited(ByteString.copyFromUtf8("later"))
                            .build())
            .build();

    private final PushMessageReader reader = new PushMessageReader(2_000);

    @Test
    void bothFormsSayTheSame() {
        String json = "{\"pushId\":\"p1\",\"channel\":\"shop\",\"to\":[\"alice\",\"bob\"],\"mode\":\"STORE\","
                + "\"content\":{\"text\":{\"text\":\"Sale! 鸿雁\"}}}";
        Push push = new Push("p1", "shop", List.of("alice", "bob"), PushMode.STORE, CONTENT.toByteArray());
        for (byte[] body : List.of(REQUEST.toByteArray(), json.getBytes(StandardCharsets.UTF_8))) {
            assertThat(readable(body)).usingRecursiveComparison().isEqualTo(push);
        }
        assertThat(readable(json.replace("pushId", "push_id")
                                .replace("STORE", "store")
                                .getBytes(StandardCharsets.UTF_8))
                        .pushId())
                .isEqualTo("p1");
    }

    @Test
    void everybodyAndModesAreRead() {
        Push push = readable(REQUEST.toBuilder()
                .clearTo()
                .setEverybody(true)
                .setMode("online_only")
                .build()
                .toByteArray());
        assertThat(push.forEverybody()).isTrue();
        assertThat(push.mode()).isEqualTo(PushMode.ONLINE_ONLY);
        assertThat(readable("{\"push_id\":\"p\",\"channel\":\"c\",\"everybody\":true,\"content\":{\"text\":{}}}"
                                .getBytes(StandardCharsets.UTF_8))
                        .mode())
                .isEqualTo(PushMode.STORE);
    }

    @Test
    void contentOfALaterVersionIsPassedOn() {
        Content later = Content.newBuilder().setUnknownFields(LATER).build();
        assertThat(readable(REQUEST.toBuilder().setContent(later).build().toByteArray())
                        .content())
                .isEqualTo(later.toByteArray());
    }

    @Test
    void whatIsNoPushIsRefusedWithItsReasonAndItsIdWhereItHasOne() {
        assertRefused(null, "", Refusal.MALFORMED, "is empty");
        assertRefused(new byte[0], "", Refusal.MALFORMED, "is empty");
        assertRefused(new byte[2_001], "", Refusal.TOO_LARGE, "at most 2000 bytes");
        assertRefused(text("hello"), "", Refusal.MALFORMED, "no PushRequest");
        assertRefused(text("{\"push_id\":\"p1\""), "p1", Refusal.MALFORMED, "no PushRequest");
        assertRefused(text("{\"push_id\":\"p1\",\"chanel\":\"c\"}"), "p1", Refusal.MALFORMED, "chanel");
        assertRefused(text("{\"push_id\":\"p1\",\"pushId\":\"p2\"}"), "", Refusal.MALFORMED, "pushId is given twice");
        assertRefused(text("{\"push_id\":\"p1\"}{\"push_id\":\"p2\"}"), "p1", Refusal.MALFORMED, "something after");
        assertRefused(text("{\"push_id\":7,\"to\":{}}"), "", Refusal.MALFORMED, "no PushRequest");
        assertRefused(new byte[] {'{', '"', (byte) 0xff, '"'}, "", Refusal.MALFORMED, "not JSON");
        assertRefused(text("{\"content\":" + "[".repeat(1_500)), "", Refusal.MALFORMED, "no PushRequest");
        UnknownFieldSet deep = LATER;
        for (int i = 0; i < 70; i++) {
            deep = UnknownFieldSet.newBuilder()
                    .addField(
                            9, UnknownFieldSet.Field.newBuilder().addGroup(deep).build())
                    .build();
        }
        PushRequest.Builder request = REQUEST.toBuilder();
        assertRefused(
                request.clone().setContent(Content.newBuilder().setUnknownFields(deep)),
                Refusal.MALFORMED,
                "nested deeper than 64");
        assertRefused(request.clone().clearTo(), Refusal.MALFORMED, "either");
        assertRefused(request.clone().setEverybody(true), Refusal.MALFORMED, "either");
        assertRefused(request.clone().setMode("later"), Refusal.MALFORMED, "mode");
        assertRefused(request.clone().clearContent(), Refusal.MALFORMED, "content");
        assertRefused(request.clone().setUnknownFields(LATER), Refusal.MALFORMED, "unknown fields");
        Content change = Content.newBuilder()
                .setGroupChange(GroupChange.getDefaultInstance())
                .build();
        assertRefused(request.clone().setContent(change), Refusal.NOT_ALLOWED, "only the server");
    }

    @Test
    void nestingWithoutEndIsRefusedToo() {
        byte[] deep = text("{\"content\":" + "[".repeat(900_000));
        Unreadable refused = (Unreadable) new PushMessageReader(1 << 20).read(deep);
        assertThat(refused.refusal()).isEqualTo(Refusal.MALFORMED);
    }

    static List<Long> seeds() {
        return Seeds.of(PushMessageReaderTest.class);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void anyBytesHaveAnAnswer(long seed) {
        Random random = new Random(seed);
        byte[] whole = REQUEST.toByteArray();
        for (int i = 0; i < 20_000; i++) {
            byte[] body = whole.clone();
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                body[random.nextInt(body.length)] = (byte) random.nextInt();
            }
            PushMessage read = reader.read(body);
            if (read instanceof Unreadable refused) {
                assertThat(refused.detail()).matches("[\\x20-\\x7e]{1,600}\\.");
            }
        }
    }

    private void assertRefused(PushRequest.Builder request, Refusal refusal, String words) {
        assertRefused(request.build().toByteArray(), "p1", refusal, words);
    }

    private void assertRefused(byte[] body, String pushId, Refusal refusal, String words) {
        Unreadable refused = (Unreadable) reader.read(body);
        assertThat(refused.refusal()).as(refused.detail()).isEqualTo(refusal);
        assertThat(refused.pushId()).isEqualTo(pushId);
        assertThat(refused.detail()).contains(words).endsWith(".");
    }

    private Push readable(byte[] body) {
        PushMessage read = reader.read(body);
        assertThat(read).isInstanceOf(Readable.class);
        return ((Readable) read).push();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
