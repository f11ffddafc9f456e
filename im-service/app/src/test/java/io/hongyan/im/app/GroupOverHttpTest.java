package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.im.app.client.ChatClient.Received;
import io.hongyan.im.app.client.HttpApi;
import io.hongyan.im.app.client.MosquittoClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A group that a business line creates and changes over HTTP, and whose members use the mosquitto programs. */
@Tag("servers")
@Timeout(180)
final class GroupOverHttpTest {
    private static final String GROUP = "/v1/groups/team";

    @TempDir
    Path directory;

    private RunningServer server;
    private HttpApi business;

    @BeforeEach
    void start() throws Exception {
        server = RunningServer.start(directory);
        business = HttpApi.business(server);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void membersTalkAndChangesTakeEffectAtTheirPlaceAmongTheMessages() throws Exception {
        try (MosquittoClient alice = new MosquittoClient(server, "alice", "5");
                MosquittoClient bob = new MosquittoClient(server, "bob", "311");
                MosquittoClient carol = new MosquittoClient(server, "carol", "5")) {
            assertThat(business.post(
                                    "/v1/groups",
                                    "{\"id\":\"team\",\"name\":\"The team\",\"owner\":\"alice\",\"members\":[\"bob\"]}")
                            .seq())
                    .isEqualTo(1);
            assertThat(say(alice, "m2", "to bob")).contains("\"seq\":\"2\"");
            assertThat(business.post(GROUP + "/members", "{\"uids\":[\"carol\"]}")
                            .seq())
                    .isEqualTo(3);
            assertThat(say(bob, "m4", "to all")).contains("\"seq\":\"4\"");
            assertThat(business.delete(GROUP + "/members/bob").seq()).isEqualTo(5);
            assertThat(say(bob, "m-late", "too late")).contains("NOT_A_MEMBER");
            assertThat(say(alice, "m6", "without bob")).contains("\"seq\":\"6\"");
            assertThat(business.put(GROUP + "/mute", "{\"all\":true}").seq()).isEqualTo(7);
            assertThat(say(carol, "m-muted", "hush")).contains("MUTED");
            assertThat(say(alice, "m8", "only I")).contains("\"seq\":\"8\"");
            assertThat(business.delete(GROUP).seq()).isEqualTo(9);
            assertThat(say(alice, "m-gone", "anybody?")).contains("DISSOLVED");

            eventually(() -> assertThat(seqs(alice)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L));
            eventually(() -> assertThat(seqs(carol)).containsExactly(3L, 4L, 5L, 6L, 7L, 8L, 9L));
            eventually(() -> assertThat(seqs(bob)).containsExactly(1L, 2L, 3L, 4L, 5L));
            assertThat(texts(bob)).containsExactly("to bob", "to all");
            assertThat(texts(carol)).containsExactly("to all", "without bob", "only I");
            assertThat(bob.lines()).anyMatch(line -> line.contains("\"groupChange\"") && line.contains("$system"));
        }
    }

    @Test
    void oneIsMutedAndHeardAgainAndTheLastToLeaveEndsTheGroup() throws Exception {
        HttpApi ann = HttpApi.user(server, "ann");
        HttpApi ben = HttpApi.user(server, "ben");
        try (MosquittoClient member = new MosquittoClient(server, "ben", "5")) {
            assertThat(ann.post("/v1/groups", "{\"id\":\"team\",\"name\":\"Two\",\"members\":[\"ben\"]}")
                            .seq())
                    .isEqualTo(1);
            assertThat(ann.put(GROUP + "/members/ben/mute", "{\"forever\":true}")
                            .seq())
                    .isEqualTo(2);
            assertThat(say(member, "m-muted", "hush")).contains("MUTED");
            assertThat(ann.put(GROUP + "/members/ben/mute", "{\"untilMs\":0}").seq())
                    .isEqualTo(3);
            assertThat(say(member, "m4", "at last")).contains("\"seq\":\"4\"");

            assertThat(ann.post(GROUP + "/leave", null).code()).isEqualTo("OWNER_MUST_STAY");
            assertThat(ann.put(GROUP + "/owner", "{\"uid\":\"ben\"}").seq()).isEqualTo(5);
            assertThat(ann.post(GROUP + "/leave", null).seq()).isEqualTo(6);
            assertThat(ben.post(GROUP + "/leave", null).seq()).isEqualTo(7);
            assertThat(say(member, "m-gone", "anybody?")).contains("DISSOLVED");
            assertThat(business.post(GROUP + "/members", "{\"uids\":[\"ann\"]}").code())
                    .isEqualTo("DISSOLVED");
            eventually(() -> assertThat(seqs(member)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L));
        }
    }

    private static String say(MosquittoClient who, String id, String text) throws Exception {
        return who.ask(
                        "json/im/send",
                        "{\"clientMessageId\":\"" + id + "\",\"to\":{\"kind\":\"GROUP\",\"id\":\"team\"},"
                                + "\"content\":{\"text\":{\"text\":\"" + text + "\"}}}")
                .replace(" ", "");
    }

    private static List<Long> seqs(MosquittoClient client) {
        return client.inbox().stream().map(Received::seq).toList();
    }

    private static List<String> texts(MosquittoClient client) {
        return client.inbox().stream()
                .map(Received::text)
                .filter(text -> !text.isEmpty())
                .toList();
    }

    private static void eventually(ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(assertion);
    }
}
