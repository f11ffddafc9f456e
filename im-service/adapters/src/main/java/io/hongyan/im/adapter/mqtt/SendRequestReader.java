package io.hongyan.im.adapter.mqtt;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.hongyan.protocol.ContentCheck;
import io.hongyan.protocol.v1.Peer;
import io.hongyan.protocol.v1.SendRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * Reads a {@code SendRequest} from bytes, taking the content as it came: content types that this server does not know
 * pass through it unchanged. Otherwise the same as the generated class.
 */
final class SendRequestReader {
    private static final int ID = tag(SendRequest.CLIENT_MESSAGE_ID_FIELD_NUMBER);
    private static final int TO = tag(SendRequest.TO_FIELD_NUMBER);
    private static final int CONTENT = tag(SendRequest.CONTENT_FIELD_NUMBER);
    private static final byte[] NOTHING = {};

    private String id = "";
    private Peer to;
    private byte[] content = NOTHING;
    private long checked;
    /** Null as long as the content came in one part. */
    private ByteArrayOutputStream parts;

    private SendRequestReader() {}

    /**
     * @param content encoded {@code Content}
     * @param quotedSeq number of the message that it answers, 0 = none, {@link ContentCheck#BY_SERVER} if something is in
     *     it that only the server writes
     */
    record Send(String clientMessageId, Peer to, byte[] content, long quotedSeq) {
        boolean byServer() {
            return quotedSeq == ContentCheck.BY_SERVER;
        }
    }

    static Send read(byte[] payload) throws MalformedPayload {
        SendRequestReader reader = new SendRequestReader();
        try {
            reader.read(CodedInputStream.newInstance(payload));
        } catch (ContentFault fault) {
            throw new MalformedPayload(fault.getMessage(), reader.id);
        } catch (IOException malformed) {
            throw new MalformedPayload("The payload is not a SendRequest in protobuf.", reader.id);
        }
        Peer to = reader.to == null ? Peer.getDefaultInstance() : reader.to;
        return reader.parts == null
                ? new Send(reader.id, to, reader.content, reader.checked)
                : checked(reader.id, to, reader.parts.toByteArray());
    }

    /** What a receiver could not parse must not be stored. */
    static Send checked(String id, Peer to, byte[] content) throws MalformedPayload {
        try {
            return new Send(id, to, content, ContentCheck.check(content));
        } catch (InvalidProtocolBufferException fault) {
            throw new MalformedPayload(fault.getMessage(), id);
        }
    }

    private void read(CodedInputStream in) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == ID) {
                id = in.readStringRequireUtf8();
            } else if (tag == TO) {
                to = readPeer(in, to);
            } else if (tag == CONTENT) {
                readContent(in.readByteArray());
            } else if (!in.skipField(tag)) {
                throw new InvalidProtocolBufferException("an end of group without its start");
            }
        }
    }

    /** Encoded messages one behind the other are the encoding of the two merged; each has to be sound, and so has the whole. */
    private void readContent(byte[] part) throws ContentFault {
        try {
            checked = ContentCheck.check(part);
        } catch (InvalidProtocolBufferException fault) {
            throw new ContentFault(fault.getMessage());
        }
        if (content.length == 0) {
            content = part;
            return;
        }
        if (parts == null) {
            parts = new ByteArrayOutputStream();
            parts.writeBytes(content);
        }
        parts.writeBytes(part);
    }

    private static final class ContentFault extends IOException {
        private static final long serialVersionUID = 1;

        ContentFault(String sentence) {
            super(sentence);
        }
    }

    /** Fields of one message that come apart are merged. */
    private static Peer readPeer(CodedInputStream in, Peer before) throws IOException {
        if (before == null) {
            return in.readMessage(Peer.parser(), ExtensionRegistryLite.getEmptyRegistry());
        }
        Peer.Builder merged = before.toBuilder();
        in.readMessage(merged, ExtensionRegistryLite.getEmptyRegistry());
        return merged.build();
    }

    private static int tag(int field) {
        return field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }
}
