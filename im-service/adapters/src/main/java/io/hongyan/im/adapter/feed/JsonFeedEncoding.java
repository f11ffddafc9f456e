package io.hongyan.im.adapter.feed;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.hongyan.im.core.feed.FeedEncoding;
import io.hongyan.im.core.feed.FeedEvent;
import java.nio.charset.StandardCharsets;

/** Events in the proto3 JSON mapping, UTF-8, one line each. Of content only what this version knows can be told. */
public final class JsonFeedEncoding implements FeedEncoding {
    private static final JsonFormat.Printer PRINTER = JsonFormat.printer().omittingInsignificantWhitespace();

    @Override
    public byte[] encode(FeedEvent event) {
        try {
            return PRINTER.print(FeedMessages.of(event, FeedMessages::parsedContent))
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
