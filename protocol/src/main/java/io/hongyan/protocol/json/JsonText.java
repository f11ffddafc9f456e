package io.hongyan.protocol.json;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * JSON exactly as in RFC 8259: UTF-8 without a byte order mark; no comments, single quotes, unquoted words, NaN,
 * trailing commas or halves of surrogate pairs; with limits on nesting, names and numbers. Callers of the parser check
 * for duplicate names and for text after the value.
 */
public final class JsonText {
    /** Nested objects and arrays. */
    public static final int DEPTH_MAX = 32;
    /** Characters of one name. */
    private static final int NAME_CHARACTERS_MAX = 1_000;
    /** Digits of one number. */
    private static final int NUMBER_CHARACTERS_MAX = 64;

    private static final int ECHOED_NAME_CHARACTERS_MAX = 64;
    private static final int ECHOED_PATH_CHARACTERS_MAX = 200;
    private static final int ESCAPE_CHARACTERS = 6;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH_MAX)
                    .maxNameLength(NAME_CHARACTERS_MAX)
                    .maxNumberLength(NUMBER_CHARACTERS_MAX)
                    .build())
            .build();

    private JsonText() {}

    /**
     * The parser is before the first token. It throws {@link JacksonException}, which {@link #fault} turns into a
     * sentence.
     */
    public static JsonParser parser(byte[] json) throws IOException {
        JsonParser parser = FACTORY.createParser(json);
        if (!UnsafeByteOperations.unsafeWrap(json).isValidUtf8()) {
            return new FaultyTextParser(parser, firstNotUtf8(json), "is not UTF-8");
        }
        int half = firstHalfOfPair(json);
        return half < 0 ? parser : new FaultyTextParser(parser, half, "has half of a surrogate pair");
    }

    /** Nothing may follow the value that was read. */
    public static void requireEnd(JsonParser in) throws IOException {
        if (in.nextToken() != null) {
            throw new JsonFault("The body has something after its JSON object.");
        }
    }

    private static int firstNotUtf8(byte[] json) {
        ByteBuffer in = ByteBuffer.wrap(json);
        CharBuffer out = CharBuffer.allocate(json.length);
        CoderResult end = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
        return end.isUnderflow() ? json.length : in.position();
    }

    /** The position of an escape that is half of a surrogate pair without the other half, below 0 if there is none. */
    private static int firstHalfOfPair(byte[] json) {
        int i = 0;
        while (i < json.length - 1) {
            if (json[i] != '\\') {
                i++;
            } else if (json[i + 1] != 'u') {
                i += 2;
            } else {
                int code = escaped(json, i);
                if (code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE) {
                    int next = i + ESCAPE_CHARACTERS;
                    if (code > Character.MAX_HIGH_SURROGATE || !isLowEscape(json, next)) {
                        return i;
                    }
                    i = next;
                }
                i += 2;
            }
        }
        return -1;
    }

    private static boolean isLowEscape(byte[] json, int at) {
        if (at + 1 >= json.length || json[at] != '\\' || json[at + 1] != 'u') {
            return false;
        }
        int code = escaped(json, at);
        return code >= Character.MIN_LOW_SURROGATE && code <= Character.MAX_LOW_SURROGATE;
    }

    /** Below 0 if it is none; the parser finds that. */
    private static int escaped(byte[] json, int at) {
        if (at + ESCAPE_CHARACTERS > json.length) {
            return -1;
        }
        int code = 0;
        for (int i = at + 2; i < at + ESCAPE_CHARACTERS; i++) {
            int digit = json[i] < 0 ? -1 : asciiHex(json[i]);
            if (digit < 0) {
                return -1;
            }
            code = code << 4 | digit;
        }
        return code;
    }

    private static int asciiHex(byte digit) {
        if (digit >= '0' && digit <= '9') {
            return digit - '0';
        }
        int letter = digit | 0x20;
        return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
    }

    /** The fault that the parser has found, as a sentence for the sender, with the name of the field. */
    public static JsonFault fault(JsonParser in, JacksonException fault) {
        String path = path(in.getParsingContext());
        String field = path.isEmpty() ? "" : ", in the field " + path;
        if (fault instanceof StreamConstraintsException) {
            return new JsonFault(
                    "The JSON is nested deeper than " + DEPTH_MAX + ", or a name or number is too long" + field + '.');
        }
        String words = fault.getOriginalMessage();
        if (words != null && words.startsWith("Duplicate field ")) {
            return twice(path);
        }
        String where = fault.getLocation() == null
                ? "it ends too early"
                : "line " + fault.getLocation().getLineNr() + ", column "
                        + fault.getLocation().getColumnNr();
        return new JsonFault("The body is not JSON: " + where + field + '.');
    }

    /** A field is given more than once. */
    public static JsonFault twice(String path) {
        return new JsonFault("The field " + path + " is given twice.");
    }

    /** Names from the outermost to the position of the parser, such as {@code to[3].id}. Empty at the root. */
    public static String path(JsonStreamContext context) {
        StringBuilder path = new StringBuilder();
        append(context, path);
        return path.length() <= ECHOED_PATH_CHARACTERS_MAX
                ? path.toString()
                : path.substring(0, ECHOED_PATH_CHARACTERS_MAX) + "...";
    }

    /** Not deeper than {@link #DEPTH_MAX}. */
    private static void append(JsonStreamContext context, StringBuilder path) {
        if (context == null || context.inRoot()) {
            return;
        }
        append(context.getParent(), path);
        if (context.inArray()) {
            if (context.hasCurrentIndex()) {
                path.append('[').append(context.getCurrentIndex()).append(']');
            }
        } else if (context.getCurrentName() != null) {
            path.append(path.isEmpty() ? "" : ".").append(printable(context.getCurrentName()));
        }
    }

    /**
     * Text of the sender is part of the answer: only a part of it, and without characters that could confuse a
     * terminal.
     */
    public static String printable(String name) {
        StringBuilder printed = new StringBuilder();
        for (int i = 0; i < Math.min(name.length(), ECHOED_NAME_CHARACTERS_MAX); i++) {
            char c = name.charAt(i);
            printed.append(c > ' ' && c < 0x7f ? c : '?');
        }
        return printed.append(name.length() > ECHOED_NAME_CHARACTERS_MAX ? "..." : "")
                .toString();
    }
}
