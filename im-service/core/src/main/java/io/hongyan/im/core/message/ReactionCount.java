package io.hongyan.im.core.message;

/**
 * How many users react to a message in one way.
 *
 * @param mine whether the user who asks is one of them; false where nobody asks
 */
public record ReactionCount(String emoji, int count, boolean mine) {
    public ReactionCount(String emoji, int count) {
        this(emoji, count, false);
    }
}
