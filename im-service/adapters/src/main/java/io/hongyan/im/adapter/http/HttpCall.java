package io.hongyan.im.adapter.http;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One request in two steps: its head says who asks for what, and only then is its body read. Neither step blocks. */
interface HttpCall {
    /** The path as metrics show it: one of few. */
    String route();

    /**
     * Exceptionally with a {@link Problem} where it is refused whatever its body is.
     *
     * @param address of whoever asks
     */
    CompletionStage<Void> admit(String address);

    /** Largest body. */
    int bodyBytesMax();

    /** Exceptionally with a {@link Problem} where it is refused. */
    CompletionStage<HttpAnswer> answer(byte[] body);

    /** Whether only those may ask who watch over the server. */
    default boolean monitoring() {
        return false;
    }

    /** A call that is refused at once. */
    static HttpCall refused(String route, Problem problem) {
        return new HttpCall() {
            @Override
            public String route() {
                return route;
            }

            @Override
            public CompletionStage<Void> admit(String address) {
                return CompletableFuture.failedFuture(problem);
            }

            @Override
            public int bodyBytesMax() {
                return 0;
            }

            @Override
            public CompletionStage<HttpAnswer> answer(byte[] body) {
                return CompletableFuture.failedFuture(problem);
            }
        };
    }
}
