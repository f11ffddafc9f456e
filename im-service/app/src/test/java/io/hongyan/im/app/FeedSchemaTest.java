package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hongyan.im.adapter.feed.JsonFeedEncoding;
import io.hongyan.im.adapter.mqtt.MessageChangeEncoder;
import io.hongyan.im.app.client.SchemaCheck;
import io.hongyan.im.core.feed.EventDraft;
import io.hongyan.im.core.feed.FeedBody;
import io.hongyan.im.core.feed.FeedBody.Occurred;
import io.hongyan.im.core.feed.FeedEvent;
import io.hongyan.im.core.feed.SessionEnd;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.ReactionCount;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.MessageChange;
import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.Text;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Events of every sort are as the OpenAPI description says, also where most of their fields are left out. */
@Timeout(60)
final class FeedSchemaTest {
    private static final DeviceKey DEVICE = new DeviceKey("alice", "android:phone");
    private static final ConnectionKey CONNECTION = new ConnectionKey("gate-x", 7);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<Occurred> BODIES = List.of(
            new FeedBody.SessionOpened(DEVICE, "android", CONNECTION, 5),
            new FeedBody.SessionClosed(DEVICE, CONNECTION, SessionEnd.LOST),
            new FeedBody.SessionKicked(DEVICE, CONNECTION, "ios:other"),
            new FeedBody.Receipt("alice", Conversation.direct("alice", "bob"), 7, 0),
            new FeedBody.Reported("alice", "android:phone", "telemetry", new byte[] {0, -1, 7}),
            new FeedBody.Reported("alice", "android:phone", "telemetry", new byte[0]),
            new FeedBody.PushFinished("p1", 0, 0, 0, 0, 0),
            new FeedBody.PushUnreached("p1", List.of("bob"), List.of()),
            new FeedBody.PushRefused("", Refusal.EXISTS, "There is another push of this id.", "7F0001"),
            new FeedBody.PushAcknowledged("p1", "alice", "android:phone"),
            new FeedBody.NodeStarted("gate"));

    private static SchemaCheck check;

    @BeforeAll
    static void describe(@TempDir Path directory) throws Exception {
        try (RunningServer server = RunningServer.start(directory)) {
            check = new SchemaCheck(
                    JSON.readTree(server.http("GET", "/v1/openapi.json").body()));
        }
    }

    @Test
    void everySortOfEventIsAsDescribed() throws Exception {
        assertThat(BODIES.stream().map(Object::getClass).collect(Collectors.toSet()))
                .as("this test has all of them")
                .isEqualTo(Set.of(Occurred.class.getPermittedSubclasses()));
        for (Occurred body : BODIES) {
            check.component("FeedEvent", json(FeedEvent.of(12, new EventDraft(99, body))));
        }
        for (SessionEnd why : SessionEnd.values()) {
            FeedBody.SessionClosed closed = new FeedBody.SessionClosed(DEVICE, CONNECTION, why);
            check.component("FeedEvent", json(FeedEvent.of(12, new EventDraft(99, closed))));
        }
    }

    @Test
    void messagesOfEveryConversationAndContentAreAsDescribed() throws Exception {
        byte[] known = content(Text.newBuilder().setText("hello"));
        byte[] empty = content(Text.newBuilder());
        byte[] unknownKind = {(byte) 0xFA, 0x3F, 1, 'x'};
        byte[] damaged = {0x0A, 0x7F, 1};
        for (byte[] content : List.of(known, empty, unknownKind, damaged)) {
            for (Conversation conversation : List.of(
                    Conversation.direct("alice", "bob"), Conversation.group("g"), Conversation.system("s", "bob"))) {
                FeedEvent event = FeedEvent.of(
                        new StoredMessage(conversation, 3, 2, "alice", "android:phone", "c1", 99, content));
                check.component("FeedEvent", json(event));
            }
        }
    }

    @Test
    void changesOfMessagesAreAsDescribedAndSoIsARecalledMessage() throws Exception {
        MessageChangeEncoder encoder = new MessageChangeEncoder();
        byte[] text = content(Text.newBuilder().setText("hello"));
        byte[] own = {(byte) 0xCA, 0x3E, 1, 'x'};
        List<byte[]> contents = new ArrayList<>(List.of(new byte[0]));
        for (MessageChange change : List.of(
                new MessageChange.Recalled(1),
                new MessageChange.Edited(1, text, 0),
                new MessageChange.Edited(1, own, 0),
                new MessageChange.Reacted(1, "👍", false),
                new MessageChange.Reacted(1, "👍", true),
                new MessageChange.ReactionsCounted(1, List.of(new ReactionCount("👍", 1_000))),
                new MessageChange.ReactionsCounted(1, List.of()),
                new MessageChange.Pinned(1, true),
                new MessageChange.Pinned(1, false))) {
            contents.add(encoder.encode(change));
        }
        contents.add(encoder.withoutCopyOf(1, encoder.encode(new MessageChange.Edited(1, text, 0))));
        for (byte[] content : contents) {
            check.component(
                    "FeedEvent",
                    json(FeedEvent.of(new StoredMessage(
                            Conversation.group("g"), 3, 2, "alice", "android:phone", "c1", 99, content))));
        }
    }

    private static JsonNode json(FeedEvent event) throws Exception {
        return JSON.readTree(new JsonFeedEncoding().encode(event));
    }

    private static byte[] content(Text.Builder text) {
        return Content.newBuilder().setText(text).build().toByteArray();
    }
}
