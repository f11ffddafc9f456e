package io.hongyan.im.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.work.FairBudget;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Errors where requests are served: what one client's bytes can cause costs its request or its connection; others come to the
 * handler of the process, which ends it.
 */
@Timeout(60)
final class HttpErrorsTest extends HttpOnSocket {
    private static final String GET_THING = "GET /v1/things/a HTTP/1.1\r\n" + AUTHORIZED + "\r\n";

    private final List<Throwable> fatal = new CopyOnWriteArrayList<>();
    private final ConnectionTable connections = new ConnectionTable(10, 10);
    private Thread.UncaughtExceptionHandler before;

    @BeforeEach
    void handle() {
        before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> fatal.add(failure));
    }

    @AfterEach
    void restore() {
        Thread.setDefaultUncaughtExceptionHandler(before);
    }

    @Test
    void anOperationThatRunsOutOfStackIsRefusedAndItsThreadGoesOn() throws Exception {
        trouble = new StackOverflowError();
        try (RawHttp http = new RawHttp(server.port())) {
            // More than there are threads.
            for (int i = 0; i < 5; i++) {
                assertThat(http.ask(GET_THING).status()).isEqualTo(503);
            }
            trouble = null;
            assertThat(http.ask(GET_THING).status()).isEqualTo(200);
        }
        assertThat(fatal).isEmpty();
    }

    @Test
    void aFatalErrorOfAnOperationComesToTheHandlerOfTheProcess() throws Exception {
        trouble = new NoClassDefFoundError("operation");
        try (RawHttp http = new RawHttp(server.port())) {
            assertThat(http.ask(GET_THING).status()).isEqualTo(503);
        }
        assertThat(fatal).containsExactly(trouble);
    }

    /** What becomes of a request for something that runs this on the event loop before the body is read, or to answer. */
    private EmbeddedChannel asked(boolean toAnswer, Supplier<CompletionStage<HttpAnswer>> run) {
        Router router = new Router();
        router.add("GET", "/it", (path, query, headers) -> new HttpCall() {
            @Override
            public String route() {
                return "it";
            }

            @Override
            public CompletionStage<Void> admit(String address) {
                return toAnswer
                        ? CompletableFuture.completedFuture(null)
                        : run.get().thenAccept(none -> {});
            }

            @Override
            public int bodyBytesMax() {
                return 0;
            }

            @Override
            public CompletionStage<HttpAnswer> answer(byte[] body) {
                return run.get();
            }
        });
        HttpShared shared = new HttpShared(
                router,
                new Browsers(List.of()),
                connections,
                new FairBudget(1 << 20),
                metrics,
                Clock.systemUTC(),
                System::nanoTime,
                60_000,
                60_000,
                1_000);
        EmbeddedChannel channel = new EmbeddedChannel(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel made) {
                new HttpPipeline(shared).install(made.pipeline(), "here", true);
            }
        });
        channel.writeInbound(Unpooled.copiedBuffer("GET /it HTTP/1.1\r\nHost: h\r\n\r\n", StandardCharsets.US_ASCII));
        channel.runPendingTasks();
        return channel;
    }

    private static CompletionStage<HttpAnswer> thrown(Error error) {
        throw error;
    }

    @Test
    void aConnectionThatMeetsAnErrorIsClosedAndCounted() {
        for (boolean toAnswer : new boolean[] {false, true}) {
            EmbeddedChannel channel = asked(toAnswer, () -> thrown(new StackOverflowError()));
            assertThat(channel.isOpen()).isFalse();
            channel.finishAndReleaseAll();
        }
        assertThat(connections.failed()).isEqualTo(2);
        assertThat(connections.open()).isZero();
        assertThat(fatal).isEmpty();
    }

    @Test
    void aFatalErrorOnAnEventLoopComesToTheHandlerOfTheProcess() {
        for (boolean toAnswer : new boolean[] {false, true}) {
            asked(toAnswer, () -> thrown(new InternalError("loop"))).finishAndReleaseAll();
        }
        // Netty hands on what its pipeline throws.
        asked(true, () -> CompletableFuture.completedFuture(HttpAnswer.json(HttpResponseStatus.OK, Map.of())))
                .pipeline()
                .fireExceptionCaught(new InternalError("pipeline"));
        assertThat(fatal).extracting(Throwable::getMessage).containsExactly("loop", "loop", "pipeline");
    }

    @Test
    void aFatalErrorOfASharedAnswerComesToTheHandlerOfTheProcess() throws Exception {
        InternalError error = new InternalError("page");
        try (SharedAnswer page = new SharedAnswer("page", 1, 30_000, System::nanoTime, () -> {
            throw error;
        })) {
            assertThat(page.ask()
                            .handle((answer, problem) -> problem)
                            .toCompletableFuture()
                            .get(30, TimeUnit.SECONDS))
                    .hasRootCauseInstanceOf(Problem.class);
        }
        assertThat(fatal).hasSize(1);
    }
}
