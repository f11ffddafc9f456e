package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.hongyan.im.app.CallPages.Answer;
import io.hongyan.im.app.CallPages.Answering;
import io.hongyan.im.app.CallPages.Page;
import io.hongyan.im.app.client.HttpApi;
import io.hongyan.im.app.client.PahoClient;
import io.hongyan.im.app.client.Payloads;
import io.hongyan.im.core.Storage;
import io.hongyan.im.core.inbox.DeviceRoom;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.receipt.Marks.Mark;
import io.hongyan.protocol.Topics;
import io.hongyan.protocol.v1.Peer;
import io.hongyan.protocol.v1.ReceiptsRequest;
import io.hongyan.protocol.v1.Reply;
import java.lang.reflect.Field;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever other users do to a user's conversations, groups and inbox, no answer is larger than its limit, and pages
 * give every item once. All calls and routes that answer with lists are here.
 */
@Timeout(240)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnswerSizesTest {
    /** {@code calls.page_bytes_max}, of contents and texts alone. */
    private static final int CONTENT_MAX = 256 << 10;

    /** The other fields of an item: names, numbers. */
    private static final int AROUND_MAX = 700;

    private static final int PAGE_MAX = 500;
    private static final int PAGE_SMALL = 7;
    private static final int FEED_MAX = 4 << 20;

    private static final int GROUPS = 60;
    private static final int MEMBERS = 501;
    private static final int DEVICES = 600;
    private static final int READERS = 200;
    private static final int CONNECTIONS = 9;

    /** Messages of one group; the reader was removed and added again three times between them. */
    private static final int HISTORY = 24;

    private static final String READER = "reader";
    private static final String WRITER = "writer";
    private static final String LARGE_TEXT = "x".repeat(60_000);
    private static final String ANNOUNCEMENT = "中".repeat(2_000);
    private static final String WIDE = "wide";

    /** Calls that answer with a few numbers. */
    private static final Set<String> WITHOUT_LISTS =
            Set.of(Topics.CALL_TIME, Topics.CALL_RECALL, Topics.CALL_EDIT, Topics.CALL_REACT, Topics.CALL_PIN_MESSAGE);

    /** Answers without pages: they have a bounded number of items whatever clients do. */
    private static final Set<String> WITHOUT_PAGES = Set.of(
            // Bounded by a setting each; and at most 200 gates.
            "GET /v1/node/limits",
            "PUT /v1/node/limits",
            "GET /v1/gates",
            // Numbers, and two lists of at most push.listed_max users.
            "GET /v1/push/{push_id}",
            "POST /v1/push",
            // The devices of a user: 500 at most, or as many as sessions.devices_max lets in.
            "GET /v1/users/{uid}",
            "POST /v1/users",
            "POST /v1/users/{uid}/kick",
            // The groups of 200 memberships, by their ids.
            "DELETE /v1/users/{uid}");

    @TempDir
    static Path directory;

    private RunningServer server;
    private Storage storage;
    private final List<PahoClient> clients = new ArrayList<>();
    private PahoClient reader;
    private PahoClient jsonReader;
    private HttpApi business;
    private long ownMessage;

    private interface Asked {
        /** @param after where the page before ended, null = from the start */
        Page page(String after, int limit);
    }

    /**
     * @param expected items that there are, 0 where it is not known
     * @param paged false where the answer has no pages
     */
    record Call(String name, int contentMax, int expected, boolean paged, Asked asked) {
        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    void fill() throws Exception {
        server = RunningServer.startOver(
                directory,
                real -> {
                    storage = real;
                    return real;
                },
                "HONGYAN_SESSIONS_DEVICES_MAX",
                "1000");
        business = HttpApi.business(server);
        server.token(READER);
        server.token(WRITER);
        PahoClient writer = online(WRITER + ":iot:w");
        for (int i = 0; i < GROUPS; i++) {
            String id = groupId(i);
            done(business.post(
                    "/v1/groups",
                    "{\"id\":\"" + id + "\",\"name\":\"n\",\"owner\":\"" + WRITER + "\",\"members\":[\"" + READER
                            + "\"]}"));
            done(business.call("PATCH", "/v1/groups/" + id, "{\"announcement\":\"" + ANNOUNCEMENT + "\"}"));
            writer.publish(
                    Topics.SEND, Payloads.sendToGroup("m", id, LARGE_TEXT).toByteArray());
        }
        String first = "/v1/groups/" + groupId(0) + "/members";
        for (int i = 1; i < HISTORY; i++) {
            writer.publish(
                    Topics.SEND,
                    Payloads.sendToGroup("m" + i, groupId(0), LARGE_TEXT.substring(i * 1_000))
                            .toByteArray());
            if (i % 6 == 0) {
                done(business.delete(first + '/' + READER));
                done(business.post(first, "{\"uids\":[\"" + READER + "\"]}"));
            }
        }
        fillWideGroup();
        for (int i = 0; i < DEVICES; i++) {
            storage.devices().register(new DeviceKey("owner", "iot:d" + i), DeviceRoom.of(DEVICES), 1_000 + i / 3);
        }
        for (int i = 0; i < CONNECTIONS; i++) {
            online("idle:iot:c" + i);
        }
        reader = online(READER + ":iot:r");
        reader.subscribe(Topics.reply(READER));
        jsonReader = online(READER + ":iot:j");
        jsonReader.subscribe(Topics.JSON_PREFIX + Topics.reply(READER));
    }

    /** Everybody in it has the longest name there is; some have read what the reader wrote. */
    private void fillWideGroup() throws Exception {
        storage.users().ensure("owner");
        List<String> uids = IntStream.range(0, MEMBERS - 1)
                .mapToObj(i -> "u".repeat(60) + String.format(Locale.ROOT, "%04d", i))
                .toList();
        uids.forEach(uid -> storage.users().ensure(uid));
        done(business.post("/v1/groups", "{\"id\":\"" + WIDE + "\",\"name\":\"Wide\",\"owner\":\"" + READER + "\"}"));
        String names = uids.stream().map(uid -> '"' + uid + '"').collect(Collectors.joining(",", "[", "]"));
        done(business.post("/v1/groups/" + WIDE + "/members", "{\"uids\":" + names + '}'));
        long seq;
        try (PahoClient sender = new PahoClient(server, READER + ":iot:s", true)) {
            sender.publish(
                    Topics.SEND, Payloads.sendToGroup("own", WIDE, "mine").toByteArray());
            seq = storage.history().head(Conversation.group(WIDE));
        }
        ownMessage = seq;
        storage.marks()
                .raise(uids.subList(0, READERS).stream()
                        .map(uid -> new Mark(uid, Conversation.group(WIDE), 0, seq, seq))
                        .toList());
    }

    private static void done(HttpApi.Answered answer) {
        assertThat(answer.status()).as("%s", answer.body()).isLessThan(300);
    }

    private PahoClient online(String clientId) throws Exception {
        PahoClient client = new PahoClient(server, clientId, true);
        clients.add(client);
        return client;
    }

    @AfterAll
    void stop() {
        clients.forEach(PahoClient::close);
        server.close();
    }

    private static String groupId(int i) {
        return "g".repeat(60) + String.format(Locale.ROOT, "%03d", i);
    }

    List<Call> calls() {
        List<Call> calls = new ArrayList<>();
        for (boolean json : new boolean[] {false, true}) {
            calls.add(call(json, Topics.CALL_CONVERSATIONS, GROUPS + 1, CallPages::conversations));
            calls.add(call(
                    json,
                    Topics.CALL_HISTORY,
                    0,
                    (answering, after) -> CallPages.history(answering, groupId(0), after)));
            calls.add(call(json, Topics.CALL_PULL, 0, CallPages::pull));
            calls.add(call(
                    json,
                    Topics.CALL_MEMBERS,
                    MEMBERS,
                    (answering, after) -> CallPages.members(answering, WIDE, after)));
            calls.add(new Call(
                    (json ? Topics.JSON_PREFIX : "") + Topics.CALL_RECEIPTS,
                    CONTENT_MAX,
                    READERS,
                    false,
                    receipts(json)));
        }
        calls.add(http(
                "/v1/groups/{group}/members",
                WIDE,
                "members",
                member -> member.path("uid").asText(),
                MEMBERS));
        calls.add(http(
                "/v1/users/{uid}/groups",
                READER,
                "groups",
                group -> group.at("/group/id").asText(),
                GROUPS + 1));
        calls.add(http(
                "/v1/users/{uid}/devices",
                "owner",
                "devices",
                device -> device.path("device").asText(),
                DEVICES));
        calls.add(http(
                "/v1/connections",
                "",
                "connections",
                one -> one.path("connection").asText(),
                CONNECTIONS + 3));
        calls.add(new Call("GET /v1/feed", FEED_MAX, 0, true, (after, limit) -> {
            Page page =
                    httpPage("/v1/feed", "events", AnswerSizesTest::event, after, limit == PAGE_MAX ? 1_000 : limit);
            // The feed has no end, only a newest event.
            return page.items().isEmpty() ? new Page(page.bytes(), page.items(), null) : page;
        }));
        return calls;
    }

    /** What identifies an event. */
    private static String event(JsonNode event) {
        return event.path("key").asText() + ' ' + event.path("keySeq").asText();
    }

    @ParameterizedTest
    @MethodSource("calls")
    void noAnswerIsAboveItsLimitAndPagesGiveEverythingOnce(Call call) {
        List<String> inLargePages = all(call, PAGE_MAX);
        if (call.expected > 0) {
            assertThat(inLargePages).hasSize(call.expected);
        }
        if (call.paged) {
            List<String> inSmallPages = all(call, PAGE_SMALL);
            // There may be more: events that happen while it is read.
            assertThat(inSmallPages).containsAll(inLargePages);
        }
    }

    private static List<String> all(Call call, int limit) {
        List<String> items = new ArrayList<>();
        String after = null;
        do {
            Page page = call.asked.page(after, limit);
            assertThat(page.bytes())
                    .as("bytes of an answer with %d items", page.items().size())
                    .isLessThanOrEqualTo(call.contentMax + (page.items().size() + 1) * AROUND_MAX);
            assertThat(page.items().size()).isLessThanOrEqualTo(call.contentMax == FEED_MAX ? 1_000 : limit);
            items.addAll(page.items());
            after = page.next();
        } while (after != null);
        assertThat(new HashSet<>(items)).as("each once").hasSize(items.size());
        return items;
    }

    @Test
    void whoAsksForMoreThanAPageGetsAPage() {
        Page page = httpPage(
                "/v1/groups/" + WIDE + "/members",
                "members",
                member -> member.path("uid").asText(),
                null,
                10_000);
        assertThat(page.items()).hasSize(PAGE_MAX);
        assertThat(page.next()).isNotNull();
    }

    @Test
    void everyCallAndRouteThatAnswersAListIsHere() throws Exception {
        Set<String> tried = calls().stream().map(Call::name).collect(Collectors.toSet());
        for (Field topic : Topics.class.getFields()) {
            String name = topic.getType() == String.class ? (String) topic.get(null) : "";
            if (name.startsWith(Topics.CALL_PREFIX) && name.length() > Topics.CALL_PREFIX.length()) {
                assertThat(WITHOUT_LISTS.contains(name) || tried.contains(name) && tried.contains("json/" + name))
                        .as(name)
                        .isTrue();
            }
        }
        Set<String> lists = new TreeSet<>();
        JsonNode description = business.get("/v1/openapi.json").body();
        for (Map.Entry<String, JsonNode> path : description.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                for (Map.Entry<String, JsonNode> answer :
                        operation.getValue().path("responses").properties()) {
                    JsonNode schema = answer.getValue().at("/content/application~1json/schema");
                    if (answer.getKey().startsWith("2") && hasList(description, schema)) {
                        lists.add(operation.getKey().toUpperCase(Locale.ROOT) + ' ' + path.getKey());
                    }
                }
            }
        }
        assertThat(lists).contains("GET /v1/connections", "GET /v1/gates");
        lists.removeAll(tried);
        assertThat(lists).as("routes that answer lists").isEqualTo(new TreeSet<>(WITHOUT_PAGES));
    }

    private static boolean hasList(JsonNode description, JsonNode schema) {
        if (schema.has("$ref")) {
            return hasList(
                    description, description.at(schema.path("$ref").asText().substring(1)));
        }
        if (schema.path("type").asText().equals("array")) {
            return true;
        }
        for (JsonNode property : schema.path("properties")) {
            if (hasList(description, property)) {
                return true;
            }
        }
        return false;
    }

    // ---- over HTTP

    private Call http(String route, String name, String list, Function<JsonNode, String> itemName, int expected) {
        String path = route.replaceAll("\\{[a-z]+}", name);
        return new Call(
                "GET " + route,
                CONTENT_MAX,
                expected,
                true,
                (after, limit) -> httpPage(path, list, itemName, after, limit));
    }

    private Page httpPage(String path, String list, Function<JsonNode, String> name, String after, int limit) {
        String from = after == null ? "" : "&after=" + URLEncoder.encode(after, StandardCharsets.UTF_8);
        HttpResponse<String> answer = server.http(
                "GET", path + "?limit=" + limit + from, null, "Authorization", "Bearer " + server.httpKey());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode body = json(answer.body());
        List<String> items = new ArrayList<>();
        body.path(list).forEach(item -> items.add(name.apply(item)));
        String next = body.has("next") ? body.path("next").asText() : null;
        return new Page(answer.body().getBytes(StandardCharsets.UTF_8).length, items, next);
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException malformed) {
            throw new AssertionError(text, malformed);
        }
    }

    // ---- over MQTT

    private Call call(
            boolean json, String topic, int expected, BiFunction<Answering, String, IntFunction<Page>> pages) {
        return new Call(
                (json ? Topics.JSON_PREFIX : "") + topic,
                CONTENT_MAX,
                expected,
                true,
                (after, limit) ->
                        pages.apply(request -> ask(json, topic, request), after).apply(limit));
    }

    private Answer ask(boolean json, String topic, Message request) {
        PahoClient client = json ? jsonReader : reader;
        String replies = (json ? Topics.JSON_PREFIX : "") + Topics.reply(READER);
        List<byte[]> answers = client.topic(replies);
        int before = answers.size();
        try {
            client.publish(
                    (json ? Topics.JSON_PREFIX : "") + topic,
                    json
                            ? JsonFormat.printer().print(request).getBytes(StandardCharsets.UTF_8)
                            : request.toByteArray());
            // Thousands of answers: the usual interval would be most of the time.
            await().atMost(Duration.ofSeconds(30))
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> answers.size() > before);
            byte[] answer = answers.get(before);
            Reply.Builder reply = Reply.newBuilder();
            if (json) {
                JsonFormat.parser().merge(new String(answer, StandardCharsets.UTF_8), reply);
            } else {
                reply.mergeFrom(answer);
            }
            assertThat(reply.getCodeValue()).as(reply.getReason()).isZero();
            return new Answer(answer.length, reply.build());
        } catch (Exception trouble) {
            throw new AssertionError(trouble);
        }
    }

    private Asked receipts(boolean json) {
        return (after, limit) -> {
            Answer answer = ask(
                    json,
                    Topics.CALL_RECEIPTS,
                    ReceiptsRequest.newBuilder()
                            .setRequestId("r")
                            .setPeer(Peer.newBuilder().setKind(Peer.Kind.GROUP).setId(WIDE))
                            .setSeq(ownMessage)
                            .build());
            return new Page(answer.bytes(), answer.reply().getReceipts().getReadByList(), null);
        };
    }
}
