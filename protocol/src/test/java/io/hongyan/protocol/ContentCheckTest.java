package io.hongyan.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import io.hongyan.protocol.v1.Card;
import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.Custom;
import io.hongyan.protocol.v1.FeedEvent;
import io.hongyan.protocol.v1.File;
import io.hongyan.protocol.v1.GroupChange;
import io.hongyan.protocol.v1.Image;
import io.hongyan.protocol.v1.Location;
import io.hongyan.protocol.v1.Merged;
import io.hongyan.protocol.v1.Message;
import io.hongyan.protocol.v1.MessageChange;
import io.hongyan.protocol.v1.Peer;
import io.hongyan.protocol.v1.Quote;
import io.hongyan.protocol.v1.Text;
import io.hongyan.protocol.v1.Video;
import io.hongyan.protocol.v1.Voice;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
final class ContentCheckTest {
    private static final int STOCK_DEPTH_MAX = 100;
    /** A field number that no version of the contract has. */
    private static final int LATER = 500;

    @Test
    void whatPeopleSendPasses() throws Exception {
        for (String text : new String[] {"", "hi 鸿😀", "s".repeat(200) + "t".repeat(200), "\n".repeat(30_000)}) {
            Content content = Content.newBuilder()
                    .setText(Text.newBuilder().setText(text))
                    .build();
            assertThat(ContentCheck.check(content.toByteArray())).isZero();
            byte[] later = unknown(ByteString.copyFromUtf8(text)).toByteArray();
            if (!text.startsWith("s")) {
                assertThatCode(() -> ContentCheck.check(later)).doesNotThrowAnyException();
            }
        }
    }

    /** Anywhere: parsers use the last of the two, but not everything that the content passes through does. */
    @Test
    void aGroupChangeIsSeen() throws Exception {
        byte[] change = Content.newBuilder()
                .setGroupChange(GroupChange.newBuilder().setOwnerSet("mallory"))
                .build()
                .toByteArray();
        byte[] text = Content.newBuilder()
                .setText(Text.newBuilder().setText("hi"))
                .build()
                .toByteArray();
        assertThat(ContentCheck.check(change)).isEqualTo(ContentCheck.BY_SERVER);
        assertThat(ContentCheck.check(joined(change, text))).isEqualTo(ContentCheck.BY_SERVER);
        assertThat(ContentCheck.check(joined(text, change))).isEqualTo(ContentCheck.BY_SERVER);
        assertThat(ContentCheck.check(joined(text, text))).isZero();
        byte[] recall = Content.newBuilder()
                .setChange(MessageChange.newBuilder()
                        .setTargetSeq(1)
                        .setRecalled(MessageChange.Nothing.getDefaultInstance()))
                .build()
                .toByteArray();
        assertThat(ContentCheck.check(recall)).isEqualTo(ContentCheck.BY_SERVER);
        byte[] inside = Content.newBuilder()
                .setText(Text.newBuilder()
                        .setUnknownFields(UnknownFieldSet.newBuilder()
                                .addField(
                                        Content.GROUP_CHANGE_FIELD_NUMBER,
                                        Field.newBuilder()
                                                .addLengthDelimited(ByteString.copyFrom(change))
                                                .build())
                                .build()))
                .build()
                .toByteArray();
        assertThat(ContentCheck.check(inside)).isZero();
    }

    private static byte[] joined(byte[] first, byte[] second) {
        return ByteString.copyFrom(first).concat(ByteString.copyFrom(second)).toByteArray();
    }

    @Test
    void nestingIsLimitedInGroupsAndInMessagesNobodyKnows() throws Exception {
        int most = ContentCheck.DEPTH_MAX - 1;
        ContentCheck.check(groups(most));
        ContentCheck.check(messages(most));
        for (byte[] deep : new byte[][] {
            groups(most + 1), messages(most + 1), groups(99), messages(99), groups(30_000), messages(3_000)
        }) {
            assertThatThrownBy(() -> ContentCheck.check(deep))
                    .isInstanceOf(InvalidProtocolBufferException.class)
                    .hasMessage("The field content is nested deeper than 64.");
        }
    }

    /** The deepest content that is accepted, in the deepest envelope, for a parser that knows all of it. */
    @Test
    void theDeepestContentIsParsedInItsEnvelope() throws Exception {
        byte[] deepest = groups(ContentCheck.DEPTH_MAX - 1);
        FeedEvent event = FeedEvent.newBuilder()
                .setMessageStored(FeedEvent.MessageStored.newBuilder()
                        .setMessage(Message.newBuilder().setContent(Content.parseFrom(deepest))))
                .build();
        CodedInputStream in = CodedInputStream.newInstance(event.toByteArray());
        in.setRecursionLimit(STOCK_DEPTH_MAX - 20);
        assertThat(FeedEvent.parseFrom(in)).isEqualTo(event);
    }

    @Test
    void whatSomeParsersRefuseIsRefused() {
        for (int[] bytes : new int[][] {
            {0x00},
            {0x02, 0x00},
            {0x0f},
            {0x0e}, // number 0, wire types 7 and 6
            {0x0c},
            {0x1b},
            {0x1b, 0x24},
            {0x1b, 0x1b, 0x1c}, // groups that are not closed, or not by their own number
            {0x0a, 0x05, 0x01},
            {0x0a},
            {0x18},
            {0x1d, 1, 2, 3},
            {0x19, 1, 2, 3, 4, 5, 6, 7}, // cut short
            {0x0a, 0x03, 0x0a, 0x01, 0xff}, // a text that is not UTF-8
            {0x98, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00, 0x01}, // a tag of seven bytes
            {0x98, 0x80, 0x80, 0x80, 0x10, 0x01}, // a number above 2^29-1
            {0x1a, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00}, // a length of six bytes
            {0x18, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f}, // a number above 64 bits
            {0x1a, 0xff, 0xff, 0xff, 0xff, 0x0f}, // a length below zero
            {0x0a, 0x01, 0x0b} // a known message with a group that is not closed
        }) {
            byte[] content = new byte[bytes.length];
            for (int i = 0; i < bytes.length; i++) {
                content[i] = (byte) bytes[i];
            }
            assertThatThrownBy(() -> ContentCheck.check(content))
                    .as(ByteString.copyFrom(content).toString())
                    .isInstanceOf(InvalidProtocolBufferException.class);
        }
    }

    /** Whatever the bytes are, accepted content can be parsed, and refusals are sentences. */
    @Test
    void whatPassesParses() throws Exception {
        Random random = new Random(99);
        int passed = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = new byte[random.nextInt(12)];
            random.nextBytes(bytes);
            if (random.nextBoolean() && bytes.length > 1) {
                bytes[0] = (byte) (random.nextInt(8) << 3 | random.nextInt(6));
                bytes[1] = (byte) (bytes.length - 2);
            }
            try {
                boolean change = ContentCheck.check(bytes) == ContentCheck.BY_SERVER;
                passed++;
                Content parsed = Content.parseFrom(bytes);
                assertThat(parsed.hasGroupChange() || parsed.hasChange()).isIn(false, change);
            } catch (InvalidProtocolBufferException refused) {
                assertThat(refused.getMessage()).startsWith("The field ");
            }
        }
        assertThat(passed).isGreaterThan(10_000);
    }

    private static byte[] groups(int depth) {
        byte[] bytes = new byte[2 * depth];
        for (int i = 0; i < depth; i++) {
            bytes[i] = 0x1b;
            bytes[depth + i] = 0x1c;
        }
        return bytes;
    }

    private static byte[] messages(int depth) {
        ByteString inner = ByteString.EMPTY;
        for (int i = 0; i < depth; i++) {
            inner = unknown(inner).toByteString();
        }
        return inner.toByteArray();
    }

    private static UnknownFieldSet unknown(ByteString value) {
        return UnknownFieldSet.newBuilder()
                .addField(LATER, Field.newBuilder().addLengthDelimited(value).build())
                .build();
    }

    @Test
    void bytesOfAPictureAreNotTakenForMessages() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < 200; i++) {
            byte[] picture = new byte[60_000];
            random.nextBytes(picture);
            ContentCheck.check(unknown(ByteString.copyFrom(picture)).toByteArray());
            byte[] words = "The quick brown fox, 敏捷的棕色狐狸; ".repeat(1_000).getBytes(StandardCharsets.UTF_8);
            ContentCheck.check(unknown(ByteString.copyFrom(words)).toByteArray());
        }
    }

    private static final Image IMAGE = Image.newBuilder()
            .setFileId("f-1")
            .setSize(Long.MAX_VALUE)
            .setMediaType("image/png")
            .setWidth(65_535)
            .setHeight(1)
            .setThumbHash(ByteString.copyFrom(new byte[64]))
            .build();

    private static final Merged.Item ITEM = Merged.Item.newBuilder()
            .setName("小红")
            .setSentAt(1)
            .setContent(text("hi"))
            .build();

    private static Content text(String text) {
        return Content.newBuilder().setText(Text.newBuilder().setText(text)).build();
    }

    private static Content.Builder beside(Content content) {
        return content.toBuilder()
                .setReplyTo(Quote.newBuilder().setSeq(3).setFrom("bob").setExcerpt("e".repeat(512)))
                .addAllMentions(Collections.nCopies(50, "a.b_c@d-9"))
                .setMentionAll(true);
    }

    @Test
    void everyTypeIsTakenUpToItsLimits() throws Exception {
        for (Content.Builder content : List.of(
                Content.newBuilder().setImage(IMAGE),
                Content.newBuilder()
                        .setVoice(Voice.newBuilder()
                                .setFileId("v")
                                .setDurationMillis(86_400_000)
                                .setWaveform(ByteString.copyFrom(new byte[256]))),
                Content.newBuilder().setVideo(Video.newBuilder().setFileId("v").setCoverFileId("f-1")),
                Content.newBuilder().setFile(File.newBuilder().setFileId("f").setName("报告 (1).pdf")),
                Content.newBuilder()
                        .setLocation(Location.newBuilder()
                                .setLatitudeE7(-900_000_000)
                                .setLongitudeE7(1_800_000_000)),
                Content.newBuilder().setLocation(Location.getDefaultInstance()),
                Content.newBuilder()
                        .setCard(Card.newBuilder()
                                .setPeer(peer(Peer.Kind.GROUP, "g"))
                                .setName("n".repeat(255))),
                Content.newBuilder()
                        .setMerged(Merged.newBuilder().setTitle("t").addAllItems(Collections.nCopies(100, ITEM))),
                Content.newBuilder()
                        .setCustom(Custom.newBuilder()
                                .setType("acme.poll")
                                .setData(ByteString.copyFrom(new byte[10_000]))))) {
            assertThat(ContentCheck.check(content.build().toByteArray())).isZero();
            assertThat(ContentCheck.check(beside(content.build()).build().toByteArray()))
                    .isEqualTo(3);
        }
    }

    private static Peer peer(Peer.Kind kind, String id) {
        return Peer.newBuilder().setKind(kind).setId(id).build();
    }

    @Test
    void aFieldThatIsNotAsItMustBeIsNamed() {
        refused(image(b -> b.clearFileId()), "The field fileId of Image is missing.");
        refused(image(b -> b.setFileId("a/b")), "The field fileId of Image takes 1 to 64 letters, digits and _ . @ -.");
        refused(image(b -> b.setSize(-1)), "The field size of Image takes a number from 0 on.");
        refused(image(b -> b.setWidth(65_536)), "The field width of Image takes a number from 0 to 65535.");
        refused(image(b -> b.setHeight(-1)), "The field height of Image takes a number from 0 to 65535.");
        refused(
                image(b -> b.setThumbHash(ByteString.copyFrom(new byte[65]))),
                "The field thumbHash of Image takes 0 to 64 bytes.");
        refused(
                image(b -> b.setMediaType("text/html\n")),
                "The field mediaType of Image takes 0 to 127 bytes without control characters.");
        refused(
                Content.newBuilder()
                        .setLocation(Location.newBuilder().setLatitudeE7(900_000_001))
                        .build(),
                "The field latitudeE7 of Location takes a number from -900000000 to 900000000.");
        refused(
                Content.newBuilder()
                        .setCard(Card.newBuilder()
                                .setPeer(peer(Peer.Kind.SYSTEM, "x"))
                                .setName("n"))
                        .build(),
                "The field kind of Peer takes a number from 1 to 2.");
        refused(
                Content.newBuilder()
                        .setMerged(Merged.newBuilder().setTitle("t").addAllItems(Collections.nCopies(101, ITEM)))
                        .build(),
                "The field items of Merged takes at most 100 items.");
        refused(
                Content.newBuilder()
                        .setMerged(Merged.newBuilder().setTitle("t"))
                        .build(),
                "The field items of Merged is missing.");
        refused(beside(text("hi")).addMentions("a").build(), "The field mentions of Content takes at most 50 items.");
        refused(
                text("hi").toBuilder().addMentions("a b").build(),
                "The field mentions of Content takes 1 to 64 letters, digits and _ . @ -.");
        refused(
                text("hi").toBuilder()
                        .setReplyTo(Quote.newBuilder().setFrom("bob"))
                        .build(),
                "The field seq of Quote is missing.");
        refused(beside(Content.getDefaultInstance()).build(), "The field content has no body.");
        refused(
                Content.newBuilder()
                        .setMerged(Merged.newBuilder()
                                .setTitle("t")
                                .addItems(ITEM.toBuilder().setContent(Content.getDefaultInstance())))
                        .build(),
                "The field content has no body.");
    }

    private static Content image(UnaryOperator<Image.Builder> change) {
        return Content.newBuilder().setImage(change.apply(IMAGE.toBuilder())).build();
    }

    private static void refused(Content content, String sentence) {
        assertThatThrownBy(() -> ContentCheck.check(content.toByteArray()))
                .isInstanceOf(InvalidProtocolBufferException.class)
                .hasMessage(sentence);
    }

    @Test
    void bodiesOfApplicationsAndOfLaterVersionsPass() throws Exception {
        for (int number : new int[] {12, 15, 32, 500, 1_000, 1_999, 100_000}) {
            UnknownFieldSet unknown = UnknownFieldSet.newBuilder()
                    .addField(number, Field.newBuilder().addVarint(1).build())
                    .build();
            assertThat(ContentCheck.check(unknown.toByteArray()))
                    .as("number " + number)
                    .isZero();
        }
    }

    @Test
    void whatOnlyTheServerWritesIsSeenAtAnyDepth() throws Exception {
        Content encoded =
                text("hi").toBuilder().setEncoded(ByteString.copyFromUtf8("x")).build();
        assertThat(ContentCheck.check(encoded.toByteArray())).isEqualTo(ContentCheck.BY_SERVER);
        Content change = Content.newBuilder()
                .setGroupChange(GroupChange.newBuilder().setOwnerSet("mallory"))
                .build();
        Content merged = Content.newBuilder()
                .setMerged(Merged.newBuilder()
                        .setTitle("t")
                        .addItems(ITEM.toBuilder().setContent(change)))
                .build();
        assertThat(ContentCheck.check(merged.toByteArray())).isEqualTo(ContentCheck.BY_SERVER);
    }

    @Test
    void theNumberOfTheAnsweredMessageIsToldButNotThatOfAForwardedOne() throws Exception {
        Content answer = text("yes").toBuilder()
                .setReplyTo(
                        Quote.newBuilder().setFrom("bob").setExcerpt("Come?").setSeq(70_000))
                .build();
        assertThat(ContentCheck.check(answer.toByteArray())).isEqualTo(70_000);
        Content forwarded = Content.newBuilder()
                .setMerged(Merged.newBuilder()
                        .setTitle("t")
                        .addItems(ITEM.toBuilder().setContent(answer)))
                .build();
        assertThat(ContentCheck.check(forwarded.toByteArray())).isZero();
    }
}
