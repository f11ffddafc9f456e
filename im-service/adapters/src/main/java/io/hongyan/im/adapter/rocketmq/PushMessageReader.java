package io.hongyan.im.adapter.rocketmq;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.hongyan.im.adapter.rocketmq.PushMessage.Readable;
import io.hongyan.im.adapter.rocketmq.PushMessage.Unreadable;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.push.Push;
import io.hongyan.im.core.push.PushMode;
import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.Content.BodyCase;
import io.hongyan.protocol.v1.PushRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Reads pushes in protobuf or, where the body begins with a brace, in JSON: no protobuf of a push begins with one. */
final class PushMessageReader {
    private static final JsonFormat.Parser PARSER = JsonFormat.parser();
    private static final int REASON_CHARACTERS_MAX = 200;

    private final int bytesMax;

    PushMessageReader(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** @param body null for none, as the client has it */
    PushMessage read(byte[] body) {
        if (body == null || body.length == 0) {
            return new Unreadable("", Refusal.MALFORMED, "The message is empty.");
        }
        if (body.length > bytesMax) {
            return new Unreadable("", Refusal.TOO_LARGE, "A message may have at most " + bytesMax + " bytes.");
        }
        PushRequest request;
        try {
            request = body[0] == '{' ? json(body) : PushRequest.parseFrom(body);
        } catch (InvalidProtocolBufferException malformed) {
            return new Unreadable("", Refusal.MALFORMED, "The message is no PushRequest: " + reason(malformed) + '.');
        } catch (RuntimeException | StackOverflowError malformed) {
            // A message that ends the process would end it again at the next start.
            return new Unreadable("", Refusal.MALFORMED, "The message is no PushRequest.");
        }
        return push(request);
    }

    private static PushRequest json(byte[] body) throws InvalidProtocolBufferException {
        PushRequest.Builder request = PushRequest.newBuilder();
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            PARSER.merge(text, request);
        } catch (CharacterCodingException malformed) {
            throw new InvalidProtocolBufferException("it is not UTF-8");
        }
        return request.build();
    }

    private static PushMessage push(PushRequest request) {
        String id = request.getPushId();
        Content content = request.getContent();
        if (!request.getUnknownFields().asMap().isEmpty()) {
            return new Unreadable(id, Refusal.MALFORMED, "The message has fields that are not known here.");
        }
        if (request.getEverybody() != request.getToList().isEmpty()) {
            return new Unreadable(id, Refusal.MALFORMED, "Give either users in the field to, or everybody.");
        }
        PushMode mode = mode(request.getMode());
        if (mode == null) {
            return new Unreadable(id, Refusal.MALFORMED, "The field mode takes store or online_only.");
        }
        // Content that only newer servers know is passed on as it is.
        if (content.getBodyCase() == BodyCase.BODY_NOT_SET
                && content.getUnknownFields().asMap().isEmpty()) {
            return new Unreadable(id, Refusal.MALFORMED, "The field content is empty.");
        }
        if (content.hasGroupChange()) {
            return new Unreadable(id, Refusal.NOT_ALLOWED, "Only the server writes changes of groups.");
        }
        List<String> recipients = request.getEverybody() ? null : request.getToList();
        return new Readable(new Push(id, request.getChannel(), recipients, mode, content.toByteArray()));
    }

    /** Null where there is no such mode. */
    private static PushMode mode(String name) {
        return switch (name) {
            case "", "store" -> PushMode.STORE;
            case "online_only" -> PushMode.ONLINE_ONLY;
            default -> null;
        };
    }

    /** In a line, printable: some of it is what the author wrote. */
    private static String reason(InvalidProtocolBufferException malformed) {
        String words = malformed.getMessage().replaceAll("[^\\x20-\\x7e]+", " ").strip();
        String cut = words.substring(0, Math.min(words.length(), REASON_CHARACTERS_MAX));
        return cut.endsWith(".") ? cut.substring(0, cut.length() - 1) : cut;
    }
}
