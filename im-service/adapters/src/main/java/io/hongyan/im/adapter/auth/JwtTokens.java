package io.hongyan.im.adapter.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.hongyan.im.adapter.auth.VerifiedTokens.Verified;
import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.session.TokenVerdict;
import io.hongyan.im.core.session.TokenVerdict.Genuine;
import io.hongyan.im.core.session.TokenVerdict.Worthless;
import io.hongyan.im.core.session.TokenVerifier;
import java.nio.ByteBuffer;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * JSON Web Tokens (RFC 7519), signed by HS256 with a shared secret, or by RS256, ES256 or EdDSA with a key of the
 * issuer. Each verifier belongs to one algorithm: a public key is never used as a secret, and the header of a token can
 * only choose among keys. Other tokens go to the sign-on service, if there is one.
 */
public final class JwtTokens implements TokenVerifier {
    /** Longer tokens are refused unread. */
    static final int TOKEN_CHARACTERS_MAX = 4_096;

    private static final int PARTS = 3;
    private static final Worthless MALFORMED = new Worthless("The token is malformed.");
    private static final Worthless UNSIGNED =
            new Worthless("The token is not signed with a key that this server" + " knows.");

    private final SecretKeys secrets;
    private final JwksKeys issuerKeys;
    private final TokenVerifier others;
    private final TokenRules rules;
    private final InstantSource clock;
    private final BlockingWork work;
    private final VerifiedTokens verified = new VerifiedTokens();

    /**
     * @param secrets null = HS256 is refused
     * @param issuerKeys null = only HS256 is accepted
     * @param others checks other tokens, null = they are refused
     * @param work for signatures that take more than some microseconds, with the address as their owner
     */
    public JwtTokens(
            SecretKeys secrets,
            JwksKeys issuerKeys,
            TokenVerifier others,
            TokenRules rules,
            InstantSource clock,
            BlockingWork work) {
        this.secrets = secrets;
        this.issuerKeys = issuerKeys;
        this.others = others;
        this.rules = rules;
        this.clock = clock;
        this.work = work;
    }

    /** Takes some microseconds of the caller's thread at most. */
    @Override
    public CompletionStage<TokenVerdict> verify(String token, Asker asker) {
        return verify(token, asker, others == null ? null : () -> others.verify(token, asker));
    }

    @Override
    public CompletionStage<TokenVerdict> verifyAgain(String token, long second, Asker asker) {
        return verify(token, asker, others == null ? null : () -> others.verifyAgain(token, second, asker));
    }

    private CompletionStage<TokenVerdict> verify(String token, Asker asker, Ask other) {
        if (token.length() > TOKEN_CHARACTERS_MAX) {
            return CompletableFuture.completedFuture(new Worthless("The token is too long."));
        }
        ByteBuffer hash = VerifiedTokens.hash(token);
        Verified known = verified.find(hash);
        if (known == null) {
            return verifyNew(token, hash, asker, other);
        }
        return keys(known.algorithm(), known.kid()).thenCompose(keys -> {
            if (known.holds(keys)) {
                return CompletableFuture.completedFuture(worth(known.claims()));
            }
            verified.remove(hash);
            return verifyNew(token, hash, asker, other);
        });
    }

    private CompletionStage<TokenVerdict> verifyNew(String token, ByteBuffer hash, Asker asker, Ask other) {
        SignedJWT parsed = parse(token);
        JWSAlgorithm algorithm = parsed == null ? null : parsed.getHeader().getAlgorithm();
        if (secrets != null && JWSAlgorithm.HS256.equals(algorithm)) {
            return keys(algorithm, parsed.getHeader().getKeyID()).thenApply(keys -> judge(parsed, hash, keys));
        } else if (issuerKeys != null && JwksKeys.ALGORITHMS.contains(algorithm)) {
            return keys(algorithm, parsed.getHeader().getKeyID())
                    .thenCompose(keys -> work.submit(asker.address(), () -> judgeIfWanted(parsed, hash, keys, asker)));
        } else if (other != null) {
            return other.ask();
        }
        return CompletableFuture.completedFuture(parsed == null ? MALFORMED : UNSIGNED);
    }

    private CompletionStage<List<JWSVerifier>> keys(JWSAlgorithm algorithm, String kid) {
        return JWSAlgorithm.HS256.equals(algorithm)
                ? CompletableFuture.completedFuture(secrets.of(kid))
                : issuerKeys.find(algorithm, kid);
    }

    /** Asks the sign-on service. */
    private interface Ask {
        CompletionStage<TokenVerdict> ask();
    }

    /** Null if it is not a token of these. */
    private static SignedJWT parse(String token) {
        if (token.chars().filter(c -> c == '.').count() != PARTS - 1) {
            return null;
        }
        try {
            return SignedJWT.parse(token);
        } catch (ParseException | IllegalArgumentException malformed) {
            return null;
        }
    }

    /** When its turn has come: who has left meanwhile is not worth the processor. */
    private TokenVerdict judgeIfWanted(SignedJWT token, ByteBuffer hash, List<JWSVerifier> keys, Asker asker) {
        if (!asker.waits().getAsBoolean()) {
            throw new CancellationException("the client did not wait for the check of its token");
        }
        return judge(token, hash, keys);
    }

    private TokenVerdict judge(SignedJWT token, ByteBuffer hash, List<JWSVerifier> keys) {
        try {
            for (JWSVerifier key : keys) {
                if (token.verify(key)) {
                    JWTClaimsSet claims = token.getJWTClaimsSet();
                    TokenVerdict verdict = worth(claims);
                    if (verdict instanceof Genuine) {
                        verified.add(
                                hash,
                                new Verified(
                                        token.getHeader().getAlgorithm(),
                                        token.getHeader().getKeyID(),
                                        key,
                                        claims));
                    }
                    return verdict;
                }
            }
            return UNSIGNED;
        } catch (ParseException | JOSEException | IllegalArgumentException | IllegalStateException malformed) {
            return MALFORMED;
        }
    }

    private TokenVerdict worth(JWTClaimsSet claims) {
        try {
            return rules.judge(claims, clock.instant());
        } catch (ParseException malformed) {
            return MALFORMED;
        }
    }
}
