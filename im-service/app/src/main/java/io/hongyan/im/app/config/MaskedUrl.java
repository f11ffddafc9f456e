package io.hongyan.im.app.config;

/** A URL, or the word or file that may replace it. The part after its question mark may be secret and is not shown. */
public record MaskedUrl(String text) {
    /** @throws IllegalArgumentException the text is empty or not UTF-8 */
    public static MaskedUrl parse(String text) {
        if (text.isEmpty() || text.indexOf('\uFFFD') >= 0) {
            throw new IllegalArgumentException("takes a text that is not empty, in UTF-8");
        }
        return new MaskedUrl(text);
    }

    @Override
    public String toString() {
        int query = text.indexOf('?');
        return query < 0 ? text : text.substring(0, query) + "?(not shown)";
    }
}
