package io.hongyan.im.adapter.mqtt;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.Peer;
import io.hongyan.protocol.v1.SendRequest;
import java.io.IOException;
import java.util.Arrays;

/**
 * Reads a {@code SendRequest} from bytes, taking the content as it came: content types that this server does not know
 * pass through it unchanged. Otherwise the same as the generated class.
 */
final class SendRequestReader {
    private static final int ID = tag(SendRequest.CLIENT_MESSAGE_ID_FIELD_NUMBER);
    private static final int TO = tag(SendRequest.TO_FIELD_NUMBER);
    private static final int CONTENT = tag(SendRequest.CONTENT_FIELD_NUMBER);
    private static final byte[] NOTHING = {};

    private SendRequestReader() {}

    /**
     * @param content encoded {@code Content}
     * @param groupChange whether a group change is in it, which only the server writes
     */
    record Send(String clientMessageId, Peer to, byte[] content, boolean groupChange) {}

    static Send read(byte[] payload) throws InvalidProtocolBufferException {
        try {
            return read(CodedInputStream.newInstance(payload));
        } catch (InvalidProtocolBufferException malformed) {
            throw malformed;
        } catch (IOException malformed) {
            throw new InvalidProtocolBufferException(malformed);
        }
    }

    private static Send read(CodedInputStream in) throws IOException {
        String id = "";
        Peer to = null;
        byte[] content = NOTHING;
        boolean groupChange = false;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == ID) {
                id = in.readStringRequireUtf8();
            } else if (tag == TO) {
                to = readPeer(in, to);
            } else if (tag == CONTENT) {
                byte[] part = in.readByteArray();
                // What a receiver could not parse must not be stored.
                groupChange |= Content.parser().parseFrom(part).hasGroupChange();
                content = joined(content, part);
            } else if (!in.skipField(tag)) {
                throw new InvalidProtocolBufferException("an end of group without its start");
            }
        }
        return new Send(id, to == null ? Peer.getDefaultInstance() : to, content, groupChange);
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

    /** Encoded messages one behind the other are the encoding of the two merged. */
    private static byte[] joined(byte[] first, byte[] second) {
        if (first.length == 0) {
            return second;
        }
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static int tag(int field) {
        return field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }
}
