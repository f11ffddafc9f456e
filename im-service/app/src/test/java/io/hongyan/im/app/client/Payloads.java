package io.hongyan.im.app.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.InvalidProtocolBufferException;
import io.hongyan.im.app.client.ChatClient.Received;
import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.InboxEntry;
import io.hongyan.protocol.v1.Message;
import io.hongyan.protocol.v1.Peer;
import io.hongyan.protocol.v1.SendRequest;
import io.hongyan.protocol.v1.Text;

/** Requests and entries in both encodings. */
public final class Payloads {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Payloads() {}

    public static SendRequest send(String id, String to, String text) {
        return SendRequest.newBuilder()
                .setClientMessageId(id)
                .setTo(Peer.newBuilder().setKind(Peer.Kind.DIRECT).setId(to))
                .setContent(Content.newBuilder().setText(Text.newBuilder().setText(text)))
                .build();
    }

    public static SendRequest sendToGroup(String id, String group, String text) {
        return send(id, group, text).toBuilder()
                .setTo(Peer.newBuilder().setKind(Peer.Kind.GROUP).setId(group))
                .build();
    }

    /** Written by a JSON library that knows nothing of protobuf. */
    public static String sendJson(String id, String to, String text) {
        var request = JSON.createObjectNode().put("clientMessageId", id);
        request.putObject("to").put("kind", "DIRECT").put("id", to);
        request.putObject("content").putObject("text").put("text", text);
        return request.toString();
    }

    static String command(String id, String to, String text) {
        return JSON.createObjectNode()
                .put("id", id)
                .put("to", to)
                .put("text", text)
                .toString();
    }

    /** Null for an event. */
    static Received received(byte[] entryBytes) {
        try {
            InboxEntry entry = InboxEntry.parseFrom(entryBytes);
            if (!entry.hasMessage()) {
                return null;
            }
            Message message = entry.getMessage();
            return new Received(
                    entry.getSeq(),
                    message.getFrom(),
                    message.getClientMessageId(),
                    message.getContent().getText().getText(),
                    message.getSeq());
        } catch (InvalidProtocolBufferException malformed) {
            throw new AssertionError(malformed);
        }
    }

    /** Null for an event. */
    static Received receivedJson(String entryText) {
        try {
            JsonNode entry = JSON.readTree(entryText);
            JsonNode message = entry.get("message");
            return message == null
                    ? null
                    : new Received(
                            entry.get("seq").asLong(),
                            message.get("from").asText(),
                            message.get("clientMessageId").asText(),
                            message.at("/content/text/text").asText(),
                            message.get("seq").asLong());
        } catch (JsonProcessingException malformed) {
            throw new AssertionError(malformed);
        }
    }
}
