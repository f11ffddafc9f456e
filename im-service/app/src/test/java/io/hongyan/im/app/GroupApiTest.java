package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.hongyan.im.app.client.ChatClient.Received;
import io.hongyan.im.app.client.HttpApi;
import io.hongyan.im.app.client.HttpApi.Answered;
import io.hongyan.im.app.client.PahoClient;
import io.hongyan.protocol.Topics;
import io.hongyan.protocol.v1.ConversationsRequest;
import io.hongyan.protocol.v1.Reply;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Groups over HTTP: what is answered to good and to bad requests. Each test has a group of its own. */
@Timeout(120)
final class GroupApiTest {
    @TempDir
    static Path directory;

    private static RunningServer server;
    private static HttpApi business;
    private static HttpApi alice;
    private static HttpApi bob;
    private static HttpApi eve;

    @BeforeAll
    static void start() throws Exception {
        server = RunningServer.start(directory, "HONGYAN_GROUPS_MEMBERS_PER_CHANGE_MAX", "50");
        business = HttpApi.business(server);
        alice = HttpApi.user(server, "alice");
        bob = HttpApi.user(server, "bob");
        eve = HttpApi.user(server, "eve");
        for (int i = 0; i < 30; i++) {
            assertThat(business.post("/v1/users", "{\"uid\":\"" + user(i) + "\"}")
                            .status())
                    .isEqualTo(200);
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String user(int i) {
        return "user-%02d".formatted(i);
    }

    @Test
    void aGroupIsMadeChangedAndShown() {
        Answered made = business.post(
                "/v1/groups",
                "{\"id\":\"team\",\"name\":\"The team\",\"owner\":\"alice\",\"members\":[\"bob\",\"alice\",\"bob\"]}");
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.body().get("id").asText()).isEqualTo("team");
        assertThat(made.seq()).isEqualTo(1);
        assertThat(alice.call("PATCH", "/v1/groups/team", "{\"announcement\":\"Hello 鸿雁\",\"open\":true}")
                        .seq())
                .isEqualTo(2);
        JsonNode group = bob.get("/v1/groups/team").body();
        assertThat(group.get("name").asText()).isEqualTo("The team");
        assertThat(group.get("announcement").asText()).isEqualTo("Hello 鸿雁");
        assertThat(group.get("owner").asText()).isEqualTo("alice");
        assertThat(group.get("open").asBoolean()).isTrue();
        assertThat(group.get("memberCount").asInt()).isEqualTo(2);
        assertThat(group.get("membersMax").asInt()).isEqualTo(100_000);
        assertThat(group.get("dissolved").asBoolean()).isFalse();
        assertThat(eve.post("/v1/groups/team/join", null).seq()).isEqualTo(3);
        assertThat(eve.post("/v1/groups/team/leave", null).seq()).isEqualTo(4);
    }

    @Test
    void aUserMakesTheirOwnGroupAndTheServerFindsItsId() {
        Answered made = alice.post("/v1/groups", "{\"name\":\"Mine\",\"members\":[\"bob\"]}");
        String id = made.body().get("id").asText();
        assertThat(id).matches("[A-Za-z0-9_-]{22}");
        assertThat(alice.get("/v1/groups/" + id).body().get("owner").asText()).isEqualTo("alice");
        Answered others = alice.post("/v1/groups", "{\"name\":\"Not mine\",\"owner\":\"bob\"}");
        assertThat(others.status()).isEqualTo(403);
        assertThat(others.code()).isEqualTo("NOT_ALLOWED");
    }

    @Test
    void theSameIdempotencyKeyGivesTheFirstAnswer() {
        String body = "{\"name\":\"Once\",\"owner\":\"alice\",\"members\":[\"bob\"]}";
        Answered first = business.call("POST", "/v1/groups", body, "once-1");
        Answered again = business.call("POST", "/v1/groups", body, "once-1");
        assertThat(again).isEqualTo(first);
        String path = "/v1/groups/" + first.body().get("id").asText();
        Answered added = business.call("POST", path + "/members", "{\"uids\":[\"eve\"]}", "once-2");
        Answered removed = business.call("DELETE", path + "/members/eve", null, "once-3");
        assertThat(business.call("POST", path + "/members", "{\"uids\":[\"eve\"]}", "once-2"))
                .isEqualTo(added);
        assertThat(business.call("DELETE", path + "/members/eve", null, "once-3"))
                .isEqualTo(removed);
        assertThat(business.get(path).body().get("memberCount").asInt()).isEqualTo(2);
        Answered other = business.call("POST", "/v1/groups", body, "once-4");
        assertThat(other.body().get("id")).isNotEqualTo(first.body().get("id"));
    }

    @Test
    void membersAreListedInPages() {
        List<String> all = IntStream.range(0, 25).mapToObj(GroupApiTest::user).collect(Collectors.toList());
        String group = makeGroup("pages", "alice", all);
        all.add(0, "alice");
        List<String> seen = new ArrayList<>();
        String after = "";
        for (int pages = 0; after != null; pages++) {
            assertThat(pages).isLessThan(4);
            JsonNode page =
                    alice.get(group + "/members?limit=10&after=" + after).body();
            page.get("members").forEach(member -> seen.add(member.get("uid").asText()));
            after = page.path("next").asText(null);
        }
        assertThat(seen).containsExactlyElementsOf(all);
        JsonNode owner =
                alice.get(group + "/members?limit=1").body().get("members").get(0);
        assertThat(owner.get("role").asText()).isEqualTo("OWNER");
        assertThat(owner.get("joinedSeq").asLong()).isEqualTo(1);
    }

    @Test
    void theGroupsOfAUserAreListedForThemAndForBusinessLines() {
        makeGroup("of-1", "alice", List.of("user-29"));
        makeGroup("of-2", "alice", List.of("user-29"));
        JsonNode first = business.get("/v1/users/user-29/groups?limit=1").body();
        assertThat(first.at("/groups/0/group/id").asText()).isEqualTo("of-1");
        assertThat(first.at("/groups/0/member/role").asText()).isEqualTo("MEMBER");
        JsonNode second = HttpApi.user(server, "user-29")
                .get("/v1/users/user-29/groups?limit=1&after="
                        + first.get("next").asText())
                .body();
        assertThat(second.at("/groups/0/group/id").asText()).isEqualTo("of-2");
        assertThat(second.has("next")).isFalse();
        assertThat(eve.get("/v1/users/user-29/groups").status()).isEqualTo(403);
    }

    @Test
    void rightsAreKept() {
        String group = makeGroup("rights", "alice", List.of("bob", "user-01"));
        assertRefused(bob.put(group + "/members/user-01/role", "{\"role\":\"ADMIN\"}"), 403, "NOT_ALLOWED");
        assertRefused(bob.delete(group), 403, "NOT_ALLOWED");
        assertRefused(eve.get(group), 403, "NOT_A_MEMBER");
        assertRefused(eve.get(group + "/members"), 403, "NOT_A_MEMBER");
        assertRefused(eve.post(group + "/members", "{\"uids\":[\"eve\"]}"), 403, "NOT_A_MEMBER");
        assertRefused(eve.post(group + "/join", null), 403, "NOT_ALLOWED");
        assertRefused(business.post(group + "/join", null), 403, "NOT_ALLOWED");
        assertThat(alice.put(group + "/members/bob/role", "{\"role\":\"ADMIN\"}")
                        .seq())
                .isEqualTo(2);
        assertThat(bob.put(group + "/members/user-01/mute", "{\"forSeconds\":3600}")
                        .seq())
                .isEqualTo(3);
        assertThat(bob.put(group + "/mute", "{\"all\":true}").seq()).isEqualTo(4);
        JsonNode members = bob.get(group + "/members").body().get("members");
        assertThat(members.get(1).get("role").asText()).isEqualTo("ADMIN");
        assertThat(members.get(2).get("mutedUntil").asLong()).isPositive();
        assertThat(bob.put(group + "/members/user-01/mute", "{\"forever\":true}")
                        .seq())
                .isEqualTo(5);
        assertThat(bob.get(group + "/members")
                        .body()
                        .at("/members/2/mutedForever")
                        .asBoolean())
                .isTrue();
        assertThat(bob.put(group + "/members/user-01/mute", "{\"untilMs\":0}").seq())
                .isEqualTo(6);
        assertThat(bob.delete(group + "/members/user-01").seq()).isEqualTo(7);
    }

    @Test
    void theOwnerStaysUntilTheGroupIsHandedOver() {
        String group = makeGroup("handover", "alice", List.of("bob"));
        assertRefused(alice.post(group + "/leave", null), 409, "OWNER_MUST_STAY");
        assertRefused(business.delete(group + "/members/alice"), 409, "OWNER_MUST_STAY");
        assertRefused(alice.put(group + "/owner", "{\"uid\":\"eve\"}"), 403, "NOT_A_MEMBER");
        assertThat(alice.put(group + "/owner", "{\"uid\":\"bob\"}").seq()).isEqualTo(2);
        assertThat(alice.post(group + "/leave", null).seq()).isEqualTo(3);
        assertThat(bob.post(group + "/leave", null).seq()).isEqualTo(4);
        assertRefused(business.post(group + "/members", "{\"uids\":[\"alice\"]}"), 410, "DISSOLVED");
    }

    @Test
    void aDissolvedGroupIsShownButNotChanged() {
        String group = makeGroup("gone", "alice", List.of("bob"));
        assertThat(alice.delete(group).seq()).isEqualTo(2);
        assertThat(business.get(group).body().get("dissolved").asBoolean()).isTrue();
        assertRefused(alice.delete(group), 410, "DISSOLVED");
        assertRefused(business.put(group + "/mute", "{\"all\":true}"), 410, "DISSOLVED");
        assertRefused(business.post("/v1/groups", "{\"id\":\"gone\",\"name\":\"n\",\"owner\":\"bob\"}"), 409, "EXISTS");
    }

    @Test
    void aDissolvedGroupIsLeftAndGoneFromTheListOfConversations() throws Exception {
        HttpApi cid = HttpApi.user(server, "cid");
        HttpApi dan = HttpApi.user(server, "dan");
        String group = makeGroup("over", "cid", List.of("dan"));
        assertThat(cid.delete(group).seq()).isEqualTo(2);
        try (PahoClient phone = PahoClient.online(server, "dan:ios:phone");
                PahoClient tablet = PahoClient.online(server, "dan:iot:tablet");
                PahoClient owner = PahoClient.online(server, "cid:ios:phone")) {
            assertThat(conversations(phone)).containsExactly("over");

            assertThat(dan.post(group + "/leave", null).seq()).isEqualTo(3);

            assertThat(conversations(phone)).isEmpty();
            assertThat(conversations(owner)).containsExactly("over");
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(tablet.inbox())
                            .as("the own devices are told")
                            .extracting(Received::seq)
                            .endsWith(3L));
            assertThat(dan.get("/v1/users/dan/groups").body().path("groups")).isEmpty();
            assertRefused(dan.post(group + "/leave", null), 410, "DISSOLVED");
            assertThat(cid.post(group + "/leave", null).seq()).isEqualTo(4);
            assertThat(conversations(owner)).isEmpty();
        }
    }

    private static List<String> conversations(PahoClient client) throws Exception {
        int before = client.others("reply").size();
        client.publish(
                Topics.CALL_CONVERSATIONS,
                ConversationsRequest.newBuilder().setRequestId("c").build().toByteArray());
        await().atMost(Duration.ofSeconds(30))
                .until(() -> client.others("reply").size() > before);
        return Reply.parseFrom(client.others("reply").get(before)).getConversations().getConversationsList().stream()
                .map(conversation -> conversation.getPeer().getId())
                .toList();
    }

    @Test
    void tooManyMembersInOneCallAreRefusedWithTheLimit() {
        String group = makeGroup("crowd", "alice", List.of("bob"));
        String uids = IntStream.range(0, 10_000)
                .mapToObj(i -> "\"somebody-" + i + '"')
                .collect(Collectors.joining(",", "[", "]"));
        Answered answer = business.post(group + "/members", "{\"uids\":" + uids + '}');
        assertRefused(answer, 413, "TOO_LARGE");
        assertThat(answer.detail()).contains("at most 50 users").contains("10000");
        assertRefused(
                business.post("/v1/groups", "{\"name\":\"n\",\"owner\":\"alice\",\"members\":" + uids + '}'),
                413,
                "TOO_LARGE");
        assertThat(business.get(group).body().get("memberCount").asInt()).isEqualTo(2);
    }

    @Test
    void aFullGroupTakesNobody() {
        assertThat(business.post(
                                "/v1/groups",
                                "{\"id\":\"full\",\"name\":\"n\",\"owner\":\"alice\",\"open\":true,\"membersMax\":2,"
                                        + "\"members\":[\"bob\"]}")
                        .status())
                .isEqualTo(201);
        assertRefused(business.post("/v1/groups/full/members", "{\"uids\":[\"eve\"]}"), 409, "GROUP_FULL");
        assertRefused(eve.post("/v1/groups/full/join", null), 409, "GROUP_FULL");
        assertRefused(bob.post("/v1/groups/full/join", null), 409, "NOTHING_TO_DO");
    }

    @Test
    void unknownGroupsAndUsersAreNamed() {
        for (HttpApi caller : List.of(business, alice)) {
            assertRefused(caller.get("/v1/groups/no-such"), 404, "UNKNOWN_CONVERSATION");
            assertRefused(caller.get("/v1/groups/no-such/members"), 404, "UNKNOWN_CONVERSATION");
            assertRefused(caller.delete("/v1/groups/no-such"), 404, "UNKNOWN_CONVERSATION");
        }
        String group = makeGroup("known", "alice", List.of("bob"));
        Answered answer = business.post(group + "/members", "{\"uids\":[\"nobody-1\",\"eve\",\"nobody-2\"]}");
        assertRefused(answer, 404, "UNKNOWN_USER");
        assertThat(answer.detail()).isEqualTo("There are no such users: nobody-1, nobody-2.");
        assertRefused(business.post("/v1/groups", "{\"name\":\"n\",\"owner\":\"nobody\"}"), 404, "UNKNOWN_USER");
        assertRefused(business.get("/v1/users/nobody"), 404, "UNKNOWN_USER");
    }

    @Test
    void fieldsThatDoNotFitAreNamed() {
        String group = makeGroup("fields", "alice", List.of("bob"));
        assertBad(business.post("/v1/groups", "{\"name\":\"n\"}"), "owner");
        assertBad(business.post("/v1/groups", "{\"owner\":\"alice\"}"), "name");
        assertBad(business.post("/v1/groups", "{\"name\":\" \",\"owner\":\"alice\"}"), "name");
        assertBad(business.post("/v1/groups", "{\"id\":\"a b\",\"name\":\"n\",\"owner\":\"alice\"}"), "id");
        assertBad(business.post("/v1/groups", "{\"name\":\"n\",\"owner\":\"$system\"}"), "owner");
        assertBad(
                business.post("/v1/groups", "{\"name\":\"n\",\"owner\":\"alice\",\"members\":[\"b|b\"]}"),
                "members[0]");
        assertBad(business.post("/v1/groups", "{\"name\":\"n\",\"owner\":\"alice\",\"membersMax\":0}"), "membersMax");
        assertBad(business.post(group + "/members", "{\"uids\":[]}"), "uids");
        assertBad(business.call("PATCH", group, "{}"), "name, announcement, open");
        assertBad(business.put(group + "/members/bob/role", "{\"role\":\"OWNER\"}"), "role");
        assertBad(business.put(group + "/members/bob/mute", "{}"), "untilMs, forSeconds, forever");
        assertBad(business.put(group + "/members/bob/mute", "{\"forSeconds\":-1}"), "forSeconds");
        assertBad(business.put(group + "/members/bob/mute", "{\"forSeconds\":1,\"untilMs\":1}"), "exactly one");
        assertRefused(business.call("PATCH", group, "{\"name\":\"" + "x".repeat(65) + "\"}"), 413, "TOO_LARGE");
        assertRefused(
                business.call("PATCH", group, "{\"announcement\":\"" + "x".repeat(2_001) + "\"}"), 413, "TOO_LARGE");
    }

    @Test
    void aUserIsMadeOnceAndShownToThemselves() {
        assertThat(business.post("/v1/users", "{\"uid\":\"new-user\"}").status())
                .isEqualTo(200);
        assertThat(business.post("/v1/users", "{\"uid\":\"new-user\"}").status())
                .isEqualTo(200);
        assertThat(business.get("/v1/users/new-user").body().get("online").isEmpty())
                .isTrue();
        assertThat(alice.get("/v1/users/alice").status()).isEqualTo(200);
        assertRefused(alice.get("/v1/users/bob"), 403, "NOT_ALLOWED");
        assertRefused(alice.post("/v1/users", "{\"uid\":\"another\"}"), 403, "NOT_ALLOWED");
        assertBad(business.post("/v1/users", "{\"uid\":\"$system\"}"), "uid");
    }

    private static String makeGroup(String id, String owner, List<String> members) {
        String list = members.stream().map(uid -> '"' + uid + '"').collect(Collectors.joining(",", "[", "]"));
        Answered made = business.post(
                "/v1/groups",
                "{\"id\":\"" + id + "\",\"name\":\"" + id + "\",\"owner\":\"" + owner + "\",\"members\":" + list + '}');
        assertThat(made.status()).as(made.body().toString()).isEqualTo(201);
        return "/v1/groups/" + id;
    }

    private static void assertRefused(Answered answer, int status, String code) {
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(status);
        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer.detail()).endsWith(".");
    }

    private static void assertBad(Answered answer, String named) {
        assertRefused(answer, 400, "MALFORMED");
        assertThat(answer.detail()).contains(named);
    }
}
