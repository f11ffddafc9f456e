package io.hongyan.im.app.fuzz;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.hongyan.protocol.json.JsonFault;
import io.hongyan.protocol.json.JsonMessages;
import io.hongyan.protocol.v1.ConversationsRequest;
import io.hongyan.protocol.v1.EditRequest;
import io.hongyan.protocol.v1.HistoryRequest;
import io.hongyan.protocol.v1.MembersRequest;
import io.hongyan.protocol.v1.PinMessageRequest;
import io.hongyan.protocol.v1.PullRequest;
import io.hongyan.protocol.v1.ReactRequest;
import io.hongyan.protocol.v1.ReadMark;
import io.hongyan.protocol.v1.RecallRequest;
import io.hongyan.protocol.v1.ReceiptsRequest;
import io.hongyan.protocol.v1.SendRequest;
import io.hongyan.protocol.v1.Signal;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The strict reader of JSON: what it accepts, the lenient reader of protobuf's own library accepts too and for the same
 * message. The first byte says which message is read.
 */
public final class JsonTarget {
    private static final List<Message> MESSAGES = List.of(
            SendRequest.getDefaultInstance(),
            ReadMark.getDefaultInstance(),
            Signal.getDefaultInstance(),
            PullRequest.getDefaultInstance(),
            HistoryRequest.getDefaultInstance(),
            ConversationsRequest.getDefaultInstance(),
            MembersRequest.getDefaultInstance(),
            ReceiptsRequest.getDefaultInstance(),
            RecallRequest.getDefaultInstance(),
            EditRequest.getDefaultInstance(),
            ReactRequest.getDefaultInstance(),
            PinMessageRequest.getDefaultInstance());

    private JsonTarget() {}

    public static void fuzzerTestOneInput(byte[] input) throws InvalidProtocolBufferException {
        if (input.length == 0) {
            return;
        }
        Message kind = MESSAGES.get((input[0] & 0xff) % MESSAGES.size());
        byte[] json = new byte[input.length - 1];
        System.arraycopy(input, 1, json, 0, json.length);
        Message.Builder ours = kind.newBuilderForType();
        try {
            JsonMessages.read(json, ours);
        } catch (JsonFault refused) {
            if (refused.getMessage().isBlank()) {
                throw new AssertionError("a refusal without a reason");
            }
            return;
        }
        Message.Builder library = kind.newBuilderForType();
        JsonFormat.parser().merge(new String(json, StandardCharsets.UTF_8), library);
        if (!ours.build().equals(library.build())) {
            throw new AssertionError("two readers, two messages: " + ours + " and " + library);
        }
    }
}
