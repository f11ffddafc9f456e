package io.hongyan.im.core.feed;

/**
 * Something that happened and has no number yet.
 *
 * @param atMillis milliseconds since 1970-01-01 UTC
 */
public record EventDraft(long atMillis, FeedBody.Occurred body) {
    public String key() {
        return body.key();
    }
}
