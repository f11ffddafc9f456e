package io.hongyan.im.adapter.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.session.TokenVerdict;
import io.hongyan.im.core.session.TokenVerdict.Genuine;
import io.hongyan.im.core.session.TokenVerdict.Worthless;
import io.hongyan.im.core.session.TokenVerifier.Asker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class JwksKeysTest {
    private static final Asker ASKER = Asker.at("192.0.2.1");
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final long SECOND = 1_000_000_000;
    private static final RSAKey RSA =
            made(() -> new RSAKeyGenerator(2048).keyID("rsa").generate());
    private static final ECKey EC =
            made(() -> new ECKeyGenerator(Curve.P_256).keyID("ec").generate());
    private static final KeyPair ED =
            made(() -> KeyPairGenerator.getInstance("Ed25519").generateKeyPair());

    private final AtomicLong nanos = new AtomicLong(5);
    private IssuerUnderTest issuer;

    @TempDir
    Path directory;

    private interface Made<T> {
        T make() throws Exception;
    }

    private static <T> T made(Made<T> maker) {
        try {
            return maker.make();
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @BeforeEach
    void start() throws Exception {
        issuer = new IssuerUnderTest();
        issuer.answer = set(RSA.toPublicJWK(), EC.toPublicJWK(), edJwk());
    }

    @AfterEach
    void stop() {
        issuer.gate.countDown();
        issuer.close();
    }

    private static String set(JWK... keys) {
        return new JWKSet(List.of(keys)).toString(false);
    }

    private static OctetKeyPair edJwk() {
        // The last 32 bytes of the X.509 form are the key as it stands in a JWK.
        byte[] encoded = ED.getPublic().getEncoded();
        byte[] point = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
        return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(point))
                .keyID("ed")
                .build();
    }

    private JwtTokens tokens() {
        return tokens(new JwksSettings(null, issuer.uri(), new JwksLimits(300, 10_000, 100_000, 3_600)), null);
    }

    private JwtTokens tokens(JwksSettings settings, SecretKeys secrets) {
        BlockingWork work = new BlockingWork(Runnable::run);
        JwksKeys keys = new JwksKeys(settings, nanos::get, work);
        return new JwtTokens(secrets, keys, null, TokenRules.withSkew(5), () -> NOW, work);
    }

    private static JWTClaimsSet claims() {
        return new JWTClaimsSet.Builder()
                .subject("alice")
                .issueTime(Date.from(NOW))
                .expirationTime(Date.from(NOW.plusSeconds(60)))
                .build();
    }

    private static String rs256(RSAKey key) throws Exception {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(), claims());
        token.sign(new RSASSASigner(key));
        return token.serialize();
    }

    private static String es256(String kid) throws Exception {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(kid).build(), claims());
        token.sign(new ECDSASigner(EC));
        return token.serialize();
    }

    private static String edDsa() throws Exception {
        String signed = Base64URL.encode("{\"alg\":\"EdDSA\",\"kid\":\"ed\"}") + "."
                + claims().toPayload().toBase64URL();
        Signature signer = Signature.getInstance("Ed25519");
        signer.initSign(ED.getPrivate());
        signer.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + Base64URL.encode(signer.sign());
    }

    private static TokenVerdict verdict(JwtTokens tokens, String token) {
        return tokens.verify(token, ASKER).toCompletableFuture().join();
    }

    private static boolean isTrouble(JwtTokens tokens, String token) {
        return tokens.verify(token, ASKER)
                .handle((verdict, trouble) -> trouble != null)
                .toCompletableFuture()
                .join();
    }

    @Test
    void tokensOfEachAlgorithmAreGood() throws Exception {
        JwtTokens tokens = tokens();
        for (String token : new String[] {rs256(RSA), es256("ec"), es256(null), edDsa()}) {
            assertThat(verdict(tokens, token)).isInstanceOfSatisfying(Genuine.class, genuine -> {
                assertThat(genuine.uid()).isEqualTo("alice");
                assertThat(genuine.facts().issuedAt()).isEqualTo(NOW.getEpochSecond());
            });
        }
        String token = edDsa();
        String forged = token.substring(0, token.length() - 10) + "AAAAAAAAAA";
        assertThat(verdict(tokens, forged)).isInstanceOf(Worthless.class);
        assertThat(issuer.requests()).isEqualTo(1);
    }

    @Test
    void whatIsNoTokenOfThatKindIsWorthlessAndNoTrouble() {
        JwtTokens tokens = tokens();
        for (String token : new String[] {"", "wrong", "a.b.c", "..", "eyJhbGciOiJub25lIn0..", "a".repeat(4_000)}) {
            assertThat(verdict(tokens, token)).as(token).isInstanceOf(Worthless.class);
        }
        assertThat(issuer.requests()).isZero();
    }

    @Test
    void aPublicKeyIsNeverASecretAndAKeyServesItsAlgorithmOnly() throws Exception {
        byte[] publicKey = RSA.toRSAPublicKey().getEncoded();
        SignedJWT confused = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("rsa").build(), claims());
        confused.sign(new MACSigner(publicKey));
        assertThat(verdict(tokens(), confused.serialize())).isInstanceOf(Worthless.class);

        byte[] secret = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
        issuer.answer = set(
                RSA.toPublicJWK(),
                new OctetSequenceKey.Builder(secret).keyID("oct").build());
        JwksSettings settings = new JwksSettings(null, issuer.uri(), new JwksLimits(300, 10_000, 100_000, 3_600));
        SignedJWT bySecretOfSet = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("oct").build(), claims());
        bySecretOfSet.sign(new MACSigner(secret));
        SecretKeys ours = SecretKeys.of("another secret of more than 32 bytes".getBytes(StandardCharsets.US_ASCII));
        assertThat(verdict(tokens(settings, ours), bySecretOfSet.serialize())).isInstanceOf(Worthless.class);

        RSAKey forPs256 = new RSAKey.Builder(RSA).algorithm(JWSAlgorithm.PS256).build();
        issuer.answer = set(forPs256.toPublicJWK(), EC.toPublicJWK());
        assertThat(verdict(tokens(), rs256(RSA))).isInstanceOf(Worthless.class);
    }

    @Test
    void aNewKeyIsFoundWhenATokenNamesItAndNotMoreOftenThanThePause() throws Exception {
        JwtTokens tokens = tokens();
        verdict(tokens, rs256(RSA));
        RSAKey next = new RSAKeyGenerator(2048).keyID("next").generate();
        String token = rs256(next);
        issuer.answer = set(RSA.toPublicJWK(), next.toPublicJWK());
        assertThat(verdict(tokens, token)).isInstanceOf(Worthless.class);
        assertThat(issuer.requests()).isEqualTo(1);
        nanos.addAndGet(6 * SECOND);
        assertThat(verdict(tokens, token)).isInstanceOf(Genuine.class);
        for (int i = 0; i < 20; i++) {
            assertThat(verdict(tokens, es256("made-up-" + i))).isInstanceOf(Worthless.class);
        }
        assertThat(issuer.requests()).isEqualTo(2);
    }

    @Test
    void manyWaitForOneReading() throws Exception {
        issuer.gate = new CountDownLatch(1);
        JwtTokens tokens = tokens();
        List<CompletableFuture<TokenVerdict>> waiting = new ArrayList<>();
        String token = rs256(RSA);
        for (int i = 0; i < 50; i++) {
            waiting.add(tokens.verify(token, ASKER).toCompletableFuture());
        }
        assertThat(waiting).noneMatch(CompletableFuture::isDone);
        issuer.gate.countDown();
        for (CompletableFuture<TokenVerdict> one : waiting) {
            assertThat(one.get()).isInstanceOf(Genuine.class);
        }
        assertThat(issuer.requests()).isEqualTo(1);
    }

    @Test
    void whileTheIssuerIsAwayItsKeysStayGoodForATimeAndUnknownOnesAreTrouble() throws Exception {
        JwtTokens tokens = tokens();
        verdict(tokens, rs256(RSA));
        issuer.status = 500;
        nanos.addAndGet(301 * SECOND);
        assertThat(verdict(tokens, rs256(RSA))).isInstanceOf(Genuine.class);
        assertThat(isTrouble(tokens, es256("another"))).isTrue();
        assertThat(isTrouble(tokens, es256("another"))).isTrue();
        assertThat(issuer.requests()).isEqualTo(2);
        nanos.addAndGet(3_000 * SECOND);
        assertThat(verdict(tokens, rs256(RSA))).isInstanceOf(Genuine.class);
        nanos.addAndGet(400 * SECOND);
        assertThat(isTrouble(tokens, rs256(RSA))).isTrue();
        issuer.status = 200;
        nanos.addAndGet(400 * SECOND);
        assertThat(verdict(tokens, rs256(RSA))).isInstanceOf(Genuine.class);
    }

    @Test
    void whatIsNoKeySetIsTrouble() throws Exception {
        for (String bad : new String[] {"", "{}", "[]", "{\"keys\":[]}", "x".repeat(100_001)}) {
            issuer.answer = bad;
            assertThat(isTrouble(tokens(), rs256(RSA)))
                    .as(bad.length() + " characters")
                    .isTrue();
        }
        issuer.status = 302;
        issuer.answer = set(RSA.toPublicJWK());
        int before = issuer.requests();
        assertThat(isTrouble(tokens(), rs256(RSA))).isTrue();
        assertThat(issuer.requests()).isEqualTo(before + 1);
    }

    @Test
    void aFileServesToo() throws Exception {
        Path file = Files.writeString(directory.resolve("keys.json"), set(RSA.toPublicJWK()));
        JwksSettings settings = new JwksSettings(file, null, new JwksLimits(300, 10_000, 100_000, 3_600));
        assertThat(verdict(tokens(settings, null), rs256(RSA))).isInstanceOf(Genuine.class);
        Files.delete(file);
        assertThat(isTrouble(tokens(settings, null), rs256(RSA))).isTrue();
    }

    @Test
    void aSignatureIsCheckedOnceAndItsKeyAndTimeAtEachLogin() throws Exception {
        AtomicInteger checks = new AtomicInteger();
        BlockingWork counted = new BlockingWork(task -> {
            checks.incrementAndGet();
            task.run();
        });
        JwksKeys keys = new JwksKeys(
                new JwksSettings(null, issuer.uri(), new JwksLimits(300, 10_000, 100_000, 3_600)),
                nanos::get,
                new BlockingWork(Runnable::run));
        AtomicReference<Instant> now = new AtomicReference<>(NOW);
        JwtTokens tokens = new JwtTokens(null, keys, null, TokenRules.withSkew(5), now::get, counted);
        String token = rs256(RSA);
        for (int i = 0; i < 3; i++) {
            assertThat(tokens.verify(token, ASKER).toCompletableFuture().join()).isInstanceOf(Genuine.class);
        }
        assertThat(checks).hasValue(1);

        now.set(NOW.plusSeconds(65));
        assertThat(tokens.verify(token, ASKER).toCompletableFuture().join())
                .isEqualTo(new Worthless("The token has expired."));
        now.set(NOW);

        issuer.answer = set(EC.toPublicJWK());
        nanos.addAndGet(301 * SECOND);
        await().until(() -> {
            nanos.addAndGet(SECOND);
            return tokens.verify(token, ASKER).toCompletableFuture().join() instanceof Worthless;
        });
    }
}
