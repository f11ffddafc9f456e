package io.hongyan.im.adapter.auth;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import io.hongyan.im.core.message.BlockingWork;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.text.ParseException;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of an issuer, read again from time to time and when a token names an unknown one. One request at a time,
 * with {@link #PAUSE_MILLIS_MIN} between two, doubled while they fail. While the issuer is away the keys stay valid for
 * a time. Safe for many threads; never blocks the caller.
 */
public final class JwksKeys {
    /** May be asked for null, what a token has that is no JWT. */
    static final Set<JWSAlgorithm> ALGORITHMS = Collections.unmodifiableSet(
            new HashSet<>(List.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256, JWSAlgorithm.EdDSA)));

    static final long PAUSE_MILLIS_MIN = 5_000;
    private static final int DOUBLINGS_MAX = 6;
    private static final int OK = 200;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final Logger LOG = LoggerFactory.getLogger(JwksKeys.class);

    private final JwksSettings settings;
    private final LongSupplier nanoTime;
    private final BlockingWork work;
    private final HttpClient client;

    private KeySet keys;
    private long readAt;
    private long nextAt;
    private int failures;
    /** Null while no request is pending. */
    private CompletableFuture<KeySet> reading;

    /** @param work for reading a file */
    public JwksKeys(JwksSettings settings, LongSupplier nanoTime, BlockingWork work) {
        this.settings = settings;
        this.nanoTime = nanoTime;
        this.work = work;
        this.nextAt = nanoTime.getAsLong();
        this.client = HttpClient.newBuilder()
                .connectTimeout(Duration.ofMillis(settings.limits().answerMillisMax()))
                .followRedirects(Redirect.NEVER)
                .build();
    }

    /**
     * The keys that may have signed a token.
     *
     * @param kid as in the token, null = it has none
     * @return empty if there is none; exceptionally if that is not known now
     */
    CompletionStage<List<JWSVerifier>> find(JWSAlgorithm algorithm, String kid) {
        synchronized (this) {
            long age = nanoTime.getAsLong() - readAt;
            boolean usable = keys != null && age <= settings.limits().staleSecondsMax() * NANOS_PER_SECOND;
            List<JWSVerifier> found = usable ? keys.of(algorithm, kid) : List.of();
            boolean due = found.isEmpty() || age > settings.limits().refreshSeconds() * NANOS_PER_SECOND;
            CompletableFuture<KeySet> wanted = due ? readUnlessTooSoon() : reading;
            if (!found.isEmpty()) {
                return CompletableFuture.completedFuture(found);
            } else if (wanted != null) {
                return wanted.thenApply(read -> read.of(algorithm, kid));
            } else if (usable && failures == 0) {
                return CompletableFuture.completedFuture(List.of());
            }
            return CompletableFuture.failedFuture(new IOException("the keys of the issuer cannot be read"));
        }
    }

    /** The caller holds the monitor. Null if no request is pending. */
    private CompletableFuture<KeySet> readUnlessTooSoon() {
        if (reading != null || nanoTime.getAsLong() - nextAt < 0) {
            return reading;
        }
        CompletableFuture<KeySet> begun = new CompletableFuture<>();
        reading = begun;
        CompletableFuture.completedFuture(null)
                .thenCompose(none -> read())
                .thenCompose(JwksKeys::parsed)
                .whenComplete((read, trouble) -> settle(begun, read, trouble));
        return begun;
    }

    private CompletionStage<String> read() {
        if (settings.url() == null) {
            return work.submit(this::readFile);
        }
        HttpRequest request = HttpRequest.newBuilder(settings.url())
                .header("Accept", "application/json")
                .build();
        return LimitedBody.ask(
                        client,
                        request,
                        settings.limits().bytesMax(),
                        settings.limits().answerMillisMax())
                .thenCompose(answer -> answer.statusCode() == OK
                        ? CompletableFuture.completedFuture(answer.body())
                        : CompletableFuture.<String>failedFuture(
                                new IOException("HTTP status " + answer.statusCode())));
    }

    private String readFile() {
        try (InputStream in = Files.newInputStream(settings.file())) {
            byte[] bytes = in.readNBytes(settings.limits().bytesMax() + 1);
            if (bytes.length > settings.limits().bytesMax()) {
                throw new IOException("it has more than " + settings.limits().bytesMax() + " bytes");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static CompletionStage<KeySet> parsed(String text) {
        try {
            return CompletableFuture.completedFuture(KeySet.parse(text));
        } catch (ParseException | RuntimeException malformed) {
            return CompletableFuture.failedFuture(malformed);
        }
    }

    private void settle(CompletableFuture<KeySet> begun, KeySet read, Throwable trouble) {
        synchronized (this) {
            reading = null;
            long now = nanoTime.getAsLong();
            if (trouble == null) {
                keys = read;
                readAt = now;
                failures = 0;
            } else {
                failures++;
            }
            int doublings = Math.min(DOUBLINGS_MAX, Math.max(0, failures - 1));
            nextAt = now + (PAUSE_MILLIS_MIN << doublings) * NANOS_PER_MILLI;
            if (failures == 1) {
                LOG.warn("the keys of the issuer cannot be read: {}", trouble.toString());
            }
        }
        if (trouble == null) {
            begun.complete(read);
        } else {
            begun.completeExceptionally(trouble);
        }
    }
}
