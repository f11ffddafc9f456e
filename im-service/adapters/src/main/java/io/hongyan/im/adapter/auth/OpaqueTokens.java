package io.hongyan.im.adapter.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.hongyan.im.core.session.TokenVerdict;
import io.hongyan.im.core.session.TokenVerdict.Genuine;
import io.hongyan.im.core.session.TokenVerifier;
import io.hongyan.im.core.work.FairBudget;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tokens that only the company's sign-on service can check: it is asked by HTTP POST. Its positive answers are
 * remembered for a time, by the SHA-256 of the token; for each token there is one request at a time. A failure of the
 * service is never taken for a bad token. Safe for many threads; never blocks the caller.
 */
public final class OpaqueTokens implements TokenVerifier {
    private static final int ANSWER_BYTES_MAX = 16_384;
    private static final Logger LOG = LoggerFactory.getLogger(OpaqueTokens.class);

    private final OpaqueSettings settings;
    private final InstantSource clock;
    private final HttpClient client;
    private final CircuitBreaker breaker;
    private final Cache<ByteBuffer, Known> known;
    private final Map<ByteBuffer, CompletableFuture<TokenVerdict>> asked = new ConcurrentHashMap<>();
    /** Requests, by address: whoever sends a token may be anybody. */
    private final FairBudget underway;

    private final LongAdder tooMany = new LongAdder();
    private final LongAdder away = new LongAdder();

    private record Known(Genuine verdict) {}

    public OpaqueTokens(OpaqueSettings settings, InstantSource clock, LongSupplier nanoTime) {
        this.settings = settings;
        this.clock = clock;
        this.breaker = new CircuitBreaker(nanoTime);
        this.underway = new FairBudget(settings.limits().requestsMax());
        Ticker ticker = nanoTime::getAsLong;
        this.known = Caffeine.newBuilder()
                .maximumSize(settings.limits().cachedMax())
                .expireAfterWrite(
                        Duration.ofMillis(Math.max(1, settings.limits().cachedSeconds() * 1_000L)))
                .ticker(ticker)
                .build();
        this.client = HttpClient.newBuilder()
                .connectTimeout(Duration.ofMillis(settings.limits().answerMillisMax()))
                .followRedirects(Redirect.NEVER)
                .build();
    }

    @Override
    public CompletionStage<TokenVerdict> verify(String token, Asker asker) {
        return verifyAgain(token, 0, asker);
    }

    /** Asks again if the remembered answer is not newer. */
    @Override
    public CompletionStage<TokenVerdict> verifyAgain(String token, long second, Asker asker) {
        ByteBuffer key = ByteBuffer.wrap(hash(token));
        Known before = known.getIfPresent(key);
        if (before != null
                && before.verdict.facts().provenAt() > second
                && !OpaqueAnswer.hasEnded(before.verdict, clock.instant())) {
            return CompletableFuture.completedFuture(before.verdict);
        }
        CompletableFuture<TokenVerdict> mine = new CompletableFuture<>();
        CompletableFuture<TokenVerdict> others = asked.putIfAbsent(key, mine);
        if (others != null) {
            return others;
        }
        ask(token, asker.address()).whenComplete((verdict, trouble) -> {
            if (verdict instanceof Genuine genuine) {
                known.put(key, new Known(genuine));
            } else if (verdict != null) {
                known.invalidate(key);
            }
            asked.remove(key, mine);
            if (trouble == null) {
                mine.complete(verdict);
            } else {
                mine.completeExceptionally(trouble);
            }
        });
        return mine;
    }

    private CompletionStage<TokenVerdict> ask(String token, String address) {
        if (!underway.take(address, 1)) {
            tooMany.increment();
            return CompletableFuture.failedFuture(
                    new IOException("too many requests to the sign-on service for one address"));
        } else if (!breaker.allows()) {
            underway.giveBack(address, 1);
            away.increment();
            return CompletableFuture.failedFuture(new IOException("the sign-on service does not answer"));
        }
        // Before the request: the answer is at least as new.
        Instant now = clock.instant();
        HttpRequest.Builder request = HttpRequest.newBuilder(settings.url())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(OpaqueAnswer.question(token)));
        if (settings.secret() != null) {
            request.header("Authorization", "Bearer " + settings.secret());
        }
        return LimitedBody.ask(
                        client,
                        request.build(),
                        ANSWER_BYTES_MAX,
                        settings.limits().answerMillisMax())
                .thenCompose(answer -> read(answer, now))
                .whenComplete((verdict, trouble) -> {
                    underway.giveBack(address, 1);
                    if (trouble == null) {
                        breaker.succeeded();
                    } else if (breaker.failed()) {
                        LOG.warn(
                                "the sign-on service is not asked for a while, because it failed several times: {}",
                                trouble.toString());
                    }
                });
    }

    /** Requests now. */
    public long underway() {
        return underway.held();
    }

    /** Tokens that were not asked about because of the share of their address. */
    public long refusedAsTooMany() {
        return tooMany.sum();
    }

    /** Tokens that were not asked about because the service does not answer. */
    public long refusedAsAway() {
        return away.sum();
    }

    private static CompletionStage<TokenVerdict> read(HttpResponse<String> answer, Instant askedAt) {
        try {
            return CompletableFuture.completedFuture(OpaqueAnswer.read(answer.statusCode(), answer.body(), askedAt));
        } catch (IOException trouble) {
            return CompletableFuture.failedFuture(trouble);
        }
    }

    private static byte[] hash(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
