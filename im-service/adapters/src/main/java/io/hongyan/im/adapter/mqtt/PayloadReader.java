package io.hongyan.im.adapter.mqtt;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.hongyan.im.adapter.mqtt.SendRequestReader.Send;
import io.hongyan.protocol.json.JsonFault;
import io.hongyan.protocol.json.JsonMessages;
import io.hongyan.protocol.v1.SendRequest;

/**
 * Reads what clients publish, in either encoding. Of a payload that is not what it should be, the id that the request gives
 * itself is known where it stands before the fault.
 */
final class PayloadReader {
    private static final String NOT_PROTOBUF = "The payload is not the protobuf message that this topic takes.";
    private static final String CLIENT_MESSAGE_ID = "client_message_id";
    private static final String REQUEST_ID = "request_id";
    private static final String PROTOCOL_VERSION = "protocol_version";

    private PayloadReader() {}

    /** An empty payload is the empty message, in both encodings. */
    static <B extends Message.Builder> B read(PayloadEncoding encoding, byte[] payload, B builder)
            throws MalformedPayload {
        if (payload.length == 0) {
            return builder;
        }
        try {
            if (encoding == PayloadEncoding.JSON) {
                JsonMessages.read(payload, builder);
            } else {
                builder.mergeFrom(payload);
            }
            return builder;
        } catch (JsonFault fault) {
            throw new MalformedPayload(fault.getMessage(), requestId(builder));
        } catch (InvalidProtocolBufferException fault) {
            throw new MalformedPayload(NOT_PROTOBUF, requestId(builder));
        }
    }

    static Send readSend(PayloadEncoding encoding, byte[] payload) throws MalformedPayload {
        if (encoding == PayloadEncoding.BINARY) {
            return SendRequestReader.read(payload);
        }
        SendRequest.Builder request = read(encoding, payload, SendRequest.newBuilder());
        return SendRequestReader.checked(
                request.getClientMessageId(),
                request.getTo(),
                request.getContent().toByteArray());
    }

    /** Of a call; 0 where it is not told, or its type has no such field. */
    static int protocolVersion(Message.Builder call) {
        FieldDescriptor version = call.getDescriptorForType().findFieldByName(PROTOCOL_VERSION);
        return version == null ? 0 : (Integer) call.getField(version);
    }

    static String requestId(Message.Builder partly) {
        FieldDescriptor id = partly.getDescriptorForType().findFieldByName(REQUEST_ID);
        if (id == null) {
            id = partly.getDescriptorForType().findFieldByName(CLIENT_MESSAGE_ID);
        }
        return id == null ? "" : (String) partly.getField(id);
    }
}
