package io.hongyan.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.FeedEvent;
import io.hongyan.protocol.v1.GroupRole;
import io.hongyan.protocol.v1.Member;
import io.hongyan.protocol.v1.Peer;
import io.hongyan.protocol.v1.PullRequest;
import io.hongyan.protocol.v1.PushRequest;
import io.hongyan.protocol.v1.SendRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
final class JsonMessagesTest {
    private static final String SEND =
            "{\"clientMessageId\":\"m\",\"to\":{\"kind\":\"DIRECT\",\"id\":\"bob\"},\"content\":{\"text\":{\"text\":\"hi 鸿\\ud83d\\ude00\"}}}";

    @Test
    void bothSpellingsOfANameAreRead() throws Exception {
        for (String name : List.of("clientMessageId", "client_message_id")) {
            assertThat(send("{\"" + name + "\":\"m\"}").getClientMessageId()).isEqualTo("m");
        }
        assertThat(send(SEND).getContent().getText().getText()).isEqualTo("hi 鸿😀");
    }

    @Test
    void nestingIsLimitedForWhoeverReads() throws Exception {
        assertThat(tokensOfNested(JsonText.DEPTH_MAX)).isEqualTo(2 * JsonText.DEPTH_MAX);
        assertThatThrownBy(() -> tokensOfNested(JsonText.DEPTH_MAX + 1)).isInstanceOf(StreamConstraintsException.class);
    }

    private static int tokensOfNested(int depth) throws IOException {
        String text = "[".repeat(depth) + "]".repeat(depth);
        JsonParser in = JsonText.parser(text.getBytes(StandardCharsets.UTF_8));
        int tokens = 0;
        while (in.nextToken() != null) {
            tokens++;
        }
        return tokens;
    }

    @Test
    void nullIsAFieldThatIsNotThere() throws Exception {
        assertThat(send("{\"clientMessageId\":null,\"to\":null,\"content\":{\"text\":null}}")
                        .build())
                .isEqualTo(SendRequest.newBuilder()
                        .setContent(Content.getDefaultInstance())
                        .build());
        assertThat(push("{\"to\":null}").getToList()).isEmpty();
        assertThatThrownBy(() -> push("{\"to\":[\"a\",null]}")).hasMessage("The field to[1] takes a text.");
        Content content = (Content) read("{\"text\":null,\"groupChange\":{}}", Content.newBuilder());
        assertThat(content.hasGroupChange()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7|7",
                "\"7\"|7",
                "7.0|7",
                "70e-1|7",
                "\"7e0\"|7",
                "0.07e2|7",
                "-0|0",
                "0e999999|0",
                "9223372036854775807|9223372036854775807",
                "\"-9223372036854775808\"|-9223372036854775808"
            })
    void wholeNumbersAreReadInEverySpellingOfTheMapping(String written, long number) throws Exception {
        PullRequest read = (PullRequest) read("{\"afterSeq\":" + written + "}", PullRequest.newBuilder());
        assertThat(read.getAfterSeq()).isEqualTo(number);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9223372036854775808",
                "\"9223372036854775808\"",
                "-9223372036854775809",
                "7.5",
                "\"7.5\"",
                "\"\"",
                "\" 7\"",
                "\"+7\"",
                "\"07\"",
                "\"٧\"",
                "\"７\"",
                "1e19",
                "1e1000000000",
                "\"1e1000000000\"",
                "true",
                "[]",
                "{}",
                "\"NaN\""
            })
    void otherNumbersAreRefusedByName(String written) {
        assertThatThrownBy(() -> read("{\"afterSeq\":" + written + "}", PullRequest.newBuilder()))
                .isInstanceOf(JsonFault.class)
                .hasMessageContaining("afterSeq");
    }

    @Test
    void rangesAreThoseOfTheField() throws Exception {
        assertThat(((PullRequest) read("{\"limit\":2147483647}", PullRequest.newBuilder())).getLimit())
                .isEqualTo(Integer.MAX_VALUE);
        assertFault("{\"limit\":2147483648}", PullRequest.newBuilder(), "The field limit takes a whole number");
        assertFault("{\"limit\":\"-2147483649\"}", PullRequest.newBuilder(), "The field limit takes a whole number");
    }

    @Test
    void constantsComeByNameOrNumber() throws Exception {
        assertThat(((Peer) read("{\"kind\":2}", Peer.newBuilder())).getKind()).isEqualTo(Peer.Kind.GROUP);
        assertThat(((Peer) read("{\"kind\":77}", Peer.newBuilder())).getKindValue())
                .isEqualTo(77);
        assertThat(((Member) read("{\"role\":\"OWNER\"}", Member.newBuilder())).getRole())
                .isEqualTo(GroupRole.OWNER);
        assertFault("{\"kind\":\"direct\"}", Peer.newBuilder(), "The field kind takes one of KIND_UNSPECIFIED, DIRECT");
    }

    @Test
    void bytesComeInBase64() throws Exception {
        for (String text : List.of("-_8=", "+/8=", "-_8", "+/8")) {
            FeedEvent event = (FeedEvent) read("{\"report\":{\"payload\":\"" + text + "\"}}", FeedEvent.newBuilder());
            assertThat(event.getReport().getPayload()).isEqualTo(ByteString.copyFrom(new byte[] {(byte) 0xfb, -1}));
        }
        assertFault(
                "{\"report\":{\"payload\":\"%\"}}", FeedEvent.newBuilder(), "report.payload takes a text in base64");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "nonsense",
                "null",
                "[]",
                "7",
                "\"x\"",
                "{",
                "{}}",
                "{} {}",
                "{}x",
                "{}//c",
                "/*c*/{}",
                "{/**/}",
                "#c\n{}",
                "{'clientMessageId':\"m\"}",
                "{clientMessageId:\"m\"}",
                "{\"clientMessageId\":'m'}",
                "{\"clientMessageId\":m}",
                "{\"clientMessageId\":NaN}",
                "{\"clientMessageId\":\"m\",}",
                "{,\"clientMessageId\":\"m\"}",
                "{\"clientMessageId\":\"a\nb\"}",
                "{\"clientMessageId\":\"\\x41\"}",
                "{\"clientMessageId\":\"m\"\u00a0}",
                "\ufeff{}",
                "{\"clientMessageId\":7}",
                "{\"clientMessageId\":true}",
                "{\"clientMessageId\":{}}",
                "{\"clientMessageId\":[\"m\"]}",
                "{\"to\":7}",
                "{\"to\":[]}",
                "{\"content\":\"x\"}",
                "{\"clientMessageID\":\"m\"}",
                "{\"to\":{\"kind\":\"NOBODY\"}}",
                "{\"clientMessageId\":\"\\ud800\"}",
                "{\"clientMessageId\":\"\\udc00\\ud800\"}",
                "{\"clientMessageId\":\"\\ud83d\\ud83d\"}",
                "{\"clientMessageId\":\"\\ud83d\\u0041\"}",
                "{\"\\ud800\":1}",
                "{\"clientMessageId\":\"a\",\"clientMessageId\":\"b\"}",
                "{\"clientMessageId\":\"a\",\"client_message_id\":\"a\"}",
                "{\"to\":{},\"to\":{}}",
                "{\"to\":null,\"to\":{}}",
                "{\"content\":{\"text\":{},\"groupChange\":{}}}"
            })
    void whatIsNotTheMappingIsRefused(String text) {
        assertFault(text, SendRequest.newBuilder(), "");
    }

    @Test
    void anotherEncodingIsRefused() {
        assertThat(fault("{}".getBytes(StandardCharsets.UTF_16LE), SendRequest.newBuilder()))
                .isInstanceOf(JsonFault.class);
        assertThat(fault("{}".getBytes(StandardCharsets.UTF_16), SendRequest.newBuilder()))
                .isInstanceOf(JsonFault.class);
        byte[] latin = "{\"to\":{\"id\":\"\u00e9\"}}".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(fault(latin, SendRequest.newBuilder())).hasMessageContaining("to.id");
        byte[] surrogate = bytes("{\"to\":{\"id\":\"abc\"}}");
        int at = new String(surrogate, StandardCharsets.UTF_8).indexOf("abc");
        System.arraycopy(new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80}, 0, surrogate, at, 3);
        assertThat(fault(surrogate, SendRequest.newBuilder())).hasMessageContaining("to.id");
    }

    /** Overlong forms, and values above the last code point: a lenient reader takes them for other characters. */
    @ParameterizedTest
    @ValueSource(strings = {"c0af", "e080af", "f08080af", "f4908080", "eda080", "c3", "80", "ff"})
    void bytesThatAreNoCharacterAreRefused(String hex) throws Exception {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.write(bytes("{\"to\":{\"id\":\"a"));
        text.write(HexFormat.of().parseHex(hex));
        text.write(bytes("b\"}}"));
        assertThat(fault(text.toByteArray(), SendRequest.newBuilder())).hasMessageContaining("to.id");
    }

    @Test
    void theFieldIsNamed() {
        assertFault(
                SEND.replace("\"id\"", "\"ID\""),
                SendRequest.newBuilder(),
                "There is no field to.ID here; fields are kind, id.");
        assertFault(
                "{\"to\":{\"id\":\"a\",\"id\":\"b\"}}", SendRequest.newBuilder(), "The field to.id is given twice.");
        assertFault("{\"to\":{\"id\":7}}", SendRequest.newBuilder(), "The field to.id takes a text.");
        assertFault(
                "{\"to\":{\"id\":\"\\ud800\"}}",
                SendRequest.newBuilder(),
                "The field to.id has half of a surrogate pair.");
        assertFault("{\"to\":[\"a\",{}]}", PushRequest.newBuilder(), "The field to[1] takes a text.");
        assertFault("{\"to\":{\"id\":\"a\nb\"}}", SendRequest.newBuilder(), "in the field to.id.");
        assertFault("{} []", SendRequest.newBuilder(), "The body has something after its JSON object.");
        assertFault("{\"\\u0007é" + "x".repeat(500) + "\":1}", SendRequest.newBuilder(), "There is no field ??xxx");
    }

    @Test
    void whatStoodBeforeTheFaultIsThere() {
        for (String tail : List.of("\"to\":7}", "\"too\":7}", "\"to\":{\"id\":\"\\ud800\"}}", "\"to\":{}}}", "x", "")) {
            SendRequest.Builder into = SendRequest.newBuilder();
            assertThat(fault(bytes("{\"clientMessageId\":\"m\"," + tail), into)).isInstanceOf(JsonFault.class);
            assertThat(into.getClientMessageId()).as(tail).isEqualTo("m");
        }
        SendRequest.Builder twice = SendRequest.newBuilder();
        fault(bytes("{\"clientMessageId\":\"a\",\"client_message_id\":\"b\"}"), twice);
        assertThat(twice.getClientMessageId()).isEmpty();
    }

    @Test
    void sizeAndDepthCostWhatTheyWeigh() {
        assertFault("[".repeat(500_000), PullRequest.newBuilder(), "");
        assertFault("{\"content\":".repeat(100_000), SendRequest.newBuilder(), "content.content");
        assertFault("{\"limit\":" + "9".repeat(500_000) + "}", PullRequest.newBuilder(), "limit");
        assertFault("{\"" + "n".repeat(500_000) + "\":1}", PullRequest.newBuilder(), "");
        StringBuilder many = new StringBuilder("{");
        for (int i = 0; i < 100_000; i++) {
            many.append("\"a").append(i).append("\":0,");
        }
        assertFault(many + "\"b\":0}", PullRequest.newBuilder(), "There is no field a0 here");
    }

    /** Random damage to a valid text is read or refused with a sentence, never anything else. */
    @Test
    void damageIsRefusedInWords() {
        Random random = new Random(4_711);
        byte[] whole = bytes(SEND);
        for (int i = 0; i < 50_000; i++) {
            byte[] damaged = whole.clone();
            for (int j = 0; j <= random.nextInt(3); j++) {
                int at = random.nextInt(damaged.length);
                damaged[at] = random.nextBoolean() ? (byte) random.nextInt(256) : whole[random.nextInt(whole.length)];
            }
            Throwable fault = fault(damaged, SendRequest.newBuilder());
            if (fault != null) {
                assertThat(fault)
                        .as(new String(damaged, StandardCharsets.UTF_8))
                        .isInstanceOf(JsonFault.class);
                assertThat(fault.getMessage()).matches("[\\x20-\\x7e]{1,1000}");
            }
        }
    }

    /** This reader can read every field of the contract. */
    @Test
    void everyMessageOfTheContractCanBeRead() {
        List.of(
                        SendRequest.getDescriptor().getFile(),
                        Peer.getDescriptor().getFile(),
                        PushRequest.getDescriptor().getFile(),
                        FeedEvent.getDescriptor().getFile())
                .forEach(file -> file.getMessageTypes().forEach(JsonMessagesTest::assertReadable));
    }

    private static void assertReadable(Descriptor message) {
        assertThat(JsonFields.of(message).all()).isNotEmpty();
        for (FieldDescriptor field : message.getFields()) {
            assertThat(JsonFields.of(message).named(field.getName())).isSameAs(field);
        }
        message.getNestedTypes().forEach(JsonMessagesTest::assertReadable);
    }

    private static SendRequest.Builder send(String json) throws JsonFault {
        SendRequest.Builder into = SendRequest.newBuilder();
        JsonMessages.read(bytes(json), into);
        return into;
    }

    private static PushRequest.Builder push(String json) throws JsonFault {
        PushRequest.Builder into = PushRequest.newBuilder();
        JsonMessages.read(bytes(json), into);
        return into;
    }

    private static Message read(String json, Message.Builder into) throws JsonFault {
        JsonMessages.read(bytes(json), into);
        return into.build();
    }

    private static Throwable fault(byte[] json, Message.Builder into) {
        return catchThrowable(() -> JsonMessages.read(json, into));
    }

    private static void assertFault(String json, Message.Builder into, String words) {
        assertThat(fault(bytes(json), into))
                .as(json)
                .isInstanceOf(JsonFault.class)
                .hasMessageContaining(words);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
