package io.hongyan.protocol.json;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.io.IOException;

/**
 * The proto3 JSON mapping of messages of the contract, read strictly: each name is known and occurs once, in either
 * spelling; one member of a oneof is given; nothing follows the object. {@code null} means that the field is missing.
 * The work is linear in the length of the text.
 */
public final class JsonMessages {
    private JsonMessages() {}

    /**
     * @param into has, after a fault, the fields before it; a name that occurs twice is not in it
     * @throws JsonFault with the name of the field
     */
    public static void read(byte[] json, Message.Builder into) throws JsonFault {
        JsonParser in = null;
        try {
            in = JsonText.parser(json);
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw new JsonFault("The body takes a JSON object.");
            }
            readObject(in, into);
            JsonText.requireEnd(in);
        } catch (JsonFault fault) {
            throw fault;
        } catch (JacksonException fault) {
            throw JsonText.fault(in, fault);
        } catch (IOException impossible) {
            throw new IllegalStateException("bytes in memory", impossible);
        }
    }

    /**
     * A whole number, or one in quotes; also with a fraction of zeros or an exponent.
     *
     * @param in stands at it
     * @throws JsonFault with the name of the field where it is none, or out of range
     */
    public static long readWhole(JsonParser in, long min, long max) throws IOException {
        return JsonValues.whole(in, min, max);
    }

    /**
     * Reads one object of a larger text.
     *
     * @param in is at its beginning, and afterwards at its end
     */
    public static void readObject(JsonParser in, Message.Builder into) throws IOException {
        JsonFields fields = JsonFields.of(into.getDescriptorForType());
        long seen = 0;
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            FieldDescriptor field = fields.named(name);
            if (field == null) {
                throw new JsonFault("There is no field " + JsonText.path(in.getParsingContext()) + " here; fields are "
                        + fields.all() + '.');
            }
            long mark = 1L << field.getIndex();
            if ((seen & mark) != 0) {
                into.clearField(field);
                throw JsonText.twice(JsonText.path(in.getParsingContext()));
            }
            seen |= mark;
            if (in.nextToken() != JsonToken.VALUE_NULL) {
                readField(in, field, into);
            }
        }
    }

    private static void readField(JsonParser in, FieldDescriptor field, Message.Builder into) throws IOException {
        if (field.isRepeated()) {
            readArray(in, field, into);
            return;
        }
        if (field.getRealContainingOneof() != null && into.hasOneof(field.getRealContainingOneof())) {
            throw new JsonFault("The field " + JsonText.path(in.getParsingContext()) + " must not stand beside "
                    + into.getOneofFieldDescriptor(field.getRealContainingOneof())
                            .getJsonName() + '.');
        }
        into.setField(field, readValue(in, field, into));
    }

    private static void readArray(JsonParser in, FieldDescriptor field, Message.Builder into) throws IOException {
        if (in.currentToken() != JsonToken.START_ARRAY) {
            throw JsonValues.takes(in, "a list");
        }
        while (in.nextToken() != JsonToken.END_ARRAY) {
            into.addRepeatedField(field, readValue(in, field, into));
        }
    }

    private static Object readValue(JsonParser in, FieldDescriptor field, Message.Builder owner) throws IOException {
        if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
            return JsonValues.read(in, field);
        }
        if (in.currentToken() != JsonToken.START_OBJECT) {
            throw JsonValues.takes(in, "a JSON object");
        }
        Message.Builder nested = owner.newBuilderForField(field);
        readObject(in, nested);
        return nested.build();
    }
}
