package io.hongyan.im.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.adapter.http.HttpServer.HttpSettings;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** In which order things happen when a reply comes, on one thread. */
@Timeout(60)
final class ApiOrderTest {
    private static final String KEY = "groups-key-0123456789abcdefghijklmnopqrs";

    private final CompletableFuture<Reply> reply = new CompletableFuture<>();

    record Thing(@Described("A text.") String text) {}

    /** Else who asks one after the other would be refused though only one request is under way. */
    @Test
    void aRequestIsNoLongerUnderWayWhenItsAnswerLeaves() {
        Api api = api();
        CompletableFuture<Long> underWay =
                ask(api).thenApply(answer -> api.openRequests()).toCompletableFuture();
        assertThat(api.openRequests()).isEqualTo(1);

        reply.complete(new Reply(new Thing("late")));

        assertThat(underWay).isCompletedWithValue(0L);
    }

    @Test
    void aRequestThatFailedIsNoLongerUnderWayWhenItsAnswerLeaves() {
        Api api = api();
        CompletableFuture<Long> underWay =
                ask(api).thenApply(answer -> api.openRequests()).toCompletableFuture();
        assertThat(api.openRequests()).isEqualTo(1);

        reply.completeExceptionally(new IllegalStateException("a mistake"));

        assertThat(underWay).isCompletedWithValue(0L);
    }

    private static Api api() {
        BusinessKeys keys = new BusinessKeys();
        keys.add("crm", KEY, EnumSet.of(HttpScope.GROUPS));
        Authentication authentication = new Authentication(
                keys,
                () -> (token, asker) -> CompletableFuture.failedFuture(new AssertionError("no token comes")),
                () -> uid -> CompletableFuture.completedFuture(Optional.empty()));
        Api api = new Api(
                new HttpSettings(2, 60_000, 8, 0, 0, 4_096, 60_000, 1_000, 1_000, 1L << 20),
                authentication,
                Runnable::run,
                new SecureRandom(),
                System::nanoTime);
        api.open(true);
        return api;
    }

    private CompletableFuture<HttpAnswer> ask(Api api) {
        RouteTable table = new RouteTable();
        table.add(
                Operation.get("getSlow", "/v1/slow", "Takes its time.")
                        .by(Access.business(HttpScope.GROUPS))
                        .gives(HttpResponseStatus.OK, Thing.class),
                request -> reply);
        Router router = new Router();
        api.addTo(router, table);
        HttpCall call = router.find("GET", "/v1/slow", name -> name.equals("Authorization") ? "Bearer " + KEY : null);
        assertThat(call.admit("127.0.0.1")).isCompleted();
        return call.answer(new byte[0]).toCompletableFuture();
    }
}
