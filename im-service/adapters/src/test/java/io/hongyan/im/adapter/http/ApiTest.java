package io.hongyan.im.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.adapter.http.ApiClient.Answered;
import io.hongyan.im.adapter.http.HttpServer.HttpSettings;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.session.TokenFacts;
import io.hongyan.im.core.session.TokenVerdict;
import io.hongyan.im.core.session.UserStanding;
import io.hongyan.im.core.session.UserStanding.State;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every operation has in common, with a subject made for the test. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class ApiTest {
    private static final String GROUPS_KEY = "groups-key-0123456789abcdefghijklmnopqrs";
    private static final String FEED_KEY = "feed-key-0123456789abcdefghijklmnopqrstuv";
    private static final String BODY = "{\"name\":\"n\",\"count\":1}";

    private Metrics metrics = new Metrics();
    private final List<ApiRequest> requests = new CopyOnWriteArrayList<>();
    private final Map<String, UserStanding> standings = new ConcurrentHashMap<>();
    private final List<CompletableFuture<Reply>> held = new CopyOnWriteArrayList<>();
    /** Tokens that are never verified. */
    private final List<String> slow = new CopyOnWriteArrayList<>();

    /** How often it was asked for Bob's token; each time is a second. */
    private final AtomicLong proofs = new AtomicLong();

    private final CountDownLatch stuck = new CountDownLatch(1);
    private HttpOnPort server;

    record Body(
            @Described("A text.") String name,
            @Described("A number.") Long count,
            @Described(value = "A choice.", optional = true) Boolean flag,
            @Described(value = "More.", optional = true) List<Inner> inner) {}

    record Inner(@Described("A text.") String text) {}

    /** Operations of each kind. */
    private final class Subject implements Routes {
        @Override
        public void addTo(RouteTable table) {
            Access both = Access.businessAndUsers(HttpScope.GROUPS);
            table.add(
                    Operation.change("makeThing", HttpMethod.POST, "/v1/things", "Makes a thing.")
                            .by(both)
                            .takes(Body.class)
                            .gives(HttpResponseStatus.CREATED, Inner.class),
                    request -> {
                        requests.add(request);
                        Body body = request.body(Body.class);
                        return done(new Inner(body.name() + body.count()));
                    });
            table.add(
                    Operation.get("getThing", "/v1/things/{thing}", "Shows a thing.")
                            .by(both)
                            .takesPage()
                            .gives(HttpResponseStatus.OK, Inner.class),
                    request -> done(new Inner(request.name("thing") + request.limit() + request.after())));
            table.add(
                    Operation.get("getMine", "/v1/mine", "For users.")
                            .by(Access.USERS)
                            .gives(HttpResponseStatus.OK, Inner.class),
                    request -> done(new Inner(request.caller().actor().toString())));
            table.add(
                    Operation.get("getTheirs", "/v1/theirs", "For business lines.")
                            .by(Access.business(HttpScope.GROUPS))
                            .gives(HttpResponseStatus.OK, Inner.class),
                    request -> done(new Inner(request.caller().actor().toString())));
            table.add(
                    Operation.get("getSlow", "/v1/slow", "Takes its time.")
                            .by(both)
                            .gives(HttpResponseStatus.OK, Inner.class),
                    request -> {
                        CompletableFuture<Reply> reply = new CompletableFuture<>();
                        held.add(reply);
                        return reply;
                    });
            table.add(
                    Operation.get("getBroken", "/v1/broken", "Meets a failing storage.")
                            .by(both)
                            .gives(HttpResponseStatus.OK, Inner.class),
                    request -> CompletableFuture.failedFuture(new StorageException("a secret detail", null)));
            table.add(
                    Operation.get("getStuck", "/v1/stuck", "Blocks the thread that asks.")
                            .by(Access.business(HttpScope.GROUPS))
                            .gives(HttpResponseStatus.OK, Inner.class),
                    request -> {
                        try {
                            stuck.await();
                        } catch (InterruptedException closed) {
                            Thread.currentThread().interrupt();
                        }
                        return done(new Inner("free"));
                    });
        }

        private CompletionStage<Reply> done(Object body) {
            return CompletableFuture.completedFuture(new Reply(body));
        }
    }

    @BeforeEach
    void start() throws Exception {
        server = serverWith(8, 60_000);
        server.open();
    }

    private HttpOnPort serverWith(int requestsMax, long requestMillisMax) throws Exception {
        metrics.close();
        metrics = new Metrics();
        BusinessKeys keys = new BusinessKeys();
        keys.add("crm", GROUPS_KEY, EnumSet.of(HttpScope.GROUPS, HttpScope.USERS));
        keys.add("audit", FEED_KEY, EnumSet.of(HttpScope.FEED));
        Authentication authentication = new Authentication(
                keys,
                () -> (token, asker) -> verify(token),
                () -> uid -> CompletableFuture.completedFuture(Optional.ofNullable(standings.get(uid))));
        HttpOnPort made = new HttpOnPort(new HttpServer(
                new HttpSettings(4, 30_000, requestsMax, 0, 0, 4_096, requestMillisMax, 2_000, 500, 64L << 20),
                List::of,
                metrics,
                authentication,
                new SecureRandom(),
                List.of(new Subject())));
        return made;
    }

    private CompletionStage<TokenVerdict> verify(String token) {
        if (token.startsWith("slow-")) {
            slow.add(token);
            return new CompletableFuture<>();
        }
        return switch (token) {
            case "token-of-alice" ->
                CompletableFuture.completedFuture(new TokenVerdict.Genuine("alice", null, null, TokenFacts.NONE));
            case "token-of-bob" ->
                CompletableFuture.completedFuture(
                        new TokenVerdict.Genuine("bob", null, null, new TokenFacts(0, proofs.incrementAndGet(), 0)));
            case "token-of-system" ->
                CompletableFuture.completedFuture(new TokenVerdict.Genuine("$system", null, null, TokenFacts.NONE));
            case "token-that-breaks" -> throw new IllegalStateException("a mistake");
            case "token-of-nobody-knows" -> CompletableFuture.failedFuture(new IllegalStateException("no answer"));
            default -> CompletableFuture.completedFuture(new TokenVerdict.Worthless("The token is malformed."));
        };
    }

    @AfterEach
    void stop() {
        server.close();
        metrics.close();
    }

    @Test
    void whoShowsNothingOrSomethingWorthlessIsNotKnown() throws Exception {
        for (String bearer : new String[] {null, "", "nonsense", GROUPS_KEY + "x", "token-of-system"}) {
            Answered answer = with(bearer).get("/v1/things/a");
            assertThat(answer.status()).as(bearer).isEqualTo(401);
            assertThat(answer.code()).isEqualTo("NOT_AUTHORIZED");
            assertThat(answer.response().headers().firstValue("WWW-Authenticate"))
                    .hasValue("Bearer");
        }
        Answered basic = with(null).call("GET", "/v1/things/a", null, "Authorization", "Basic " + GROUPS_KEY);
        assertThat(basic.status()).isEqualTo(401);
    }

    @Test
    void aKeyIsGoodForItsScopesOnly() throws Exception {
        assertThat(with(GROUPS_KEY).get("/v1/theirs").body().get("text").asText())
                .isEqualTo("DeviceKey[uid=$system, device=system:server]");
        Answered other = with(FEED_KEY).get("/v1/theirs");
        assertThat(other.status()).isEqualTo(403);
        assertThat(other.detail()).isEqualTo("The key audit does not have the scope groups.");
        assertThat(with(GROUPS_KEY).get("/v1/mine").status()).isEqualTo(403);
    }

    @Test
    void aTokenOfABarredUserAndARevokedOneAreRefused() throws Exception {
        standings.put("alice", UserStanding.GOOD.with(State.DISABLED));
        Answered disabled = with("token-of-alice").get("/v1/mine");
        assertThat(disabled.status()).isEqualTo(403);
        assertThat(disabled.code()).isEqualTo("NOT_ALLOWED");

        standings.put("alice", UserStanding.GOOD.revoke(null, 100));
        Answered revoked = with("token-of-alice").get("/v1/mine");
        assertThat(revoked.status()).isEqualTo(401);
        assertThat(revoked.detail()).isEqualTo("The token was revoked; get a new one.");

        standings.put("alice", UserStanding.GOOD.revoke("ios:another", 100));
        assertThat(with("token-of-alice").get("/v1/mine").status()).isEqualTo(200);
    }

    @Test
    void aTokenThatIsProvenAfterARevocationIsGood() throws Exception {
        standings.put("bob", UserStanding.GOOD.revoke(null, 1));
        assertThat(with("token-of-bob").get("/v1/mine").status()).isEqualTo(200);
        standings.put("bob", UserStanding.GOOD.revoke(null, 4));
        assertThat(with("token-of-bob").get("/v1/mine").status()).isEqualTo(401);
    }

    @Test
    void aTokenActsAsItsUser() throws Exception {
        assertThat(with("token-of-alice").get("/v1/mine").body().get("text").asText())
                .isEqualTo("DeviceKey[uid=alice, device=http:api]");
        assertThat(with("token-of-alice").get("/v1/theirs").status()).isEqualTo(403);
    }

    @Test
    void whenTokensCannotBeVerifiedNowTheAnswerIsToTryAgain() throws Exception {
        Answered answer = with("token-of-nobody-knows").get("/v1/mine");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.response().headers().firstValue("Retry-After")).hasValue("1");
    }

    @Test
    void aGoodRequestIsAnsweredWithTheStatusOfItsOperation() throws Exception {
        Answered answer = with(GROUPS_KEY).post("/v1/things", BODY, "Idempotency-Key", "order-7");
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.body().get("text").asText()).isEqualTo("n1");
        assertThat(requests.get(0).requestId()).isEqualTo("order-7");
        assertThat(requests.get(0).requestIdGiven()).isTrue();
    }

    @Test
    void withoutAnIdempotencyKeyEachRequestGetsAnotherOne() throws Exception {
        with(GROUPS_KEY).post("/v1/things", BODY);
        with(GROUPS_KEY).post("/v1/things", BODY);
        assertThat(requests).hasSize(2).allMatch(request -> request.requestId().matches("[A-Za-z0-9_-]{22}"));
        assertThat(requests.get(0).requestId()).isNotEqualTo(requests.get(1).requestId());
        assertThat(requests.get(0).requestIdGiven()).isFalse();
    }

    @Test
    void anUnusableIdempotencyKeyIsRefused() throws Exception {
        for (String key : List.of("", "x".repeat(65), "with space")) {
            Answered answer = with(GROUPS_KEY).post("/v1/things", BODY, "Idempotency-Key", key);
            assertThat(answer.status()).as(key).isEqualTo(400);
            assertThat(answer.detail()).contains("Idempotency-Key");
        }
        assertThat(requests).isEmpty();
    }

    @Test
    void aBodyThatDoesNotFitIsRefusedWithTheNameOfTheField() throws Exception {
        assertBad("", "The body takes a JSON object.");
        assertBad("null", "The body takes a JSON object.");
        assertBad("[]", "The body takes a JSON object.");
        assertBad("{", "The body is not JSON: line 1, column");
        assertBad("{\"name\":\"n\",\"count\":1}{}", "The body has something after its JSON object.");
        assertBad("{\"name\":\"n\",\"count\":1} x", "The body");
        assertBad("{\"name\":\"n\",\"count\":1,\"name\":\"m\"}", "The field name is given twice.");
        assertBad(
                "{\"name\":\"n\",\"count\":1,\"inner\":[{\"text\":\"a\",\"text\":\"b\"}]}",
                "The field inner[0].text is given twice.");
        assertBad("{\"name\":\"\\ud800\",\"count\":1}", "The field name has half of a surrogate pair.");
        for (String notJson : List.of(
                "{'name':\"n\"}",
                "{name:\"n\"}",
                "{\"name\":NaN}",
                "{\"name\":\"n\"/*c*/}",
                "{\"name\":\"n\",}",
                "\ufeff{}")) {
            assertBad(notJson, "The body is not JSON: line 1, column");
        }
        assertBad("{\"inner\":" + "[".repeat(1_000), "The field inner[0] takes a JSON object.");
        assertBad(
                "{\"count\":" + "9".repeat(2_000) + "}",
                "The JSON is nested deeper than 32, or a name or number is too");

        assertBad("{\"count\":1}", "The field name is missing.");
        assertBad("{\"name\":null,\"count\":1}", "The field name is missing.");
        assertBad("{\"name\":5,\"count\":1}", "The field name takes a text.");
        assertBad("{\"name\":\"n\",\"count\":\"one\"}", "The field count takes a whole number from ");
        assertBad("{\"name\":\"n\",\"count\":1.5}", "The field count takes a whole number from ");
        assertBad("{\"name\":\"n\",\"count\":99999999999999999999}", "The field count");
        assertBad("{\"name\":\"n\",\"count\":1,\"flag\":\"yes\"}", "The field flag takes true or false.");
        assertBad("{\"name\":\"n\",\"count\":1,\"inner\":{}}", "The field inner takes a list.");
        assertBad("{\"name\":\"n\",\"count\":1,\"inner\":[7]}", "The field inner[0] takes a JSON object.");
        assertBad("{\"name\":\"n\",\"count\":1,\"inner\":[null]}", "The field inner[0] is null.");
        assertBad("{\"name\":\"n\",\"count\":1,\"inner\":[{}]}", "The field inner[0].text is missing.");
        assertBad(
                "{\"name\":\"n\",\"count\":1,\"colour\":1}",
                "There is no field colour here; fields are count, flag, inner, name.");
    }

    private void assertBad(String body, String detail) throws Exception {
        Answered answer = with(GROUPS_KEY).post("/v1/things", body);
        assertThat(answer.status()).as(body).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("MALFORMED");
        assertThat(answer.detail()).as(body).startsWith(detail);
    }

    @Test
    void parametersThatDoNotFitAreRefused() throws Exception {
        assertThat(with(GROUPS_KEY)
                        .get("/v1/things/a?limit=5&after=x")
                        .body()
                        .get("text")
                        .asText())
                .isEqualTo("a5x");
        for (String path : List.of(
                "/v1/things/a%20b",
                "/v1/things/" + "x".repeat(65),
                "/v1/things/a?limit=0",
                "/v1/things/a?limit=many",
                "/v1/things/a?limit=%D9%A5",
                "/v1/things/a?limit=%EF%BC%95",
                "/v1/things/a?limit=%2B5",
                "/v1/things/a?limit=9223372036854775808",
                "/v1/things/a?limit=-9223372036854775809",
                "/v1/things/a?after=%7C")) {
            assertThat(with(GROUPS_KEY).get(path).status()).as(path).isEqualTo(400);
        }
    }

    @Test
    void aQueryThatIsNotEncodedIsRefused() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.getOutputStream()
                    .write(("GET /v1/things/a?after=%zz HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + GROUPS_KEY
                                    + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            byte[] head = socket.getInputStream().readNBytes(12);
            assertThat(new String(head, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 400");
        }
    }

    @Test
    void aBodyAboveTheLimitIsRefusedHoweverItIsSent() throws Exception {
        String large = "{\"name\":\"" + "x".repeat(5_000) + "\",\"count\":1}";
        Answered answer = with(GROUPS_KEY).post("/v1/things", large);
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.detail()).isEqualTo("The body may have at most 4096 bytes.");
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST /v1/things HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + GROUPS_KEY
                            + "\r\nTransfer-Encoding: chunked\r\n\r\n" + "1388\r\n" + "x".repeat(5_000)
                            + "\r\n0\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            byte[] head = socket.getInputStream().readNBytes(12);
            assertThat(new String(head, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 413");
        }
        assertThat(requests).isEmpty();
    }

    @Test
    void troubleOfTheStorageIsAnsweredWith503WithoutItsDetails() throws Exception {
        Answered answer = with(GROUPS_KEY).get("/v1/broken");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.code()).isEqualTo("UNAVAILABLE");
        assertThat(answer.response().headers().firstValue("Retry-After")).hasValue("1");
        assertThat(answer.response().body()).doesNotContain("secret detail");
    }

    @Test
    void anAnswerThatDoesNotComeIsGivenUpAtTheDeadline() throws Exception {
        server.close();
        server = serverWith(8, 200);
        server.open();
        Answered answer = with(GROUPS_KEY).get("/v1/slow");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.detail()).contains("200 ms").contains("Idempotency-Key");
    }

    @Test
    void ofOneCallerNoMoreRequestsAreTakenThanAreFreeSoThatOthersAreAnswered() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            waiting.add(with(GROUPS_KEY).callAsync("GET", "/v1/slow", null));
        }
        Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> held.size() == 4);
        Answered refused = with(GROUPS_KEY).get("/v1/things/a");
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.response().headers().firstValue("Retry-After")).hasValue("1");
        assertThat(with("token-of-alice").get("/v1/mine").status()).isEqualTo(200);
        held.forEach(reply -> reply.complete(new Reply(new Inner("late"))));
        for (CompletableFuture<HttpResponse<String>> answer : waiting) {
            assertThat(answer.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        }
        assertThat(with(GROUPS_KEY).get("/v1/things/a").status()).isEqualTo(200);
    }

    @Test
    void requestsThatWereGivenUpHoldNothing() throws Exception {
        server.close();
        server = serverWith(2, 50);
        server.open();
        // More than there are threads, and than work waits for them.
        for (int i = 0; i < 20; i++) {
            assertThat(with(GROUPS_KEY).get("/v1/stuck").status()).isEqualTo(503);
        }
        assertThat(metrics.scrape()).contains("hongyan_http_requests_open 0.0");
        stuck.countDown();
        Awaitility.await()
                .atMost(20, TimeUnit.SECONDS)
                .until(() -> with(GROUPS_KEY).get("/v1/things/a").status() == 200);
    }

    @Test
    void tokensOfOneAddressThatTakeLongToVerifyDoNotKeepTheServiceFromOthers() throws Exception {
        List<RawHttp> flood = new ArrayList<>();
        try {
            for (int i = 0; i < 40; i++) {
                flood.add(new RawHttp(server.port()).write(mine("slow-" + i)));
            }
            Awaitility.await()
                    .atMost(20, TimeUnit.SECONDS)
                    .until(() -> flood.stream().filter(RawHttp::isAnswered).count() == 24);
            for (RawHttp one : flood) {
                if (one.isAnswered()) {
                    assertThat(one.read(false).status()).isEqualTo(429);
                }
            }
            assertThat(slow).hasSize(16);
            assertThat(with(GROUPS_KEY).get("/v1/things/a").status()).isEqualTo(200);
            try (RawHttp other = new RawHttp(server.port(), "127.0.0.2")) {
                assertThat(other.ask(mine("token-of-alice")).status()).isEqualTo(200);
            }
        } finally {
            for (RawHttp one : flood) {
                one.close();
            }
        }
    }

    @Test
    void tokensThatWereVerifiedHoldNothing() throws Exception {
        for (int i = 0; i < 20; i++) {
            assertThat(with("token-that-breaks").get("/v1/mine").status()).isEqualTo(503);
            assertThat(with("token-of-alice").get("/v1/mine").status()).isEqualTo(200);
        }
    }

    private static String mine(String token) {
        return "GET /v1/mine HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + token + "\r\n\r\n";
    }

    @Test
    void theApiIsRefusedBeforeTheServiceRunsAndAfter() throws Exception {
        server.close();
        server = serverWith(8, 60_000);
        assertThat(with(GROUPS_KEY).get("/v1/things/a").status()).isEqualTo(503);
        server.open();
        assertThat(with(GROUPS_KEY).get("/v1/things/a").status()).isEqualTo(200);
        server.stopAnswering();
        assertThat(with(GROUPS_KEY).get("/v1/things/a").status()).isEqualTo(503);
    }

    @Test
    void requestsAreCountedByRouteAndStatus() throws Exception {
        with(GROUPS_KEY).get("/v1/things/a");
        with(GROUPS_KEY).get("/v1/things/b");
        with(null).get("/v1/things/c");
        with(null).get("/v1/unknown");
        Awaitility.await()
                .atMost(20, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(metrics.scrape())
                        .contains("hongyan_http_requests_seconds_count{method=\"GET\",route=\"/v1/things/{thing}\","
                                + "status=\"200\"} 2")
                        .contains("hongyan_http_requests_seconds_count{method=\"GET\",route=\"/v1/things/{thing}\","
                                + "status=\"401\"} 1")
                        .contains("route=\"other\",status=\"404\"} 1")
                        .contains("hongyan_http_requests_open 0"));
        assertThat(metrics.scrape()).doesNotContain("unknown");
    }

    private ApiClient with(String bearer) {
        return new ApiClient(server, bearer);
    }
}
