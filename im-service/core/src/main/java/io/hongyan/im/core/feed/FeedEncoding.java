package io.hongyan.im.core.feed;

/** Events as bytes, in one of the forms of the contract. Safe for many threads. */
public interface FeedEncoding {
    byte[] encode(FeedEvent event);

    /** The media type of these bytes. */
    String contentType();
}
