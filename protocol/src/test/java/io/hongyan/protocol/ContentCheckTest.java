package io.hongyan.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.FeedEvent;
import io.hongyan.protocol.v1.GroupChange;
import io.hongyan.protocol.v1.Message;
import io.hongyan.protocol.v1.Text;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
final class ContentCheckTest {
    private static final int STOCK_DEPTH_MAX = 100;
    /** A number that no version of the contract has. */
    private static final int LATER = 500;

    @Test
    void whatPeopleSendPasses() throws Exception {
        for (String text : new String[] {"", "hi 鸿😀", "s".repeat(200) + "t".repeat(200), "\n".repeat(30_000)}) {
            Content content = Content.newBuilder()
                    .setText(Text.newBuilder().setText(text))
                    .build();
            assertThat(ContentCheck.check(content.toByteArray())).isFalse();
            byte[] later = unknown(ByteString.copyFromUtf8(text)).toByteArray();
            if (!text.startsWith("s")) {
                assertThatCode(() -> ContentCheck.check(later)).doesNotThrowAnyException();
            }
        }
    }

    /** Wherever it stands: parsers take the last of the two, but not all that has passed through others. */
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
        assertThat(ContentCheck.check(change)).isTrue();
        assertThat(ContentCheck.check(joined(change, text))).isTrue();
        assertThat(ContentCheck.check(joined(text, change))).isTrue();
        assertThat(ContentCheck.check(joined(text, text))).isFalse();
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
        assertThat(ContentCheck.check(inside)).isFalse();
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

    /** The deepest content that is taken, in the deepest envelope there is, for a parser that knows all of it. */
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

    /** Whatever the bytes, what passes can be parsed, and the answer is given in words. */
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
                boolean change = ContentCheck.check(bytes);
                passed++;
                assertThat(Content.parseFrom(bytes).hasGroupChange()).isIn(false, change);
            } catch (InvalidProtocolBufferException refused) {
                assertThat(refused.getMessage()).startsWith("The field content");
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
}
