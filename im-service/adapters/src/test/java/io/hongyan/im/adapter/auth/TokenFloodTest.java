package io.hongyan.im.adapter.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.session.TokenVerdict;
import io.hongyan.im.core.session.TokenVerdict.Genuine;
import io.hongyan.im.core.session.TokenVerdict.Worthless;
import io.hongyan.im.core.session.TokenVerifier.Asker;
import io.hongyan.im.core.work.WorkLimits;
import io.hongyan.im.core.work.WorkQueues;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whoever sends tokens may be anybody: what their signatures cost is charged to the address. */
@Timeout(60)
final class TokenFloodTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final int SHARE = 100;
    private static final Asker FLOODER = Asker.at("198.51.100.7");
    private static final Asker OTHER = Asker.at("192.0.2.1");

    private final Queue<Runnable> threads = new ArrayDeque<>();
    private final WorkQueues queues = WorkQueues.on(threads::add, new WorkLimits(4, 1_000, SHARE), () -> NOW);
    private ECKey key;
    private JwtTokens tokens;

    @TempDir
    Path directory;

    @BeforeEach
    void start() throws Exception {
        key = new ECKeyGenerator(Curve.P_256).keyID("ec").generate();
        Path file = Files.writeString(
                directory.resolve("keys.json"), new JWKSet(List.of(key.toPublicJWK())).toString(false));
        BlockingWork work = new BlockingWork(queues.tokens());
        JwksKeys keys =
                new JwksKeys(new JwksSettings(file, null, new JwksLimits(300, 10_000, 100_000, 3_600)), () -> 5, work);
        tokens = new JwtTokens(null, keys, null, TokenRules.withSkew(5), () -> NOW, work);
        CompletableFuture<TokenVerdict> first = verify(token("first"), OTHER);
        while (!threads.isEmpty()) {
            turn();
        }
        assertThat(first.join()).isInstanceOf(Genuine.class);
    }

    private void turn() {
        threads.remove().run();
    }

    private CompletableFuture<TokenVerdict> verify(String token, Asker asker) {
        return tokens.verify(token, asker).toCompletableFuture();
    }

    private String token(String uid) throws Exception {
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .subject(uid)
                .issueTime(Date.from(NOW))
                .expirationTime(Date.from(NOW.plusSeconds(60)))
                .build();
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("ec").build(), claims);
        token.sign(new ECDSASigner(key));
        return token.serialize();
    }

    private String junk() throws Exception {
        return token("mallory").replaceFirst("[.][^.]*[.]", '.' + token("alice").split("[.]")[1] + '.');
    }

    private List<CompletableFuture<TokenVerdict>> flood(int count) throws Exception {
        String junk = junk();
        List<CompletableFuture<TokenVerdict>> asked = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            asked.add(verify(junk, FLOODER));
        }
        return asked;
    }

    @Test
    void aFloodHoldsUpNeitherTokensOfOthersNorOtherWork() throws Exception {
        List<CompletableFuture<TokenVerdict>> flood = flood(SHARE);
        assertThat(threads).as("threads that checks may have").hasSizeBetween(1, 2);
        CompletableFuture<TokenVerdict> other = verify(token("bob"), OTHER);
        CompletableFuture<Void> login = new CompletableFuture<>();
        queues.logins().execute("alice", () -> login.complete(null));
        for (int i = 0; i < 6; i++) {
            turn();
        }
        assertThat(login).isCompleted();
        assertThat(other).isCompletedWithValueMatching(Genuine.class::isInstance);
        assertThat(queues.tokens().waiting()).isGreaterThan(SHARE - 6);
        while (!threads.isEmpty()) {
            turn();
        }
        assertThat(flood).allSatisfy(one -> assertThat(one.join()).isInstanceOf(Worthless.class));
    }

    @Test
    void aFullShareIsRefusedAndThatOfAnotherAddressIsNot() throws Exception {
        List<CompletableFuture<TokenVerdict>> flood = flood(SHARE + 3);
        assertThat(flood.subList(SHARE, SHARE + 3))
                .allSatisfy(one -> assertThat(trouble(one)).isInstanceOf(StorageException.class));
        assertThat(queues.tokens().refused()).isEqualTo(3);
        assertThat(verify(token("bob"), OTHER)).isNotDone();
    }

    @Test
    void whoHasLeftIsNotChecked() throws Exception {
        CompletableFuture<TokenVerdict> left = verify(junk(), new Asker(FLOODER.address(), () -> false));
        turn();
        assertThat(trouble(left)).isInstanceOf(CancellationException.class);
    }

    private static Throwable trouble(CompletableFuture<TokenVerdict> asked) {
        Throwable trouble = asked.handle((verdict, failed) -> failed).getNow(null);
        return trouble instanceof CompletionException ? trouble.getCause() : trouble;
    }
}
