package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hongyan.im.app.client.HttpApi;
import io.hongyan.im.app.client.HttpApi.Answered;
import io.hongyan.im.app.client.MosquittoClient;
import io.hongyan.im.app.client.PahoClient;
import io.hongyan.im.app.client.Payloads;
import io.hongyan.protocol.v1.InboxEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A group of 10,000 that a business line fills over HTTP, as stock clients see it: present, away, new, removed. */
@Tag("servers")
@Timeout(240)
final class LargeGroupTest {
    private static final int MEMBERS = 10_000;
    private static final int PER_CALL = 500;
    /** Entries of a large group that are delivered without being asked for. */
    private static final int BACKLOG = 40;

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    @Test
    void membersPresentAwayNewAndRemovedGetWhatIsTheirs() throws Exception {
        List<String> uids =
                IntStream.rangeClosed(0, MEMBERS).mapToObj(i -> "u" + i).toList();
        StoredData.makeUsers(directory, uids);
        try (RunningServer server = RunningServer.start(directory, "HONGYAN_GROUPS_BACKLOG_MAX", "" + BACKLOG)) {
            HttpApi business = HttpApi.business(server);
            long head = fill(business, uids);
            try (PahoClient sender = PahoClient.online(server, "u0:iot:a");
                    MosquittoClient json = new MosquittoClient(server, "u5000", "5", "json/u/u5000/group/big")) {
                long jsonJoined = joined(5_000);
                try (PahoClient member = PahoClient.online(server, "u1:iot:a")) {
                    head = send(sender, head, 20);
                    expect(range(joined(1) + 2, head), () -> stream(member));
                    expect(range(jsonJoined, head), () -> stream(json));
                }
                long seen = head;
                head = send(sender, head, 30);
                try (PahoClient member = PahoClient.online(server, "u1:iot:a")) {
                    long last = head;
                    expect(
                            range(seen + 1, last),
                            () -> stream(member).stream()
                                    .filter(seq -> seq > seen)
                                    .toList());
                    newcomerSeesTheNewestAndLooksUpTheRest(server, head);
                    business.delete("/v1/groups/big/members/u1");
                    head = send(sender, head + 1, 1);
                    expect(range(jsonJoined, head), () -> stream(json));
                    long hers = head - 1;
                    await().atMost(Duration.ofSeconds(40))
                            .untilAsserted(() -> assertThat(stream(member)).contains(hers));
                    assertThat(stream(member)).endsWith(hers);
                }
            }
        }
    }

    /** @return the last number of the group's log */
    private static long fill(HttpApi business, List<String> uids) {
        Answered made = business.post(
                "/v1/groups",
                "{\"id\":\"big\",\"name\":\"n\",\"owner\":\"u0\",\"membersMax\":" + MEMBERS + ",\"members\":"
                        + list(uids.subList(1, PER_CALL)) + '}');
        assertThat(made.status()).as(made.body().toString()).isEqualTo(201);
        Answered tooMany =
                business.post("/v1/groups/big/members", "{\"uids\":" + list(uids.subList(PER_CALL, MEMBERS)) + '}');
        assertThat(tooMany.status()).isEqualTo(413);
        assertThat(tooMany.code()).isEqualTo("TOO_LARGE");
        long head = 2;
        for (int from = PER_CALL; from < MEMBERS; from += PER_CALL) {
            String some = list(uids.subList(from, from + PER_CALL));
            assertThat(business.post("/v1/groups/big/members", "{\"uids\":" + some + '}')
                            .seq())
                    .isEqualTo(++head);
        }
        JsonNode group = business.get("/v1/groups/big").body();
        assertThat(group.get("memberCount").asInt()).isEqualTo(MEMBERS);
        assertThat(group.get("large").asBoolean()).isTrue();
        Answered full = business.post("/v1/groups/big/members", "{\"uids\":[\"u" + MEMBERS + "\"]}");
        assertThat(full.code()).isEqualTo("GROUP_FULL");
        return head;
    }

    /** The number with which a user became a member. */
    private static long joined(int user) {
        return user < PER_CALL ? 1 : 2 + user / PER_CALL;
    }

    private static void newcomerSeesTheNewestAndLooksUpTheRest(RunningServer server, long head) throws Exception {
        long oldest = head - BACKLOG + 1;
        try (MosquittoClient late = new MosquittoClient(server, "u7000", "311", "json/u/u7000/group/big")) {
            expect(range(oldest, head), () -> stream(late));
            assertThat(late.lines()).anyMatch(line -> line.contains("\"trimmed\""));
            JsonNode answer = JSON.readTree(late.ask(
                    "json/im/call/history",
                    "{\"requestId\":\"h\",\"peer\":{\"kind\":\"GROUP\",\"id\":\"big\"},\"beforeSeq\":" + oldest + '}'));
            List<Long> older = new ArrayList<>();
            answer.at("/history/messages")
                    .forEach(message -> older.add(message.get("seq").asLong()));
            assertThat(older).isEqualTo(range(joined(7_000), oldest - 1));
        }
    }

    /** @return the last number of the group's log */
    private static long send(PahoClient from, long head, int messages) throws Exception {
        for (long seq = head + 1; seq <= head + messages; seq++) {
            from.publish(
                    "im/send",
                    Payloads.sendToGroup("m" + seq, "big", "number " + seq).toByteArray());
        }
        return head + messages;
    }

    /** Numbers on the stream of the group, with those of messages only. */
    private static List<Long> stream(PahoClient client) {
        List<Long> seqs = new ArrayList<>();
        try {
            for (byte[] payload : client.topic("u/" + client.uid() + "/group/big")) {
                InboxEntry entry = InboxEntry.parseFrom(payload);
                if (entry.hasMessage()) {
                    seqs.add(entry.getSeq());
                }
            }
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
        return seqs;
    }

    /** Likewise. An entry of the inbox has another number than its message here. */
    private static List<Long> stream(MosquittoClient client) {
        List<Long> seqs = new ArrayList<>();
        try {
            for (String line : client.lines()) {
                JsonNode entry = JSON.readTree(line);
                long seq = entry.get("seq").asLong();
                if (entry.at("/message/seq").asLong() == seq) {
                    seqs.add(seq);
                }
            }
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
        return seqs;
    }

    private static String list(List<String> uids) {
        return uids.stream().collect(Collectors.joining("\",\"", "[\"", "\"]"));
    }

    private static List<Long> range(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }

    private static void expect(List<Long> seqs, Supplier<List<Long>> seen) {
        ThrowingRunnable same = () -> assertThat(seen.get()).isEqualTo(seqs);
        await().atMost(Duration.ofSeconds(40)).untilAsserted(same);
    }
}
