package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.hongyan.im.app.client.MosquittoClient;
import io.hongyan.im.app.client.PahoClient;
import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.CustomSignal;
import io.hongyan.protocol.v1.Image;
import io.hongyan.protocol.v1.Notice;
import io.hongyan.protocol.v1.Peer;
import io.hongyan.protocol.v1.PeerSignal;
import io.hongyan.protocol.v1.Quote;
import io.hongyan.protocol.v1.SendAck;
import io.hongyan.protocol.v1.SendRequest;
import io.hongyan.protocol.v1.Signal;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Messages that are more than text, between clients of both encodings. */
@Tag("servers")
@Timeout(120)
final class ContentTest {
    private static final Peer BOB =
            Peer.newBuilder().setKind(Peer.Kind.DIRECT).setId("bob").build();

    @TempDir
    Path directory;

    private RunningServer server;

    @BeforeEach
    void start() throws Exception {
        server = RunningServer.start(directory);
        server.token("bob");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static byte[] send(String id, Content content) {
        return SendRequest.newBuilder()
                .setClientMessageId(id)
                .setTo(BOB)
                .setContent(content)
                .build()
                .toByteArray();
    }

    @Test
    void whatOneSendsInProtobufTheOtherReadsInJson() throws Exception {
        Content image = Content.newBuilder()
                .setImage(Image.newBuilder().setFileId("f-1").setWidth(640).setHeight(480))
                .setReplyTo(Quote.newBuilder().setSeq(1).setFrom("bob").setExcerpt("show me"))
                .addMentions("bob")
                .build();
        Content poll = Content.newBuilder()
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                1_000,
                                UnknownFieldSet.Field.newBuilder()
                                        .addLengthDelimited(ByteString.copyFromUtf8("a poll"))
                                        .build())
                        .build())
                .build();
        try (PahoClient alice = PahoClient.online(server, "alice:ios:a");
                MosquittoClient bob = new MosquittoClient(server, "bob", "5")) {
            alice.publish("im/send", send("m1", image));
            alice.publish("im/send", send("m2", poll));

            String history = bob.ask(
                    "json/im/call/history", "{\"requestId\":\"h\",\"peer\":{\"kind\":\"DIRECT\",\"id\":\"alice\"}}");

            assertThat(history)
                    .contains(
                            "\"content\":{\"image\":{\"fileId\":\"f-1\",\"width\":640,\"height\":480},"
                                    + "\"replyTo\":{\"seq\":\"1\",\"from\":\"bob\",\"excerpt\":\"show me\"},\"mentions\":[\"bob\"]}")
                    .contains("\"content\":{\"encoded\":\""
                            + Base64.getEncoder().encodeToString(poll.toByteArray()) + "\"}");
        }
    }

    @Test
    void contentWithoutWhatItNeedsIsRefusedWithTheField() throws Exception {
        try (PahoClient alice = PahoClient.online(server, "alice:ios:a")) {
            alice.publish(
                    "im/send",
                    send("m1", Content.newBuilder().setImage(Image.newBuilder()).build()));

            await().until(() -> !alice.others("reply").isEmpty());
            SendAck refused = SendAck.parseFrom(alice.others("reply").get(0));
            assertThat(refused.getClientMessageId()).isEqualTo("m1");
            assertThat(refused.getReason()).isEqualTo("The field fileId of Image is missing.");
        }
    }

    @Test
    void applicationsHaveSignalsOfTheirOwn() throws Exception {
        CustomSignal move = CustomSignal.newBuilder()
                .setType("game.move")
                .setData(ByteString.copyFrom(new byte[] {0, -1}))
                .build();
        try (PahoClient alice = PahoClient.online(server, "alice:ios:a");
                PahoClient bob = PahoClient.online(server, "bob:ios:b")) {
            alice.publish(
                    "im/signal",
                    Signal.newBuilder().setTo(BOB).setCustom(move).build().toByteArray());

            await().until(() -> bob.others("notice").stream().anyMatch(ContentTest::isSignal));
            PeerSignal seen = bob.others("notice").stream()
                    .filter(ContentTest::isSignal)
                    .map(ContentTest::notice)
                    .findFirst()
                    .orElseThrow()
                    .getSignal();
            assertThat(seen.getFrom()).isEqualTo("alice");
            assertThat(seen.getCustom()).isEqualTo(move);
        }
    }

    private static boolean isSignal(byte[] notice) {
        return notice(notice).hasSignal();
    }

    private static Notice notice(byte[] notice) {
        try {
            return Notice.parseFrom(notice);
        } catch (InvalidProtocolBufferException broken) {
            throw new AssertionError(broken);
        }
    }
}
