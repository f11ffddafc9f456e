package io.hongyan.protocol;

/** The versions of this contract: whole numbers, each one able to read what those before it write. */
public final class ProtocolVersion {
    /** The newest that is written down here. */
    public static final int NEWEST = 1;

    /** What clients speak that tell none. */
    public static final int UNTOLD = 1;

    /** The user property of CONNECT and of CONNACK. */
    public static final String PROPERTY = "protocol_version";

    private static final int DIGITS_MAX = 9;

    private ProtocolVersion() {}

    /**
     * What a client tells in CONNECT.
     *
     * @param text decimal digits; null where it tells none
     * @return 0 where the text is no version
     */
    public static int parse(String text) {
        if (text == null) {
            return UNTOLD;
        }
        boolean number =
                !text.isEmpty() && text.length() <= DIGITS_MAX && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? Integer.parseInt(text) : 0;
    }
}
