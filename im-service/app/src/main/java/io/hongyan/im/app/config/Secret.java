package io.hongyan.im.app.config;

/** A setting that is never shown. */
public record Secret(String text) {
    /** Not set. */
    public static final Secret NONE = new Secret("");

    public boolean isSet() {
        return !text.isEmpty();
    }

    @Override
    public String toString() {
        return isSet() ? "(secret)" : "";
    }
}
