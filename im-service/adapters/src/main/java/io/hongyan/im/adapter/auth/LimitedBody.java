package io.hongyan.im.adapter.auth;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;

/** The body of an answer as text, up to a size; empty if it is larger. */
final class LimitedBody implements BodySubscriber<String> {
    private final int bytesMax;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CompletableFuture<String> result = new CompletableFuture<>();
    private Flow.Subscription subscription;

    private LimitedBody(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Sends a request. If the answer is not complete in time, it is given up together with its connection. */
    static CompletableFuture<HttpResponse<String>> ask(
            HttpClient client, HttpRequest request, int bytesMax, long millisMax) {
        CompletableFuture<HttpResponse<String>> sent = client.sendAsync(request, head -> new LimitedBody(bytesMax));
        return sent.copy().orTimeout(millisMax, TimeUnit.MILLISECONDS).whenComplete((answer, trouble) -> {
            if (trouble != null) {
                sent.cancel(true);
            }
        });
    }

    @Override
    public CompletionStage<String> getBody() {
        return result;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        given.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            if (bytes.size() + buffer.remaining() > bytesMax) {
                subscription.cancel();
                result.completeExceptionally(new IOException("the answer has more than " + bytesMax + " bytes"));
                return;
            }
            byte[] some = new byte[buffer.remaining()];
            buffer.get(some);
            bytes.writeBytes(some);
        }
    }

    @Override
    public void onError(Throwable trouble) {
        result.completeExceptionally(trouble);
    }

    @Override
    public void onComplete() {
        result.complete(bytes.toString(StandardCharsets.UTF_8));
    }
}
