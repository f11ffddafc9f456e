package io.hongyan.im.adapter.auth;

import com.nimbusds.jwt.JWTClaimsSet;
import io.hongyan.im.core.session.TokenFacts;
import io.hongyan.im.core.session.TokenVerdict;
import io.hongyan.im.core.session.TokenVerdict.Genuine;
import io.hongyan.im.core.session.TokenVerdict.Worthless;
import java.text.ParseException;
import java.time.Instant;
import java.util.Date;

/**
 * Rules for the claims of a signed token. {@code sub} is the uid, the optional {@code dev} and {@code plt} bind the
 * token to a device name and a platform.
 *
 * @param issuer required in {@code iss}, empty = any or none
 * @param audience required in {@code aud}, empty = any or none
 * @param skewSeconds allowed difference between the clocks of issuer and server
 * @param lifeSecondsMax from {@code iat} to {@code exp}, 0 = no limit
 * @param expiryRequired whether {@code exp} is mandatory
 * @param issueRequired whether {@code iat} is mandatory
 */
public record TokenRules(
        String issuer,
        String audience,
        int skewSeconds,
        long lifeSecondsMax,
        boolean expiryRequired,
        boolean issueRequired) {
    static final String DEVICE_CLAIM = "dev";
    static final String PLATFORM_CLAIM = "plt";

    /** Any issuer and audience. */
    public static TokenRules withSkew(int skewSeconds) {
        return new TokenRules("", "", skewSeconds, 0, true, true);
    }

    /** @param claims of a token with a valid signature */
    TokenVerdict judge(JWTClaimsSet claims, Instant now) throws ParseException {
        String fault = fault(claims, now);
        if (fault != null) {
            return new Worthless(fault);
        }
        long issuedAt = seconds(claims.getIssueTime());
        Date end = claims.getExpirationTime();
        return new Genuine(
                claims.getSubject(),
                claims.getStringClaim(DEVICE_CLAIM),
                claims.getStringClaim(PLATFORM_CLAIM),
                new TokenFacts(issuedAt, issuedAt, end == null ? 0 : seconds(end) + skewSeconds));
    }

    private String fault(JWTClaimsSet claims, Instant now) {
        Date end = claims.getExpirationTime();
        Date start = claims.getNotBeforeTime();
        Date issue = claims.getIssueTime();
        if (end == null && expiryRequired) {
            return "The token has no exp.";
        } else if (issue == null && issueRequired) {
            return "The token has no iat.";
        } else if (end != null && !now.isBefore(end.toInstant().plusSeconds(skewSeconds))) {
            return "The token has expired.";
        } else if (start != null && now.plusSeconds(skewSeconds).isBefore(start.toInstant())) {
            return "The token is not valid yet.";
        } else if (issue != null && now.plusSeconds(skewSeconds).isBefore(issue.toInstant())) {
            return "The token was issued in the future.";
        } else if (lifeSecondsMax > 0
                && (end == null || issue == null || seconds(end) - seconds(issue) > lifeSecondsMax)) {
            return "The token is valid for longer than this server accepts.";
        } else if (!issuer.isEmpty() && !issuer.equals(claims.getIssuer())) {
            return "The token is of another issuer (iss).";
        } else if (!audience.isEmpty() && !claims.getAudience().contains(audience)) {
            return "The token is for another audience (aud).";
        }
        return claims.getSubject() == null ? "The token names no user (sub)." : null;
    }

    private static long seconds(Date date) {
        return date == null ? 0 : Math.max(0, date.toInstant().getEpochSecond());
    }
}
