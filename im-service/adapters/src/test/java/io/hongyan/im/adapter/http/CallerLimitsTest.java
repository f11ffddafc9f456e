package io.hongyan.im.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hongyan.im.adapter.http.HttpServer.HttpSettings;
import io.hongyan.im.core.session.TokenFacts;
import io.hongyan.im.core.session.TokenVerdict.Genuine;
import io.hongyan.protocol.ErrorCode;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Limits of one caller: a key, a user, or an address where neither is asked for. */
final class CallerLimitsTest {
    private static final String KEY = "0123456789abcdef0123456789abcdef";
    private static final String HERE = "192.0.2.1";
    private static final String ELSEWHERE = "192.0.2.2";
    private static final int BODY_BYTES_MAX = 4_096;

    private final AtomicLong nanos = new AtomicLong(5);
    private final List<CompletableFuture<Reply>> held = new ArrayList<>();
    private Api api;

    record Thing(@Described("A text.") String text) {}

    private Router router(int requestsMax, int perSecondMax) {
        BusinessKeys keys = new BusinessKeys();
        keys.add("crm", KEY, EnumSet.of(HttpScope.GROUPS));
        Authentication authentication = new Authentication(
                keys,
                () -> (token, asker) ->
                        CompletableFuture.completedFuture(new Genuine(token, null, null, TokenFacts.NONE)),
                () -> uid -> CompletableFuture.completedFuture(Optional.empty()));
        api = new Api(
                new HttpSettings(
                        2,
                        60_000,
                        requestsMax,
                        perSecondMax,
                        2 * perSecondMax,
                        BODY_BYTES_MAX,
                        60_000,
                        1_000,
                        1_000,
                        1L << 20),
                authentication,
                Runnable::run,
                new SecureRandom(),
                nanos::get);
        api.open(true);
        RouteTable table = new RouteTable();
        table.add(
                Operation.get("getOpen", "/v1/open", "For anybody.").gives(HttpResponseStatus.OK, Thing.class),
                request -> slow());
        table.add(
                Operation.get("getThing", "/v1/thing", "Takes its time.")
                        .by(Access.businessAndUsers(HttpScope.GROUPS))
                        .gives(HttpResponseStatus.OK, Thing.class),
                request -> slow());
        table.add(
                Operation.change("makeThing", HttpMethod.POST, "/v1/thing", "Makes a thing.")
                        .by(Access.businessAndUsers(HttpScope.GROUPS))
                        .takes(Thing.class)
                        .gives(HttpResponseStatus.OK, Thing.class),
                request -> slow());
        Router made = new Router();
        api.addTo(made, table);
        return made;
    }

    private CompletionStage<Reply> slow() {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        held.add(reply);
        return reply;
    }

    private static CompletableFuture<Void> admitted(Router router, String path, String credential, String address) {
        String header = credential == null ? null : "Bearer " + credential;
        return router.find("GET", path, name -> name.equals("Authorization") ? header : null)
                .admit(address)
                .toCompletableFuture();
    }

    private static void isRefusedAsTooMuch(CompletableFuture<?> asked) {
        assertThatThrownBy(asked::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .satisfies(cause -> {
                    assertThat(((Problem) cause).code()).isEqualTo(ErrorCode.RATE_LIMITED);
                    assertThat(((Problem) cause).answer().headers()).containsEntry("Retry-After", "1");
                });
    }

    @Test
    void eachCallerHasItsRequestsInASecond() {
        Router router = router(100, 3);
        for (String path : new String[] {"/v1/thing", "/v1/open"}) {
            String credential = path.equals("/v1/open") ? null : "mallory";
            for (int i = 0; i < 3; i++) {
                assertThat(admitted(router, path, credential, HERE)).isCompleted();
            }
            isRefusedAsTooMuch(admitted(router, path, credential, HERE));
        }
        isRefusedAsTooMuch(admitted(router, "/v1/thing", "mallory", ELSEWHERE));
        assertThat(admitted(router, "/v1/open", null, ELSEWHERE)).isCompleted();
        assertThat(admitted(router, "/v1/thing", "alice", HERE)).isCompleted();
        for (int i = 0; i < 6; i++) {
            assertThat(admitted(router, "/v1/thing", KEY, HERE)).isCompleted();
        }
        isRefusedAsTooMuch(admitted(router, "/v1/thing", KEY, HERE));
        assertThat(api.refusedAsTooOften()).isEqualTo(4);
        nanos.addAndGet(1_000_000_000);
        assertThat(admitted(router, "/v1/thing", "mallory", HERE)).isCompleted();
    }

    /** Who needs no credential is known by the address. */
    @Test
    void anonymousRequestsOfOneAddressLeaveRoomForOthers() {
        Router router = router(8, 0);
        for (int i = 0; i < 4; i++) {
            asked(router, HERE);
        }
        HttpCall tooMany = router.find("GET", "/v1/open", name -> null);
        assertThat(tooMany.admit(HERE)).isCompleted();
        assertThatThrownBy(() -> tooMany.answer(new byte[0])).isInstanceOf(Problem.class);
        assertThat(api.refusedAsTooMany()).isEqualTo(1);
        asked(router, ELSEWHERE);
        assertThat(held).hasSize(5);
    }

    private static void asked(Router router, String address) {
        HttpCall call = router.find("GET", "/v1/open", name -> null);
        assertThat(call.admit(address)).isCompleted();
        call.answer(new byte[0]);
    }

    @Test
    void aBodyThatNobodyReadsIsSmall() {
        Router router = router(8, 0);
        assertThat(router.find("GET", "/v1/thing", name -> null).bodyBytesMax()).isEqualTo(1_024);
        assertThat(router.find("POST", "/v1/thing", name -> null).bodyBytesMax())
                .isEqualTo(BODY_BYTES_MAX);
    }
}
