package io.hongyan.protocol;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import io.hongyan.protocol.ContentRules.Rule;
import io.hongyan.protocol.v1.Content;
import java.util.HashMap;
import java.util.Map;

/**
 * Checks whether everybody can parse a {@code Content}, inside any envelope. Parsers of other languages stop at a depth
 * of 100 and are stricter with numbers than Java's. Known fields must follow {@link ContentRules}. An unknown field may
 * be a message: if its bytes can be read as one, it counts as one. Each byte is read once.
 */
public final class ContentCheck {
    /** Nested messages and groups, counting the content itself as the first. An envelope adds at most 5. */
    public static final int DEPTH_MAX = 64;

    private static final int TAG_BYTES_MAX = 5;
    private static final int LENGTH_BYTES_MAX = 5;
    private static final int VARINT_BYTES_MAX = 10;
    private static final long TAG_MAX = 0xffff_ffffL;
    /** Fields 16 to 31 of a Content are beside its body. */
    private static final int BESIDE = 16;

    private static final int BESIDE_BITS = 15;
    /** Of the quote of the content itself: a forwarded content may have another. */
    private static final int QUOTE_DEPTH = 2;

    private static final NotProtobuf NOT_PROTOBUF = new NotProtobuf();
    private static final Shape CONTENT = Shape.of(Content.getDescriptor(), new HashMap<>());

    /** The shape of {@code reply_to}. */
    private static final Shape QUOTE = CONTENT.fields[Content.REPLY_TO_FIELD_NUMBER].message;

    /** The answer about a content that has something that only the server writes, such as a group change. */
    public static final long BY_SERVER = -1;

    private final byte[] bytes;
    private int at;
    private boolean byServer;
    private long quoted;

    private ContentCheck(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The rules for the fields of a message type: built once from its descriptor and the rules. */
    private static final class Shape {
        private final String name;
        private Field[] fields = {};
        /** A bit for the number of each mandatory field. */
        private long required;
        /** The fields that only the server writes. */
        private long servers;

        private Shape(String name) {
            this.name = name;
        }

        static Shape of(Descriptor type, Map<Descriptor, Shape> known) {
            Shape shape = known.get(type);
            if (shape == null) {
                shape = new Shape(type.getName());
                known.put(type, shape);
                shape.fill(type, known);
            }
            return shape;
        }

        private void fill(Descriptor type, Map<Descriptor, Shape> known) {
            int numbers = type.getFields().stream()
                            .mapToInt(FieldDescriptor::getNumber)
                            .max()
                            .orElse(0)
                    + 1;
            if (numbers > Long.SIZE) {
                throw new IllegalStateException("Numbers above 63 are not looked at: " + type);
            }
            fields = new Field[numbers];
            int counted = 0;
            for (FieldDescriptor field : type.getFields()) {
                if (field.isPackable()) {
                    throw new IllegalStateException("Packed numbers are not looked into: " + field);
                }
                Rule rule = ContentRules.of(field);
                boolean message = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
                fields[field.getNumber()] = new Field(
                        field.getJsonName(),
                        field.getLiteType().getWireType(),
                        field.getJavaType() == FieldDescriptor.JavaType.STRING,
                        field.getJavaType() == FieldDescriptor.JavaType.INT,
                        message ? of(field.getMessageType(), known) : null,
                        rule);
                required |= rule != null && rule.required() ? 1L << field.getNumber() : 0;
                counted += rule != null && rule.countMax() > 0 ? 1 : 0;
            }
            if (counted > 1) {
                throw new IllegalStateException("One list of a message is counted, not more: " + type);
            }
            if (type.equals(Content.getDescriptor())) {
                servers = 1L << Content.GROUP_CHANGE_FIELD_NUMBER
                        | 1L << Content.CHANGE_FIELD_NUMBER
                        | 1L << Content.ENCODED_FIELD_NUMBER;
            }
        }

        /** Null if the number is not known with this wire type. */
        Field field(int tag) {
            int number = WireFormat.getTagFieldNumber(tag);
            Field field = number < fields.length ? fields[number] : null;
            return field != null && field.wireType == WireFormat.getTagWireType(tag) ? field : null;
        }
    }

    /**
     * @param int32 whether only 32 bits of a number count
     * @param message the type in it, null if it contains no message
     * @param rule null if the type has no further limits
     */
    private record Field(String name, int wireType, boolean text, boolean int32, Shape message, Rule rule) {}

    /** Created once, without a stack trace: it is thrown and caught for most fields that might be a message. */
    private static final class NotProtobuf extends Exception {
        private static final long serialVersionUID = 1;

        NotProtobuf() {
            super("not protobuf", null, false, false);
        }
    }

    /**
     * @param content encoded {@code Content}
     * @return the number of the message that it answers ({@code reply_to.seq}), 0 if none; {@link #BY_SERVER}
     * @throws InvalidProtocolBufferException with a sentence for the sender
     */
    public static long check(byte[] content) throws InvalidProtocolBufferException {
        ContentCheck check = new ContentCheck(content);
        try {
            check.message(content.length, CONTENT, 1);
            return check.byServer ? BY_SERVER : check.quoted;
        } catch (NotProtobuf malformed) {
            throw new InvalidProtocolBufferException(
                    "The field content is not a Content that every protobuf parser can read.");
        }
    }

    /** No stack trace: the client caused it, and clients can send many. */
    private static final class Broken extends InvalidProtocolBufferException {
        private static final long serialVersionUID = 1;

        Broken(String sentence) {
            super(sentence);
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    /** @param type null if it is not known */
    private void message(int end, Shape type, int depth) throws InvalidProtocolBufferException, NotProtobuf {
        requireDepth(depth);
        long present = 0;
        boolean body = false;
        int count = 0;
        while (at < end) {
            int tag = tag(end);
            if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_END_GROUP) {
                throw NOT_PROTOBUF;
            }
            Field field = type == null ? null : type.field(tag);
            if (field == null) {
                value(tag, end, depth);
            } else {
                present |= 1L << WireFormat.getTagFieldNumber(tag);
                if (field.rule != null && field.rule.countMax() > 0 && ++count > field.rule.countMax()) {
                    throw fault(type, field, "at most " + field.rule.countMax() + " items");
                }
                known(field, type, end, depth);
            }
            body |= (WireFormat.getTagFieldNumber(tag) & ~BESIDE_BITS) != BESIDE;
        }
        if (type != null) {
            requireWhole(type, present, body);
        }
    }

    private void requireWhole(Shape type, long present, boolean body) throws InvalidProtocolBufferException {
        byServer |= (present & type.servers) != 0;
        long missing = type.required & ~present;
        if (missing != 0) {
            throw new Broken("The field " + type.fields[Long.numberOfTrailingZeros(missing)].name + " of " + type.name
                    + " is missing.");
        }
        if (type == CONTENT && !body && at > 0) {
            throw new Broken("The field content has no body.");
        }
    }

    private void group(int number, int end, int depth) throws InvalidProtocolBufferException, NotProtobuf {
        requireDepth(depth);
        int tag = tag(end);
        while (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_END_GROUP) {
            value(tag, end, depth);
            tag = tag(end);
        }
        if (WireFormat.getTagFieldNumber(tag) != number) {
            throw NOT_PROTOBUF;
        }
    }

    private static void requireDepth(int depth) throws Broken {
        if (depth > DEPTH_MAX) {
            throw new Broken("The field content is nested deeper than " + DEPTH_MAX + '.');
        }
    }

    private void known(Field field, Shape type, int end, int depth) throws InvalidProtocolBufferException, NotProtobuf {
        switch (field.wireType) {
            case WireFormat.WIRETYPE_VARINT -> {
                long value = varint(end, VARINT_BYTES_MAX);
                if (field.rule != null && !field.rule.takesNumber(field.int32 ? (int) value : value)) {
                    throw fault(type, field, field.rule.words(true));
                }
                if (type == QUOTE && depth == QUOTE_DEPTH) {
                    quoted = value;
                }
            }
            case WireFormat.WIRETYPE_LENGTH_DELIMITED -> {
                int valueEnd = lengthEnd(end);
                if (field.message != null) {
                    message(valueEnd, field.message, depth + 1);
                } else {
                    bytes(field, type, valueEnd - at);
                }
                at = valueEnd;
            }
            default -> throw new IllegalStateException("no field is of this type: " + field);
        }
    }

    private void bytes(Field field, Shape type, int length) throws InvalidProtocolBufferException, NotProtobuf {
        if (field.text && !UnsafeByteOperations.unsafeWrap(bytes, at, length).isValidUtf8()) {
            throw NOT_PROTOBUF;
        }
        if (field.rule != null && !field.rule.takesBytes(bytes, at, length)) {
            throw fault(type, field, field.rule.words(false));
        }
    }

    private static Broken fault(Shape type, Field field, String takes) {
        return new Broken("The field " + field.name + " of " + type.name + " takes " + takes + '.');
    }

    /** A value of an unknown field. */
    private void value(int tag, int end, int depth) throws InvalidProtocolBufferException, NotProtobuf {
        switch (WireFormat.getTagWireType(tag)) {
            case WireFormat.WIRETYPE_VARINT -> varint(end, VARINT_BYTES_MAX);
            case WireFormat.WIRETYPE_FIXED32 -> skip(Integer.BYTES, end);
            case WireFormat.WIRETYPE_FIXED64 -> skip(Long.BYTES, end);
            case WireFormat.WIRETYPE_START_GROUP -> group(WireFormat.getTagFieldNumber(tag), end, depth + 1);
            case WireFormat.WIRETYPE_LENGTH_DELIMITED -> {
                int valueEnd = lengthEnd(end);
                anything(valueEnd, depth);
                at = valueEnd;
            }
            default -> throw NOT_PROTOBUF;
        }
    }

    private int lengthEnd(int end) throws NotProtobuf {
        long length = varint(end, LENGTH_BYTES_MAX);
        if (length > end - at) {
            throw NOT_PROTOBUF;
        }
        return at + (int) length;
    }

    private void anything(int end, int depth) throws InvalidProtocolBufferException {
        try {
            message(end, null, depth + 1);
        } catch (NotProtobuf aText) {
            // Or bytes: it may be anything.
        }
    }

    private int tag(int end) throws NotProtobuf {
        long tag = varint(end, TAG_BYTES_MAX);
        if (tag > TAG_MAX || tag >>> 3 == 0) {
            throw NOT_PROTOBUF;
        }
        return (int) tag;
    }

    /** In the longest varint, bits beyond the 64th are ignored by some parsers and refused by others. */
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
