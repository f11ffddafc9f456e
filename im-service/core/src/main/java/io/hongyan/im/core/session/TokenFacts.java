package io.hongyan.im.core.session;

/**
 * What of a login token still matters once it has been verified. Times are Unix seconds, 0 = not known.
 *
 * @param issuedAt when it was issued, by whoever issued it
 * @param provenAt since when it is known to be good: when it was issued, or of a token that only the sign-on service can
 *     read, when that was asked; a revocation in that second or later voids it
 * @param expiresAt when it ends
 */
public record TokenFacts(long issuedAt, long provenAt, long expiresAt) {
    /** Of a token that says nothing. */
    public static final TokenFacts NONE = new TokenFacts(0, 0, 0);
}
