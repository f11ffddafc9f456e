package io.hongyan.im.adapter.mqtt;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.util.JsonFormat;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The proto3 JSON mapping, to and from UTF-8. Unknown members are refused, so that a mistyped name is noticed. */
final class Json {
    private static final JsonFormat.Parser PARSER = JsonFormat.parser();
    private static final JsonFormat.Printer PRINTER = JsonFormat.printer().omittingInsignificantWhitespace();

    private Json() {}

    /** @param payload an empty one is the empty message, as it is in the binary form */
    static void read(byte[] payload, Message.Builder into) throws InvalidProtocolBufferException {
        if (payload.length == 0) {
            return;
        }
        try {
            PARSER.merge(
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(payload))
                            .toString(),
                    into);
        } catch (CharacterCodingException notUtf8) {
            throw new InvalidProtocolBufferException("not UTF-8");
        }
    }

    static String print(MessageOrBuilder message) {
        try {
            return PRINTER.print(message);
        } catch (InvalidProtocolBufferException impossible) {
            throw new IllegalStateException("only Any can fail, and there is none", impossible);
        }
    }

    static byte[] write(MessageOrBuilder message) {
        return print(message).getBytes(StandardCharsets.UTF_8);
    }
}
