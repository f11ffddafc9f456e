package io.hongyan.protocol.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Base64;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Values of the proto3 JSON mapping other than messages. */
final class JsonValues {
    /** As RFC 8259 writes numbers, in ASCII digits. */
    private static final Pattern NUMBER =
            Pattern.compile("-?(0|[1-9][0-9]{0,63})(\\.[0-9]{1,63})?([eE][+-]?[0-9]{1,6})?");

    private static final int NUMBER_CHARACTERS_MAX = 64;
    private static final int LONG_DIGITS_MAX = 19;

    private JsonValues() {}

    static Object read(JsonParser in, FieldDescriptor field) throws IOException {
        return switch (field.getType()) {
            case STRING -> text(in, "a text");
            case BYTES -> bytes(in);
            case BOOL -> bool(in);
            case INT32 -> (int) whole(in, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case INT64 -> whole(in, Long.MIN_VALUE, Long.MAX_VALUE);
            case ENUM -> constant(in, field.getEnumType());
            default -> throw new IllegalArgumentException(field.getFullName());
        };
    }

    static JsonFault takes(JsonParser in, String what) {
        return new JsonFault("The field " + JsonText.path(in.getParsingContext()) + " takes " + what + '.');
    }

    private static String text(JsonParser in, String what) throws IOException {
        if (in.currentToken() != JsonToken.VALUE_STRING) {
            throw takes(in, what);
        }
        return in.getText();
    }

    private static boolean bool(JsonParser in) throws JsonFault {
        JsonToken token = in.currentToken();
        if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
            throw takes(in, "true or false");
        }
        return token == JsonToken.VALUE_TRUE;
    }

    /** Of the standard alphabet or the one for URLs, with padding or without. */
    private static ByteString bytes(JsonParser in) throws IOException {
        String text = text(in, "a text in base64").replace('-', '+').replace('_', '/');
        try {
            return ByteString.copyFrom(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException notBase64) {
            throw takes(in, "a text in base64");
        }
    }

    /** A number, or one in quotes; also with a fraction of zeros or an exponent, if its value is whole. */
    static long whole(JsonParser in, long min, long max) throws IOException {
        JsonToken token = in.currentToken();
        if (token == JsonToken.VALUE_NUMBER_INT && in.getNumberType() != NumberType.BIG_INTEGER) {
            long number = in.getLongValue();
            if (number >= min && number <= max) {
                return number;
            }
        } else if (token == JsonToken.VALUE_NUMBER_FLOAT || token == JsonToken.VALUE_STRING) {
            BigDecimal number = decimal(in.getText());
            if (number != null
                    && number.compareTo(BigDecimal.valueOf(min)) >= 0
                    && number.compareTo(BigDecimal.valueOf(max)) <= 0) {
                return number.longValueExact();
            }
        }
        throw takes(in, "a whole number from " + min + " to " + max);
    }

    /** Null if it is not a whole number of a possible size. */
    private static BigDecimal decimal(String text) {
        if (text.length() > NUMBER_CHARACTERS_MAX || !NUMBER.matcher(text).matches()) {
            return null;
        }
        BigDecimal number = new BigDecimal(text);
        if (number.signum() == 0) {
            return BigDecimal.ZERO;
        }
        if ((long) number.precision() - number.scale() > LONG_DIGITS_MAX) {
            return null;
        }
        BigDecimal shortest = number.stripTrailingZeros();
        return shortest.scale() > 0 ? null : shortest;
    }

    /** By name, or by number, which may be one that only newer clients know. */
    private static EnumValueDescriptor constant(JsonParser in, EnumDescriptor type) throws IOException {
        JsonToken token = in.currentToken();
        if (token == JsonToken.VALUE_NUMBER_INT) {
            return type.findValueByNumberCreatingIfUnknown((int) whole(in, Integer.MIN_VALUE, Integer.MAX_VALUE));
        }
        EnumValueDescriptor named = token == JsonToken.VALUE_STRING ? type.findValueByName(in.getText()) : null;
        if (named == null) {
            throw takes(
                    in,
                    "one of "
                            + type.getValues().stream()
                                    .map(EnumValueDescriptor::getName)
                                    .collect(Collectors.joining(", ")));
        }
        return named;
    }
}
