package io.hongyan.im.core.feed;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in the feed: what stands at or before it has been read. Readers keep it and give it back; what it consists of
 * is the storage's business.
 *
 * @param message place among messages
 * @param event place among what is no message
 */
public record FeedPosition(long message, long event) {
    /** Before everything. */
    public static final FeedPosition START = new FeedPosition(0, 0);

    /** Behind everything there will ever be. */
    public static final FeedPosition END = new FeedPosition(Long.MAX_VALUE, Long.MAX_VALUE);

    private static final Pattern FORM = Pattern.compile("m(\\d{1,18})\\.e(\\d{1,18})");

    /** What {@link #toString} has printed, else nothing. */
    public static Optional<FeedPosition> parse(String text) {
        Matcher parts = FORM.matcher(text);
        return parts.matches()
                ? Optional.of(new FeedPosition(Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2))))
                : Optional.empty();
    }

    /** For example {@code m123.e45}. */
    @Override
    public String toString() {
        return "m" + message + ".e" + event;
    }
}
