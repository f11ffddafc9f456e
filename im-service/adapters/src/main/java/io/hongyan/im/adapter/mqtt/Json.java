package io.hongyan.im.adapter.mqtt;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.hongyan.protocol.json.JsonContent;
import java.nio.charset.StandardCharsets;

/** Answers and pushes in the proto3 JSON mapping. What clients send is read by {@link PayloadReader}. */
final class Json {
    private static final JsonFormat.Printer PRINTER = JsonFormat.printer().omittingInsignificantWhitespace();

    private Json() {}

    static String print(Message message) {
        try {
            return PRINTER.print(JsonContent.readable(message));
        } catch (InvalidProtocolBufferException impossible) {
            throw new IllegalStateException("only Any can fail, and there is none", impossible);
        }
    }

    static byte[] write(Message message) {
        return print(message).getBytes(StandardCharsets.UTF_8);
    }
}
