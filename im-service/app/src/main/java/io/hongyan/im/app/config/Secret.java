package io.hongyan.im.app.config;

/** A setting that is never shown. */
public record Secret(String text) {
    /** Not set. */
    public static final Secret NONE = new Secret("");

    public static Secret parse(String text) {
        return text.isEmpty() ? NONE : new Secret(text);
    }

    public boolean isSet() {
        return !text.isEmpty();
    }

    @Override
    public String toString() {
        return isSet() ? "(secret)" : "";
    }
}
