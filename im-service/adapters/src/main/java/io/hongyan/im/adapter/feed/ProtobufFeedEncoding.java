package io.hongyan.im.adapter.feed;

import io.hongyan.im.core.feed.FeedEncoding;
import io.hongyan.im.core.feed.FeedEvent;

/** Events as {@code hongyan.v1.FeedEvent}. The content of a message is passed on byte by byte. */
public final class ProtobufFeedEncoding implements FeedEncoding {
    @Override
    public byte[] encode(FeedEvent event) {
        return FeedMessages.of(event, FeedMessages::rawContent).toByteArray();
    }

    @Override
    public String contentType() {
        return "application/x-protobuf; messageType=\"hongyan.v1.FeedEvent\"";
    }
}
