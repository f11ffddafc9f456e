package io.hongyan.protocol;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import io.hongyan.protocol.v1.Content;
import java.util.HashMap;
import java.util.Map;

/**
 * Whether what somebody sends as {@code Content} can be parsed by everybody, within all that is put around it. Parsers of
 * other languages stop at a depth of 100 and are stricter with numbers than Java's. Of a field that is not known here it
 * cannot be told whether it holds a message: where it reads as one, it counts as one. Each byte is looked at once.
 */
public final class ContentCheck {
    /** Messages and groups within each other, the content itself being the first. An envelope adds at most 5. */
    public static final int DEPTH_MAX = 64;

    private static final int TAG_BYTES_MAX = 5;
    private static final int LENGTH_BYTES_MAX = 5;
    private static final int VARINT_BYTES_MAX = 10;
    private static final long TAG_MAX = 0xffff_ffffL;
    private static final NotProtobuf NOT_PROTOBUF = new NotProtobuf();
    private static final Shape CONTENT = Shape.of(Content.getDescriptor(), new HashMap<>());

    private final byte[] bytes;
    private int at;
    private boolean groupChange;

    private ContentCheck(byte[] bytes) {
        this.bytes = bytes;
    }

    /** What a message type has in its fields that hold a length: read once from its descriptor. */
    private static final class Shape {
        private Shape[] messages = {};
        private boolean[] texts = {};

        static Shape of(Descriptor type, Map<Descriptor, Shape> known) {
            Shape shape = known.get(type);
            if (shape == null) {
                shape = new Shape();
                known.put(type, shape);
                int numbers = type.getFields().stream()
                                .mapToInt(FieldDescriptor::getNumber)
                                .max()
                                .orElse(0)
                        + 1;
                shape.messages = new Shape[numbers];
                shape.texts = new boolean[numbers];
                for (FieldDescriptor field : type.getFields()) {
                    if (field.isPackable()) {
                        throw new IllegalStateException("Packed numbers are not looked into: " + field);
                    }
                    shape.texts[field.getNumber()] = field.getJavaType() == FieldDescriptor.JavaType.STRING;
                    if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                        shape.messages[field.getNumber()] = of(field.getMessageType(), known);
                    }
                }
            }
            return shape;
        }

        Shape message(int number) {
            return number < messages.length ? messages[number] : null;
        }

        boolean isText(int number) {
            return number < texts.length && texts[number];
        }
    }

    /** Made once, without a stack: where a field may hold a message it is thrown and caught for most that do not. */
    private static final class NotProtobuf extends Exception {
        private static final long serialVersionUID = 1;

        NotProtobuf() {
            super("not protobuf", null, false, false);
        }
    }

    /**
     * @param content encoded {@code Content}
     * @return whether a group change is in it, which only the server writes
     * @throws InvalidProtocolBufferException with a sentence for the sender
     */
    public static boolean check(byte[] content) throws InvalidProtocolBufferException {
        ContentCheck check = new ContentCheck(content);
        try {
            check.message(content.length, CONTENT, 1);
            return check.groupChange;
        } catch (NotProtobuf malformed) {
            throw new InvalidProtocolBufferException(
                    "The field content is not a Content as every protobuf parser reads it.");
        }
    }

    private static final class TooDeep extends InvalidProtocolBufferException {
        private static final long serialVersionUID = 1;

        TooDeep() {
            super("The field content is nested deeper than " + DEPTH_MAX + '.');
        }
    }

    /** @param type null where it is not known */
    private void message(int end, Shape type, int depth) throws NotProtobuf, TooDeep {
        requireDepth(depth);
        while (at < end) {
            int tag = tag(end);
            if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_END_GROUP) {
                throw NOT_PROTOBUF;
            }
            value(tag, end, type, depth);
        }
    }

    private void group(int number, int end, int depth) throws NotProtobuf, TooDeep {
        requireDepth(depth);
        int tag = tag(end);
        while (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_END_GROUP) {
            value(tag, end, null, depth);
            tag = tag(end);
        }
        if (WireFormat.getTagFieldNumber(tag) != number) {
            throw NOT_PROTOBUF;
        }
    }

    private static void requireDepth(int depth) throws TooDeep {
        if (depth > DEPTH_MAX) {
            throw new TooDeep();
        }
    }

    private void value(int tag, int end, Shape type, int depth) throws NotProtobuf, TooDeep {
        switch (WireFormat.getTagWireType(tag)) {
            case WireFormat.WIRETYPE_VARINT -> varint(end, VARINT_BYTES_MAX);
            case WireFormat.WIRETYPE_FIXED32 -> skip(Integer.BYTES, end);
            case WireFormat.WIRETYPE_FIXED64 -> skip(Long.BYTES, end);
            case WireFormat.WIRETYPE_START_GROUP -> group(WireFormat.getTagFieldNumber(tag), end, depth + 1);
            case WireFormat.WIRETYPE_LENGTH_DELIMITED -> delimited(tag, end, type, depth);
            default -> throw NOT_PROTOBUF;
        }
    }

    private void delimited(int tag, int end, Shape type, int depth) throws NotProtobuf, TooDeep {
        long length = varint(end, LENGTH_BYTES_MAX);
        if (length > end - at) {
            throw NOT_PROTOBUF;
        }
        int number = WireFormat.getTagFieldNumber(tag);
        int valueEnd = at + (int) length;
        Shape inner = type == null ? null : type.message(number);
        if (inner != null) {
            groupChange |= depth == 1 && number == Content.GROUP_CHANGE_FIELD_NUMBER;
            message(valueEnd, inner, depth + 1);
        } else if (type != null && type.isText(number)) {
            text((int) length);
        } else {
            anything(valueEnd, depth);
        }
        at = valueEnd;
    }

    private void anything(int end, int depth) throws TooDeep {
        try {
            message(end, null, depth + 1);
        } catch (NotProtobuf aText) {
            // Or bytes: it may be anything.
        }
    }

    private void text(int length) throws NotProtobuf {
        if (!UnsafeByteOperations.unsafeWrap(bytes, at, length).isValidUtf8()) {
            throw NOT_PROTOBUF;
        }
    }

    private int tag(int end) throws NotProtobuf {
        long tag = varint(end, TAG_BYTES_MAX);
        if (tag > TAG_MAX || tag >>> 3 == 0) {
            throw NOT_PROTOBUF;
        }
        return (int) tag;
    }

    /** Of the longest, bits beyond the 64th are not looked at by some parsers and refused by others. */
    private long varint(int end, int bytesMax) throws NotProtobuf {
        long value = 0;
        for (int i = 0; i < bytesMax && at < end; i++) {
            byte next = bytes[at++];
            if (i == VARINT_BYTES_MAX - 1 && next > 1) {
                throw NOT_PROTOBUF;
            }
            value |= (next & 0x7fL) << 7 * i;
            if (next >= 0) {
                return value;
            }
        }
        throw NOT_PROTOBUF;
    }

    private void skip(int count, int end) throws NotProtobuf {
        if (end - at < count) {
            throw NOT_PROTOBUF;
        }
        at += count;
    }
}
