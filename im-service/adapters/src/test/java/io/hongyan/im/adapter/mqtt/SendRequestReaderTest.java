package io.hongyan.im.adapter.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.hongyan.im.adapter.mqtt.SendRequestReader.Send;
import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.Peer;
import io.hongyan.protocol.v1.SendRequest;
import io.hongyan.protocol.v1.Text;
import io.hongyan.starters.Seeds;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
final class SendRequestReaderTest {
    private static final SendRequest HELLO = SendRequest.newBuilder()
            .setClientMessageId("m-1")
            .setTo(Peer.newBuilder().setKind(Peer.Kind.DIRECT).setId("bob"))
            .setContent(Content.newBuilder().setText(Text.newBuilder().setText("hello")))
            .build();

    @Test
    void aRequestIsRead() throws Exception {
        Send send = SendRequestReader.read(HELLO.toByteArray());
        assertThat(send.clientMessageId()).isEqualTo("m-1");
        assertThat(send.to()).isEqualTo(HELLO.getTo());
        assertThat(send.content()).isEqualTo(HELLO.getContent().toByteArray());
    }

    @Test
    void nothingIsEmptyNotMalformed() throws Exception {
        Send send = SendRequestReader.read(new byte[0]);
        assertThat(send.clientMessageId()).isEmpty();
        assertThat(send.to()).isEqualTo(Peer.getDefaultInstance());
        assertThat(send.content()).isEmpty();
    }

    @Test
    void fieldsThatThisVersionDoesNotKnowAreKeptInTheContentAndSkippedElsewhere() throws Exception {
        UnknownFieldSet unknown = UnknownFieldSet.newBuilder()
                .addField(
                        200,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFromUtf8("new"))
                                .build())
                .build();
        Content content = Content.newBuilder().setUnknownFields(unknown).build();
        SendRequest request =
                HELLO.toBuilder().setContent(content).setUnknownFields(unknown).build();
        assertThat(SendRequestReader.read(request.toByteArray()).content()).isEqualTo(content.toByteArray());
    }

    static List<Long> seeds() {
        return Seeds.of(SendRequestReaderTest.class);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void damagedBytesAreEitherReadLikeTheGeneratedClassOrRefusedLikeIt(long seed) {
        int stricter = 0;
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = damaged(HELLO.toByteArray(), random);
            SendRequest expected = parsed(bytes);
            Send read = read(bytes);
            String where = "seed " + seed + ", round " + round;
            if (expected == null) {
                assertThat(read).as(where).isNull();
            } else if (read == null) {
                // Java takes numbers that parsers of other languages refuse.
                stricter++;
            } else {
                assertThat(read.clientMessageId()).as(where).isEqualTo(expected.getClientMessageId());
                assertThat(read.to()).as(where).isEqualTo(expected.getTo());
                assertThat(content(read)).as(where).isEqualTo(expected.getContent());
            }
        }
        assertThat(stricter).isLessThan(100);
    }

    @Test
    void contentInTwoPartsMustBeSoundInEach() throws Exception {
        byte[] whole = HELLO.toByteArray();
        byte[] content = HELLO.getContent().toByteArray();
        assertThat(SendRequestReader.read(joined(whole, part(content))).content())
                .isEqualTo(joined(content, content));
        byte[] first = Arrays.copyOf(content, 3);
        byte[] second = Arrays.copyOfRange(content, 3, content.length);
        assertThatThrownBy(() -> SendRequestReader.read(joined(part(first), part(second))))
                .isInstanceOf(MalformedPayload.class)
                .hasMessageStartingWith("The field content ");
    }

    /** Their number is the sender's: what they cost must grow with the bytes, not with the square. */
    @Test
    void contentInManyPartsIsJoinedOnce() throws Exception {
        byte[] text = "x".repeat(60_000).getBytes(StandardCharsets.UTF_8);
        byte[] large = Content.newBuilder()
                .setText(Text.newBuilder().setTextBytes(ByteString.copyFrom(text)))
                .build()
                .toByteArray();
        byte[] small = part(HELLO.getContent().toByteArray());
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        payload.writeBytes(part(large));
        for (int i = 0; i < 20_000; i++) {
            payload.writeBytes(small);
        }

        long before = allocated();
        Send send = SendRequestReader.read(payload.toByteArray());

        assertThat(allocated() - before).isLessThan(20L * payload.size());
        assertThat(content(send)).isEqualTo(HELLO.getContent());
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    @Test
    void mentionsAreCountedOverAllParts() {
        byte[] part = part(HELLO.getContent().toBuilder()
                .addAllMentions(Collections.nCopies(30, "bob"))
                .build()
                .toByteArray());
        assertThatThrownBy(() -> SendRequestReader.read(joined(part, part)))
                .isInstanceOf(MalformedPayload.class)
                .hasMessage("The field mentions of Content takes at most 50 items.");
    }

    @Test
    void contentThatOthersCouldNotParseIsRefusedWithTheId() {
        for (int depth : new int[] {64, 99, 3_000}) {
            byte[] groups = new byte[2 * depth];
            Arrays.fill(groups, 0, depth, (byte) 0x1b);
            Arrays.fill(groups, depth, 2 * depth, (byte) 0x1c);
            byte[] deep = joined(
                    HELLO.toBuilder().clearContent().build().toByteArray(),
                    UnknownFieldSet.newBuilder()
                            .addField(
                                    SendRequest.CONTENT_FIELD_NUMBER,
                                    UnknownFieldSet.Field.newBuilder()
                                            .addLengthDelimited(ByteString.copyFrom(groups))
                                            .build())
                            .build()
                            .toByteArray());
            assertThatThrownBy(() -> SendRequestReader.read(deep))
                    .isInstanceOfSatisfying(MalformedPayload.class, refused -> {
                        assertThat(refused.requestId()).isEqualTo("m-1");
                        assertThat(refused).hasMessage("The field content is nested deeper than 64.");
                    });
        }
    }

    private static byte[] part(byte[] content) {
        return UnknownFieldSet.newBuilder()
                .addField(
                        SendRequest.CONTENT_FIELD_NUMBER,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFrom(content))
                                .build())
                .build()
                .toByteArray();
    }

    private static byte[] joined(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    private static byte[] damaged(byte[] bytes, Random random) {
        byte[] twice = joined(bytes, bytes);
        byte[] changed = random.nextBoolean() ? bytes : twice;
        for (int flips = random.nextInt(4); flips > 0; flips--) {
            changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(5) == 0 ? Arrays.copyOf(changed, random.nextInt(changed.length + 1)) : changed;
    }

    private static SendRequest parsed(byte[] bytes) {
        try {
            return SendRequest.parseFrom(bytes);
        } catch (InvalidProtocolBufferException malformed) {
            return null;
        }
    }

    private static Send read(byte[] bytes) {
        try {
            return SendRequestReader.read(bytes);
        } catch (MalformedPayload malformed) {
            return null;
        }
    }

    private static Content content(Send send) {
        try {
            return Content.parseFrom(send.content());
        } catch (InvalidProtocolBufferException malformed) {
            throw new AssertionError(malformed);
        }
    }
}
