package io.hongyan.im.adapter.feed;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.hongyan.im.core.feed.FeedEncoding;
import io.hongyan.im.core.feed.FeedEvent;
import io.hongyan.protocol.json.JsonContent;
import java.nio.charset.StandardCharsets;

/** Events in the proto3 JSON mapping, UTF-8, one line each. */
public final class JsonFeedEncoding implements FeedEncoding {
    private static final JsonFormat.Printer PRINTER = JsonFormat.printer().omittingInsignificantWhitespace();

    @Override
    public byte[] encode(FeedEvent event) {
        try {
            return PRINTER.print(JsonContent.readable(FeedMessages.of(event, FeedMessages::parsedContent)))
                    .getBytes(StandardCharsets.UTF_8);
        } catch (InvalidProtocolBufferException impossible) {
            throw new IllegalStateException("only Any can fail, and there is none", impossible);
        }
    }

    @Override
    public String contentType() {
        return "application/json";
    }
}
