package io.hongyan.im.adapter.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.session.TokenFacts;
import io.hongyan.im.core.session.TokenVerdict;
import io.hongyan.im.core.session.TokenVerdict.Genuine;
import io.hongyan.im.core.session.TokenVerdict.Worthless;
import io.hongyan.im.core.session.TokenVerifier;
import io.hongyan.im.core.session.TokenVerifier.Asker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class OpaqueTokensTest {
    private static final Asker ASKER = Asker.at("192.0.2.1");
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final long SECOND = 1_000_000_000;

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final AtomicLong nanos = new AtomicLong(5);
    private IssuerUnderTest service;
    private OpaqueTokens tokens;

    @BeforeEach
    void start() throws Exception {
        service = new IssuerUnderTest();
        service.answer = "{\"active\":true,\"sub\":\"alice\"}";
        tokens = new OpaqueTokens(
                new OpaqueSettings(service.uri(), "our-key", new OpaqueLimits(10_000, 4, 100, 60)),
                now::get,
                nanos::get);
    }

    @AfterEach
    void stop() {
        service.gate.countDown();
        service.close();
    }

    private void passes(long seconds) {
        nanos.addAndGet(seconds * SECOND);
        now.updateAndGet(before -> before.plusSeconds(seconds));
    }

    private TokenVerdict verdict(String token) {
        return tokens.verify(token, ASKER).toCompletableFuture().join();
    }

    private boolean isTrouble(String token) {
        return tokens.verify(token, ASKER)
                .handle((verdict, trouble) -> trouble != null)
                .toCompletableFuture()
                .join();
    }

    @Test
    void theServiceIsAskedAndItsGoodAnswerIsRememberedForATime() {
        service.answer = "{\"active\":true,\"sub\":\"alice\",\"dev\":\"pixel\",\"plt\":\"android\",\"iat\":7,"
                + "\"exp\":" + (START.getEpochSecond() + 50) + ",\"more\":1}";
        TokenFacts facts = new TokenFacts(7, START.getEpochSecond(), START.getEpochSecond() + 50);
        assertThat(verdict("secret-\"1")).isEqualTo(new Genuine("alice", "pixel", "android", facts));
        assertThat(service.bodies).containsExactly("{\"token\":\"secret-\\\"1\"}");
        assertThat(service.authorizations).containsExactly("Bearer our-key");
        passes(49);
        assertThat(verdict("secret-\"1")).isInstanceOf(Genuine.class);
        assertThat(service.requests()).isEqualTo(1);
        passes(1);
        assertThat(verdict("secret-\"1")).isEqualTo(new Worthless("The token has expired."));
        service.answer = "{\"active\":true,\"sub\":\"alice\"}";
        assertThat(verdict("other")).isInstanceOf(Genuine.class);
        passes(61);
        assertThat(verdict("other")).isInstanceOf(Genuine.class);
        assertThat(service.requests()).isEqualTo(4);
    }

    @Test
    void whatWasFoundOutBeforeARevocationIsAskedAgain() {
        verdict("token");
        passes(3);
        long second = now.get().getEpochSecond() - 1;
        service.answer = "{\"active\":false}";
        assertThat(tokens.verifyAgain("token", second, ASKER)
                        .toCompletableFuture()
                        .join())
                .isInstanceOf(Worthless.class);
        assertThat(verdict("token")).isInstanceOf(Worthless.class);
        assertThat(service.requests()).isEqualTo(3);
    }

    @Test
    void anAnswerIsAsOldAsItsQuestion() {
        service.gate = new CountDownLatch(1);
        CompletableFuture<TokenVerdict> asked = tokens.verify("token", ASKER).toCompletableFuture();
        await().until(() -> service.requests() == 1);
        passes(5);
        service.gate.countDown();
        assertThat(asked.join())
                .isEqualTo(new Genuine("alice", null, null, new TokenFacts(0, START.getEpochSecond(), 0)));
    }

    @Test
    void badTokensAreWorthlessAndEverythingElseIsTrouble() {
        service.answer = "{\"active\":false}";
        assertThat(verdict("a")).isInstanceOf(Worthless.class);
        service.status = 404;
        assertThat(verdict("b")).isInstanceOf(Worthless.class);
        for (int status : new int[] {401, 500, 302, 429}) {
            service.status = status;
            assertThat(isTrouble("c" + status)).as("status " + status).isTrue();
            service.status = 404;
            verdict("resets the breaker");
        }
        service.status = 200;
        for (String bad : new String[] {
            "",
            "alice",
            "{\"active\":\"yes\",\"sub\":\"alice\"}",
            "{\"active\":true}",
            "{\"active\":true,\"sub\":\"alice\",\"exp\":\"2026-01-01T00:00:00Z\"}",
            "{\"active\":true,\"sub\":\"alice\",\"iat\":true}",
            "{\"active\":true,\"sub\":\"alice\",\"sub\":\"bob\"}",
            "{\"active\":false,\"sub\":\"alice\",\"active\":true}",
            "{\"active\":true,\"sub\":\"alice\"}{\"active\":false}",
            "{\"active\":true,\"sub\":\"alice\"} and more",
            "{\"active\":true,\"sub\":\"alice\",\"more\":{\"a\":1,\"a\":2}}",
            "{\"active\":true,\"sub\":\"alice\",\"more\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}"
        }) {
            service.answer = bad;
            assertThat(isTrouble("d")).as(bad).isTrue();
            service.status = 404;
            verdict("resets the breaker");
            service.status = 200;
        }
    }

    @Test
    void oneTokenIsAskedForOnceAtATimeAndQuestionsAreBounded() throws Exception {
        service.gate = new CountDownLatch(1);
        List<CompletableFuture<TokenVerdict>> waiting = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            waiting.add(tokens.verify("same", ASKER).toCompletableFuture());
        }
        waiting.add(tokens.verify("another", ASKER).toCompletableFuture());
        assertThat(isTrouble("one too many")).isTrue();
        assertThat(tokens.refusedAsTooMany()).isEqualTo(1);
        await().until(() -> service.requests() == 2);
        service.gate.countDown();
        for (CompletableFuture<TokenVerdict> one : waiting) {
            assertThat(one.get()).isInstanceOf(Genuine.class);
        }
        assertThat(verdict("one too many")).isInstanceOf(Genuine.class);
    }

    /** Of four requests one address gets two, the next one; and there is one left for whoever comes then. */
    @Test
    void oneAddressDoesNotTakeAllRequestsFromTheOthers() throws Exception {
        service.gate = new CountDownLatch(1);
        List<CompletableFuture<TokenVerdict>> flood = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            flood.add(tokens.verify("junk " + i, ASKER).toCompletableFuture());
        }
        List<CompletableFuture<TokenVerdict>> others = new ArrayList<>();
        others.add(tokens.verify("alice", Asker.at("192.0.2.2")).toCompletableFuture());
        others.add(tokens.verify("bob", Asker.at("192.0.2.3")).toCompletableFuture());
        await().until(() -> service.requests() == 4);
        assertThat(tokens.underway()).isEqualTo(4);
        assertThat(tokens.refusedAsTooMany()).isEqualTo(8);
        service.gate.countDown();
        for (CompletableFuture<TokenVerdict> other : others) {
            assertThat(other.get()).isInstanceOf(Genuine.class);
        }
        assertThat(flood.stream().filter(CompletableFuture::isCompletedExceptionally))
                .hasSize(8);
        await().until(() -> tokens.underway() == 0);
        assertThat(verdict("junk 9")).isInstanceOf(Genuine.class);
    }

    @Test
    void aServiceThatFailsIsLeftAloneForAWhile() {
        service.status = 500;
        for (int i = 0; i < 20; i++) {
            assertThat(isTrouble("t" + i)).isTrue();
        }
        assertThat(service.requests()).isEqualTo(CircuitBreaker.FAILURES_MAX);
        assertThat(tokens.refusedAsAway()).isEqualTo(20 - CircuitBreaker.FAILURES_MAX);
        passes(2);
        assertThat(isTrouble("again")).isTrue();
        assertThat(isTrouble("again")).isTrue();
        assertThat(service.requests()).isEqualTo(CircuitBreaker.FAILURES_MAX + 1);
        service.status = 200;
        passes(4);
        assertThat(verdict("good")).isInstanceOf(Genuine.class);
        assertThat(verdict("t0")).isInstanceOf(Genuine.class);
    }

    @Test
    void anAnswerThatDoesNotComeIsTrouble() {
        service.gate = new CountDownLatch(1);
        tokens = new OpaqueTokens(
                new OpaqueSettings(service.uri(), null, new OpaqueLimits(100, 4, 100, 60)), now::get, nanos::get);
        assertThat(isTrouble("t")).isTrue();
    }

    /** Else a service that is stuck would be left with more and more of them. */
    @Test
    void anAnswerThatIsGivenUpTakesItsConnectionWithIt() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            URI uri = URI.create("http://127.0.0.1:" + listening.getLocalPort() + "/");
            tokens = new OpaqueTokens(
                    new OpaqueSettings(uri, null, new OpaqueLimits(5_000, 4, 100, 60)), now::get, nanos::get);
            CompletableFuture<TokenVerdict> asked = tokens.verify("t", ASKER).toCompletableFuture();
            try (Socket connection = listening.accept()) {
                connection.setSoTimeout(30_000);
                connection
                        .getOutputStream()
                        .write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{".getBytes(StandardCharsets.US_ASCII));
                assertThat(asked.handle((verdict, trouble) -> trouble != null).join())
                        .isTrue();
                assertThat(ended(connection)).isTrue();
            }
        }
    }

    private static boolean ended(Socket connection) throws IOException {
        try {
            while (connection.getInputStream().read() >= 0) {
                // The question.
            }
            return true;
        } catch (SocketTimeoutException open) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    @Test
    void onlyWhatIsNoTokenOfOursIsAsked() {
        byte[] key = new byte[32];
        SecretKeys secrets = SecretKeys.of(key);
        TokenVerifier all =
                new JwtTokens(secrets, null, tokens, TokenRules.withSkew(5), now::get, new BlockingWork(Runnable::run));
        String ours = new TokenIssuer(secrets, TokenRules.withSkew(5), now::get).issue("bob", null, null, 60);
        assertThat(all.verify(ours, ASKER).toCompletableFuture().join())
                .isInstanceOfSatisfying(
                        Genuine.class, genuine -> assertThat(genuine.uid()).isEqualTo("bob"));
        assertThat(all.verify(ours + "x", ASKER).toCompletableFuture().join()).isInstanceOf(Worthless.class);
        assertThat(service.requests()).isZero();
        assertThat(all.verify("a.b.c", ASKER).toCompletableFuture().join()).isInstanceOf(Genuine.class);
        assertThat(all.verify("session-4711", ASKER).toCompletableFuture().join())
                .isInstanceOf(Genuine.class);
        assertThat(service.requests()).isEqualTo(2);
    }
}
