package io.hongyan.im.adapter.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import io.hongyan.protocol.v1.PullRequest;
import io.hongyan.protocol.v1.SendRequest;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
final class JsonTest {
    @Test
    void bothSpellingsOfANameAreRead() throws Exception {
        for (String name : new String[] {"clientMessageId", "client_message_id"}) {
            SendRequest.Builder request = SendRequest.newBuilder();
            Json.read(bytes("{\"" + name + "\":\"m\",\"to\":{\"kind\":\"DIRECT\",\"id\":\"bob\"}}"), request);
            assertThat(request.getClientMessageId()).isEqualTo("m");
            assertThat(request.getTo().getId()).isEqualTo("bob");
        }
    }

    @Test
    void anEmptyPayloadIsTheEmptyMessage() throws Exception {
        SendRequest.Builder request = SendRequest.newBuilder();
        Json.read(new byte[0], request);
        assertThat(request.build()).isEqualTo(SendRequest.getDefaultInstance());
    }

    @Test
    void whatIsNotTheMappingIsRefused() {
        for (String text : new String[] {
            "nonsense",
            "[]",
            "7",
            "\"x\"",
            "{",
            "{\"clientMessageID\":\"m\"}",
            "{\"to\":{\"kind\":\"NOBODY\"}}",
            "{\"to\":7}",
            "{\"clientMessageId\":{}}"
        }) {
            assertRefused(bytes(text), SendRequest.newBuilder());
        }
        assertRefused(new byte[] {'{', (byte) 0xc3, '}'}, SendRequest.newBuilder());
    }

    @Test
    void hugeNumbersAndDeepNestingAreRefusedQuickly() {
        assertRefused(bytes("{\"afterSeq\":1e1000000000}"), PullRequest.newBuilder());
        assertRefused(bytes("{\"limit\":1e1000000000}"), PullRequest.newBuilder());
        assertRefused(bytes("{\"limit\":" + "9".repeat(500_000) + "}"), PullRequest.newBuilder());
        assertRefused(bytes("[".repeat(500_000)), PullRequest.newBuilder());
        assertRefused(bytes("{\"content\":".repeat(50_000)), SendRequest.newBuilder());
    }

    private static void assertRefused(byte[] payload, com.google.protobuf.Message.Builder into) {
        assertThatThrownBy(() -> Json.read(payload, into)).isInstanceOf(InvalidProtocolBufferException.class);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
