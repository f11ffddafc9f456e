package io.hongyan.im.adapter.rocketmq;

import com.google.protobuf.InvalidProtocolBufferException;
import io.hongyan.im.adapter.rocketmq.PushMessage.Readable;
import io.hongyan.im.adapter.rocketmq.PushMessage.Unreadable;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.push.Push;
import io.hongyan.im.core.push.PushMode;
import io.hongyan.protocol.ContentCheck;
import io.hongyan.protocol.json.JsonFault;
import io.hongyan.protocol.json.JsonMessages;
import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.PushRequest;
import java.util.List;

/** Reads pushes in protobuf or, if the body begins with a brace, in JSON: no protobuf of a push begins with one. */
final class PushMessageReader {
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
        PushRequest.Builder request = PushRequest.newBuilder();
        try {
            if (body[0] == '{') {
                JsonMessages.read(body, request);
            } else {
                request.mergeFrom(body);
            }
            return push(request.build());
        } catch (JsonFault malformed) {
            return unreadable(request, malformed.getMessage());
        } catch (InvalidProtocolBufferException malformed) {
            return unreadable(request, "It is not protobuf.");
        } catch (RuntimeException | StackOverflowError malformed) {
            // A message that ends the process would end it again at the next start.
            return unreadable(request, "");
        }
    }

    private static PushMessage unreadable(PushRequest.Builder partly, String why) {
        return new Unreadable(partly.getPushId(), Refusal.MALFORMED, ("The message is no PushRequest. " + why).strip());
    }

    private static PushMessage push(PushRequest request) {
        String id = request.getPushId();
        Content content = request.getContent();
        if (!request.getUnknownFields().asMap().isEmpty()) {
            return new Unreadable(id, Refusal.MALFORMED, "The message has unknown fields.");
        }
        if (request.getEverybody() != request.getToList().isEmpty()) {
            return new Unreadable(id, Refusal.MALFORMED, "Give either users in the field to, or everybody.");
        }
        PushMode mode = mode(request.getMode());
        if (mode == null) {
            return new Unreadable(id, Refusal.MALFORMED, "The field mode takes STORE or ONLINE_ONLY.");
        }
        // Content that only newer servers know is passed on unchanged.
        byte[] encoded = content.toByteArray();
        if (encoded.length == 0) {
            return new Unreadable(id, Refusal.MALFORMED, "The field content is empty.");
        }
        try {
            if (ContentCheck.check(encoded) == ContentCheck.BY_SERVER) {
                return new Unreadable(
                        id, Refusal.NOT_ALLOWED, "The content contains something that only the server may write.");
            }
        } catch (InvalidProtocolBufferException fault) {
            return new Unreadable(id, Refusal.MALFORMED, fault.getMessage());
        }
        List<String> recipients = request.getEverybody() ? null : request.getToList();
        return new Readable(new Push(id, request.getChannel(), recipients, mode, encoded));
    }

    /** Null if there is no such mode. */
    private static PushMode mode(String name) {
        return switch (name) {
            case "", "STORE", "store" -> PushMode.STORE;
            case "ONLINE_ONLY", "online_only" -> PushMode.ONLINE_ONLY;
            default -> null;
        };
    }
}
