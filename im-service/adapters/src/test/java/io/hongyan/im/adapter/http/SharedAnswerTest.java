package io.hongyan.im.adapter.http;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class SharedAnswerTest {
    private final AtomicInteger begun = new AtomicInteger();
    private final CountDownLatch hanging = new CountDownLatch(1);
    private final CountDownLatch working = new CountDownLatch(1);
    private volatile RuntimeException mistake;
    private final SharedAnswer question = new SharedAnswer("question", 1, 30_000, System::nanoTime, this::answer);

    private HttpAnswer answer() {
        int number = begun.incrementAndGet();
        working.countDown();
        try {
            hanging.await();
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
        if (mistake != null) {
            throw mistake;
        }
        return HttpAnswer.text(HttpResponseStatus.OK, "text/plain", Integer.toString(number));
    }

    @AfterEach
    void close() {
        question.close();
    }

    @Test
    void allWhoAskWhileItIsWorkedOnShareTheNextAnswer() throws Exception {
        CompletableFuture<HttpAnswer> first = question.ask().toCompletableFuture();
        working.await();
        List<CompletableFuture<HttpAnswer>> later = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            later.add(question.ask().toCompletableFuture());
        }
        hanging.countDown();
        assertThat(new String(first.get(30, TimeUnit.SECONDS).body())).isEqualTo("1");
        for (CompletableFuture<HttpAnswer> one : later) {
            assertThat(new String(one.get(30, TimeUnit.SECONDS).body())).isEqualTo("2");
        }
        assertThat(begun).hasValue(2);
    }

    @Test
    void whileItHangsWhoAsksIsToldInTimeAndAfterwardsItIsAnsweredAgain() throws Exception {
        try (SharedAnswer hasty = new SharedAnswer("hasty", 1, 10, System::nanoTime, this::answer)) {
            for (int i = 0; i < 3; i++) {
                assertThat(hasty.ask().handle((answer, trouble) -> trouble).toCompletableFuture())
                        .succeedsWithin(30, TimeUnit.SECONDS, as(InstanceOfAssertFactories.THROWABLE))
                        .hasRootCauseInstanceOf(Problem.class);
            }
            assertThat(begun).hasValue(1);
            hanging.countDown();
        }
        assertThat(question.ask().toCompletableFuture()).succeedsWithin(30, TimeUnit.SECONDS);
    }

    @Test
    void afterAMistakeItIsWorkedOnAgain() throws Exception {
        mistake = new IllegalStateException("mistake");
        hanging.countDown();
        assertThat(question.ask()
                        .handle((answer, trouble) -> trouble)
                        .toCompletableFuture()
                        .get(30, TimeUnit.SECONDS))
                .hasRootCauseInstanceOf(Problem.class);
        mistake = null;
        assertThat(new String(question.ask()
                        .toCompletableFuture()
                        .get(30, TimeUnit.SECONDS)
                        .body()))
                .isEqualTo("2");
    }
}
