package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.hongyan.im.app.client.LineProgram;
import io.hongyan.im.app.client.MosquittoClient;
import io.hongyan.im.app.client.PahoClient;
import io.hongyan.im.app.client.Programs;
import io.hongyan.protocol.ContentCheck;
import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.CustomSignal;
import io.hongyan.protocol.v1.Image;
import io.hongyan.protocol.v1.Merged;
import io.hongyan.protocol.v1.Message;
import io.hongyan.protocol.v1.Notice;
import io.hongyan.protocol.v1.Peer;
import io.hongyan.protocol.v1.PeerSignal;
import io.hongyan.protocol.v1.Quote;
import io.hongyan.protocol.v1.SendAck;
import io.hongyan.protocol.v1.SendRequest;
import io.hongyan.protocol.v1.Signal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BiFunction;
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

    /** Each parses what it is told to send, writes it again, and parses what the other has sent. */
    @Test
    void theDeepestContentIsReadAndWrittenByStockProtobufOfOtherLanguages() throws Exception {
        Path description = directory.resolve("client.desc");
        Files.write(
                description,
                FileDescriptorSet.newBuilder()
                        .addFile(Message.getDescriptor().getFile().toProto())
                        .addFile(SendRequest.getDescriptor().getFile().toProto())
                        .build()
                        .toByteArray());
        List<Content> deepest = List.of(mergedTo(ContentCheck.DEPTH_MAX), unknownGroups(), unknownMessages());
        try (LineProgram python = Programs.pythonProtobuf(server, "python", description);
                LineProgram node = Programs.nodeProtobuf(server, "node", description)) {
            python.awaitLine("ready");
            node.awaitLine("ready");
            for (int i = 0; i < deepest.size(); i++) {
                String hex = HexFormat.of().formatHex(deepest.get(i).toByteArray());
                python.write("p" + i + " node " + hex);
                python.awaitLine("acked p" + i);
                node.write("n" + i + " python " + hex);
                node.awaitLine("acked n" + i);
                assertThat(content(node.awaitLine("content p" + i + " .*"))).isEqualTo(deepest.get(i));
                assertThat(content(python.awaitLine("content n" + i + " .*"))).isEqualTo(deepest.get(i));
            }
        }
        for (Content deep : deepest) {
            assertThatThrownBy(() -> ContentCheck.check(merged(deep).toByteArray()))
                    .hasMessage("The field content is nested deeper than 64.");
        }
    }

    private static Content content(String line) throws InvalidProtocolBufferException {
        return Content.parseFrom(HexFormat.of().parseHex(line.substring(line.lastIndexOf(' ') + 1)));
    }

    private static Content merged(Content inner) {
        return Content.newBuilder()
                .setMerged(Merged.newBuilder()
                        .setTitle("t")
                        .addItems(Merged.Item.newBuilder().setName("n").setContent(inner)))
                .build();
    }

    /** Each one within another is three deeper; the innermost has a body that only an application knows. */
    private static Content mergedTo(int depth) {
        return depth <= 3 ? body(UnknownFieldSet.Field.newBuilder().addVarint(1)) : merged(mergedTo(depth - 3));
    }

    private static Content body(UnknownFieldSet.Field.Builder field) {
        return Content.newBuilder()
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(1_000, field.build())
                        .build())
                .build();
    }

    private static Content unknownGroups() {
        return unknown((field, inner) -> field.addGroup(inner));
    }

    private static Content unknownMessages() {
        return unknown((field, inner) -> field.addLengthDelimited(inner.toByteString()));
    }

    private static Content unknown(BiFunction<UnknownFieldSet.Field.Builder, UnknownFieldSet, ?> nest) {
        Content content = Content.getDefaultInstance();
        for (int depth = ContentCheck.DEPTH_MAX; depth > 1; depth--) {
            UnknownFieldSet.Field.Builder field = UnknownFieldSet.Field.newBuilder();
            nest.apply(field, content.getUnknownFields());
            content = body(field);
        }
        return content;
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
