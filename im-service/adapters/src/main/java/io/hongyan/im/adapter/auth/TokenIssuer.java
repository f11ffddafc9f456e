package io.hongyan.im.adapter.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;

/** Creates tokens that {@link JwtTokens} accepts, for development. */
public final class TokenIssuer {
    private final MACSigner signer;
    private final String kid;
    private final TokenRules rules;
    private final InstantSource clock;

    public TokenIssuer(SecretKeys keys, TokenRules rules, InstantSource clock) {
        try {
            this.signer = new MACSigner(keys.signingKey());
        } catch (JOSEException tooShort) {
            throw new IllegalArgumentException("the key is too short", tooShort);
        }
        this.kid = keys.signingKid();
        this.rules = rules;
        this.clock = clock;
    }

    /**
     * A new token. Those of one second have the same {@code iat}.
     *
     * @param device the device name to which it is bound, null = any
     * @param platform the platform to which it is bound, null = any
     * @param ttlSeconds how long it is valid from now; reduced to what the server accepts
     */
    public String issue(String uid, String device, String platform, long ttlSeconds) {
        Instant now = clock.instant();
        long life = rules.lifeSecondsMax() == 0 ? ttlSeconds : Math.min(ttlSeconds, rules.lifeSecondsMax());
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .subject(uid)
                .issuer(rules.issuer().isEmpty() ? null : rules.issuer())
                .audience(rules.audience().isEmpty() ? null : rules.audience())
                .claim(TokenRules.DEVICE_CLAIM, device)
                .claim(TokenRules.PLATFORM_CLAIM, platform)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(life)))
                .build();
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(kid).build(), claims);
        try {
            token.sign(signer);
        } catch (JOSEException broken) {
            throw new IllegalStateException("the token could not be signed", broken);
        }
        return token.serialize();
    }
}
