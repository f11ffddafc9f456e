package io.hongyan.im.adapter.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.session.TokenFacts;
import io.hongyan.im.core.session.TokenVerdict;
import io.hongyan.im.core.session.TokenVerdict.Genuine;
import io.hongyan.im.core.session.TokenVerdict.Worthless;
import io.hongyan.im.core.session.TokenVerifier.Asker;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
final class JwtTokensTest {
    private static final Asker ASKER = Asker.at("192.0.2.1");
    private static final byte[] KEY = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OTHER_KEY = "fedcba9876543210fedcba9876543210".getBytes(StandardCharsets.US_ASCII);
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final TokenRules rules = TokenRules.withSkew(5);
    private final TokenIssuer tokens = new TokenIssuer(SecretKeys.of(KEY), rules, now::get);
    private final JwtTokens verifier = with(SecretKeys.of(KEY), rules);

    private JwtTokens with(SecretKeys keys, TokenRules others) {
        return new JwtTokens(keys, null, null, others, now::get, new BlockingWork(Runnable::run));
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .subject("alice")
                .issueTime(Date.from(START))
                .expirationTime(Date.from(START.plusSeconds(60)));
    }

    @Test
    void anIssuedTokenNamesItsUserAndWhatItIsBoundTo() {
        assertThat(verdictOn(tokens.issue("alice", null, null, 60)))
                .isEqualTo(new Genuine("alice", null, null, facts(60)));
        assertThat(verdictOn(tokens.issue("alice", "pixel", "android", 60)))
                .isEqualTo(new Genuine("alice", "pixel", "android", facts(60)));
    }

    private static TokenFacts facts(long ttlSeconds) {
        long issuedAt = START.getEpochSecond();
        return new TokenFacts(issuedAt, issuedAt, issuedAt + ttlSeconds + 5);
    }

    @Test
    void aTokenEndsAtItsTimeAndTheSkewIsAllowed() {
        String token = tokens.issue("alice", null, null, 60);
        now.set(START.plusSeconds(64));
        assertThat(verdictOn(token)).isInstanceOf(Genuine.class);
        now.set(START.plusSeconds(65));
        assertThat(verdictOn(token)).isEqualTo(new Worthless("The token has expired."));
    }

    @Test
    void aTokenOfTheFutureIsNotValidYet() throws Exception {
        String token = signed(
                KEY,
                JWSAlgorithm.HS256,
                claims().notBeforeTime(Date.from(START.plusSeconds(6))).build());
        assertThat(verdictOn(token)).isEqualTo(new Worthless("The token is not valid yet."));
        now.set(START.plusSeconds(1));
        assertThat(verdictOn(token)).isInstanceOf(Genuine.class);
    }

    @Test
    void aTokenOfAnotherKeyOrWithAChangedBodyIsForged() throws Exception {
        JWTClaimsSet claims = claims().build();
        assertThat(verdictOn(signed(OTHER_KEY, JWSAlgorithm.HS256, claims))).isInstanceOf(Worthless.class);
        String[] parts = tokens.issue("alice", null, null, 60).split("\\.");
        String body = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"sub\":\"bob\"}".getBytes(StandardCharsets.UTF_8));
        assertThat(verdictOn(parts[0] + '.' + body + '.' + parts[2])).isInstanceOf(Worthless.class);
    }

    /** What was found good before is known by all of its characters. */
    @Test
    void aGoodTokenMakesNoOtherOneGood() {
        String token = tokens.issue("alice", null, null, 60);
        assertThat(verdictOn(token)).isInstanceOf(Genuine.class);
        assertThat(verdictOn(token)).isInstanceOf(Genuine.class);
        char last = token.charAt(token.length() - 2);
        String changed =
                token.substring(0, token.length() - 2) + (last == 'A' ? 'B' : 'A') + token.charAt(token.length() - 1);
        assertThat(verdictOn(changed)).isInstanceOf(Worthless.class);
        assertThat(with(SecretKeys.of(OTHER_KEY), rules)
                        .verify(token, ASKER)
                        .toCompletableFuture()
                        .join())
                .isInstanceOf(Worthless.class);
    }

    @Test
    void noOtherAlgorithmIsTaken() throws Exception {
        JWTClaimsSet claims = claims().build();
        assertThat(verdictOn(new PlainJWT(claims).serialize())).isInstanceOf(Worthless.class);
        byte[] longKey =
                "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
        JwtTokens withLongKey = with(SecretKeys.of(longKey), rules);
        String hs512 = signed(longKey, JWSAlgorithm.HS512, claims);
        assertThat(withLongKey.verify(hs512, ASKER).toCompletableFuture().join())
                .isInstanceOf(Worthless.class);
    }

    @Test
    void rubbishIsWorthless() throws Exception {
        for (String token : new String[] {"", ".", "..", "a.b.c", "é", "x".repeat(5_000)}) {
            assertThat(verdictOn(token)).as(token).isInstanceOf(Worthless.class);
        }
        assertThat(verdictOn(
                        signed(KEY, JWSAlgorithm.HS256, claims().subject(null).build())))
                .isEqualTo(new Worthless("The token names no user (sub)."));
        JWTClaimsSet oddDevice = claims().claim("dev", 7).build();
        assertThat(verdictOn(signed(KEY, JWSAlgorithm.HS256, oddDevice))).isInstanceOf(Worthless.class);
    }

    private static final String HEADER = "{\"alg\":\"HS256\"}";
    private static final String CLAIMS = "\"sub\":\"alice\",\"iat\":1767225600,\"exp\":1767225660";

    @Test
    void whatIsNotOneJsonObjectIsWorthlessThoughItIsSigned() throws Exception {
        assertThat(verdictOn(signedTexts(HEADER, '{' + CLAIMS + '}'))).isInstanceOf(Genuine.class);
        for (String claims : new String[] {
            '{' + CLAIMS + "}{}",
            '{' + CLAIMS + "} and more",
            '{' + CLAIMS + ",\"sub\":\"bob\"}",
            "{\"sub\":\"bob\"," + CLAIMS + '}',
            '{' + CLAIMS + ",\"exp\":1e999}",
            '[' + CLAIMS + ']',
            "{'sub':'alice'}",
            '{' + CLAIMS + ",}",
            "",
            "null"
        }) {
            assertThat(verdictOn(signedTexts(HEADER, claims))).as(claims).isInstanceOf(Worthless.class);
        }
        for (String header : new String[] {
            HEADER + "{}",
            HEADER + " and more",
            "{\"alg\":\"HS256\",\"alg\":\"none\"}",
            "{\"alg\":\"none\",\"alg\":\"HS256\"}",
            "{\"alg\":\"HS256\",\"crit\":[\"exp\"]}",
            "[]",
            ""
        }) {
            assertThat(verdictOn(signedTexts(header, '{' + CLAIMS + '}')))
                    .as(header)
                    .isInstanceOf(Worthless.class);
        }
    }

    /** As deep as a token of the greatest length can be, on a thread with as little stack as an event loop may have left. */
    @Test
    void deepNestingIsWorthlessBeforeAndBehindTheSignature() throws Exception {
        int levels = 1_400;
        for (String open : new String[] {"[", "{\"a\":"}) {
            int times = levels / open.length();
            String close = open.equals("[") ? "]" : "}";
            String deep = open.repeat(times) + (open.equals("[") ? "" : "1") + close.repeat(times);
            String inHeader = signedTexts("{\"alg\":\"HS256\",\"x\":" + deep + '}', '{' + CLAIMS + '}');
            String inClaims = signedTexts(HEADER, '{' + CLAIMS + ",\"x\":" + deep + '}');
            String unsigned = inHeader.substring(0, inHeader.lastIndexOf('.') + 1) + "AAAA";
            for (String token : new String[] {inHeader, inClaims, unsigned}) {
                assertThat(token).hasSizeLessThanOrEqualTo(JwtTokens.TOKEN_CHARACTERS_MAX);
                AtomicReference<Object> outcome = new AtomicReference<>();
                Thread narrow = new Thread(null, () -> outcome.set(orFailure(token)), "narrow", 128 << 10);
                narrow.start();
                narrow.join();
                assertThat(outcome.get()).as(token).isInstanceOf(Worthless.class);
            }
        }
    }

    private Object orFailure(String token) {
        try {
            return verdictOn(token);
        } catch (RuntimeException | StackOverflowError failure) {
            return failure;
        }
    }

    /** Signed whatever it says. */
    private static String signedTexts(String header, String claims) throws Exception {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        String input = base64.encodeToString(header.getBytes(StandardCharsets.UTF_8))
                + '.'
                + base64.encodeToString(claims.getBytes(StandardCharsets.UTF_8));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
        return input + '.' + base64.encodeToString(mac.doFinal(input.getBytes(StandardCharsets.US_ASCII)));
    }

    private TokenVerdict verdictOn(String token) {
        return verdictOf(verifier, token);
    }

    private static TokenVerdict verdictOf(JwtTokens verifier, String token) {
        return verifier.verify(token, ASKER).toCompletableFuture().join();
    }

    private String fault(TokenRules others, JWTClaimsSet claims) throws Exception {
        TokenVerdict verdict = verdictOf(with(SecretKeys.of(KEY), others), signed(KEY, JWSAlgorithm.HS256, claims));
        return verdict instanceof Worthless worthless ? worthless.why() : "";
    }

    @Test
    void whatTheRulesAskForMustBeThere() throws Exception {
        assertThat(fault(rules, claims().expirationTime(null).build())).isEqualTo("The token has no exp.");
        assertThat(fault(rules, claims().issueTime(null).build())).isEqualTo("The token has no iat.");
        assertThat(fault(
                        rules,
                        claims().issueTime(Date.from(START.plusSeconds(6))).build()))
                .isEqualTo("The token was issued in the future.");
        TokenRules lenient = new TokenRules("", "", 5, 0, false, false);
        assertThat(fault(lenient, new JWTClaimsSet.Builder().subject("alice").build()))
                .isEmpty();
        TokenRules shortLife = new TokenRules("", "", 5, 59, false, false);
        assertThat(fault(shortLife, claims().build())).contains("longer than");
        assertThat(fault(shortLife, claims().expirationTime(null).build())).contains("longer than");
        assertThat(fault(
                        shortLife,
                        claims().issueTime(Date.from(START.plusSeconds(1))).build()))
                .isEmpty();
    }

    @Test
    void issuerAndAudienceMustBeTheOnesThatAreSet() throws Exception {
        TokenRules strict = new TokenRules("https://issuer", "chat", 5, 0, true, true);
        JWTClaimsSet good = claims().issuer("https://issuer")
                .audience(List.of("mail", "chat"))
                .build();
        assertThat(fault(strict, good)).isEmpty();
        assertThat(fault(
                        strict,
                        new JWTClaimsSet.Builder(good).issuer("https://other").build()))
                .contains("(iss)");
        assertThat(fault(strict, new JWTClaimsSet.Builder(good).issuer(null).build()))
                .contains("(iss)");
        assertThat(fault(strict, new JWTClaimsSet.Builder(good).audience("mail").build()))
                .contains("(aud)");
        assertThat(fault(
                        strict,
                        new JWTClaimsSet.Builder(good).audience((String) null).build()))
                .contains("(aud)");
        String issued = new TokenIssuer(SecretKeys.of(KEY), strict, now::get).issue("alice", null, null, 60);
        assertThat(verdictOf(with(SecretKeys.of(KEY), strict), issued)).isInstanceOf(Genuine.class);
    }

    private static String signed(byte[] key, JWSAlgorithm algorithm, JWTClaimsSet claims) throws Exception {
        SignedJWT token = new SignedJWT(new JWSHeader(algorithm), claims);
        token.sign(new MACSigner(key));
        return token.serialize();
    }
}
