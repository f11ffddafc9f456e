package io.hongyan.im.adapter.mqtt;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.hongyan.im.adapter.mqtt.SendRequestReader.Send;
import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.InboxEntry;
import io.hongyan.protocol.v1.Message;
import io.hongyan.protocol.v1.SendRequest;

/**
 * A {@code SendRequest} in protobuf: what is accepted, the generated classes accept too and for the same message, and
 * the stored content can be read inside its envelope and written as JSON. In this package to reach the reader.
 */
public final class SendTarget {
    private SendTarget() {}

    public static void fuzzerTestOneInput(byte[] input) throws InvalidProtocolBufferException {
        Send send;
        try {
            send = PayloadReader.readSend(PayloadEncoding.BINARY, input);
        } catch (MalformedPayload refused) {
            if (refused.getMessage().isBlank()) {
                throw new AssertionError("a refusal without a reason");
            }
            return;
        }
        SendRequest generated = SendRequest.parseFrom(input);
        Content content = Content.parseFrom(send.content());
        if (!generated.getClientMessageId().equals(send.clientMessageId())
                || !generated.getTo().equals(send.to())
                || !generated.getContent().equals(content)) {
            throw new AssertionError("two readers, two messages: " + send + " and " + generated);
        }
        byte[] stored = InboxEntry.newBuilder()
                .setSeq(Long.MAX_VALUE)
                .setMessage(Message.newBuilder().setSeq(1).setContent(content))
                .build()
                .toByteArray();
        JsonFormat.printer().print(InboxEntry.parseFrom(stored));
    }
}
