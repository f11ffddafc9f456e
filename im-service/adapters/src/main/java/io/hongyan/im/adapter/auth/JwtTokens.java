package io.hongyan.im.adapter.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.hongyan.im.core.session.TokenFacts;
import io.hongyan.im.core.session.TokenVerdict;
import io.hongyan.im.core.session.TokenVerdict.Genuine;
import io.hongyan.im.core.session.TokenVerdict.Worthless;
import io.hongyan.im.core.session.TokenVerifier;
import java.text.ParseException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * JSON Web Tokens signed with HMAC-SHA-256 (RFC 7519): {@code sub} is the uid, the optional {@code dev} and
 * {@code plt} bind the token to a device name and a platform, {@code exp} and {@code nbf} are honoured.
 *
 * <p>Only HS256 is taken: neither {@code none} nor another algorithm named in the token's own header.
 */
public final class JwtTokens implements TokenVerifier {
    /** Longer tokens are not looked at. */
    static final int TOKEN_CHARACTERS_MAX = 4_096;

    private static final String DEVICE_CLAIM = "dev";
    private static final String PLATFORM_CLAIM = "plt";

    private final MACVerifier verifier;
    private final MACSigner signer;
    private final InstantSource clock;
    private final int skewSeconds;

    /**
     * @param key at least 32 bytes
     * @param skewSeconds by how much the clocks of issuer and server may differ
     */
    public JwtTokens(byte[] key, InstantSource clock, int skewSeconds) {
        try {
            this.verifier = new MACVerifier(key);
            this.signer = new MACSigner(key);
        } catch (JOSEException tooShort) {
            throw new IllegalArgumentException("the key is too short", tooShort);
        }
        this.clock = clock;
        this.skewSeconds = skewSeconds;
    }

    /**
     * A new token.
     *
     * @param device the only device name it is good for, null = any
     * @param platform the only platform it is good for, null = any
     * @param ttlSeconds for how long it is good from now
     */
    public String issue(String uid, String device, String platform, long ttlSeconds) {
        Instant now = clock.instant();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .subject(uid)
                .claim(DEVICE_CLAIM, device)
                .claim(PLATFORM_CLAIM, platform)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(ttlSeconds)))
                .build();
        SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
        try {
            token.sign(signer);
        } catch (JOSEException broken) {
            throw new IllegalStateException("the token could not be signed", broken);
        }
        return token.serialize();
    }

    /** Takes some microseconds of the caller's thread, and nothing else. */
    @Override
    public CompletionStage<TokenVerdict> verify(String token) {
        return CompletableFuture.completedFuture(judge(token));
    }

    private TokenVerdict judge(String token) {
        if (token.length() > TOKEN_CHARACTERS_MAX) {
            return new Worthless("The token is too long.");
        }
        try {
            SignedJWT parsed = SignedJWT.parse(token);
            if (!JWSAlgorithm.HS256.equals(parsed.getHeader().getAlgorithm()) || !parsed.verify(verifier)) {
                return new Worthless("The token is not signed by this server's key.");
            }
            return judge(parsed.getJWTClaimsSet());
        } catch (ParseException | JOSEException | IllegalArgumentException malformed) {
            return new Worthless("The token is malformed.");
        }
    }

    private TokenVerdict judge(JWTClaimsSet claims) throws ParseException {
        Instant now = clock.instant();
        Date end = claims.getExpirationTime();
        if (end != null && !now.isBefore(end.toInstant().plusSeconds(skewSeconds))) {
            return new Worthless("The token has expired.");
        }
        Date start = claims.getNotBeforeTime();
        if (start != null && now.plusSeconds(skewSeconds).isBefore(start.toInstant())) {
            return new Worthless("The token is not valid yet.");
        }
        if (claims.getSubject() == null) {
            return new Worthless("The token names no user.");
        }
        long issuedAt = seconds(claims.getIssueTime());
        return new Genuine(
                claims.getSubject(),
                claims.getStringClaim(DEVICE_CLAIM),
                claims.getStringClaim(PLATFORM_CLAIM),
                new TokenFacts(issuedAt, issuedAt, seconds(end)));
    }

    private static long seconds(Date date) {
        return date == null ? 0 : Math.max(0, date.toInstant().getEpochSecond());
    }
}
