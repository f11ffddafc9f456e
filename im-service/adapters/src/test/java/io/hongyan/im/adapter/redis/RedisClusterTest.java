package io.hongyan.im.adapter.redis;

import static io.hongyan.im.adapter.redis.RedisProcesses.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.adapter.redis.RedisOptions.Mode;
import io.hongyan.im.core.group.GroupChange.Created;
import io.hongyan.im.core.group.GroupChange.MembersAdded;
import io.hongyan.im.core.inbox.CloseReason;
import io.hongyan.im.core.inbox.Notice;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.session.ClientSession;
import io.hongyan.im.core.session.OnlineSession;
import io.hongyan.im.core.session.Platform;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What nodes tell each other through a Redis that is there. */
@Tag("servers")
final class RedisClusterTest extends RedisNodes {
    @ParameterizedTest
    @EnumSource(Mode.class)
    void messagesGroupsReceiptsAndKicksCross(Mode mode) {
        startTwo(mode);
        ClientSession ann = one.online("ann", Platform.ANDROID, "phone");
        ClientSession bob = two.online("bob", Platform.ANDROID, "phone");

        one.send(ann, DIRECT, "m1");
        await(() -> two.clients.messages(bob).equals(List.of("m1")));
        bob.acknowledged(1);
        Notice receipt = new Notice.Receipt("bob", DIRECT, 1, 0);
        await(() -> one.clients.of(ann, Notice.class).contains(receipt));

        one.change("g", new Created("ann", "name", false, 0, List.of("bob")));
        two.change("g", new MembersAdded(List.of("cid")));
        two.send(bob, Conversation.group("g"), "m2");
        await(() -> one.clients.messages(ann).size() == 3);
        assertThat(one.clients.messages(ann)).endsWith("m2");
        await(() -> two.clients.messages(bob).size() == 3);

        ClientSession newer = two.online("ann", Platform.IOS, "new");
        await(() -> one.clients.of(ann, CloseReason.class).equals(List.of(CloseReason.KICKED)));
        assertThat(one.clients.of(ann, Notice.Kicked.class))
                .extracting(Notice.Kicked::byDevice)
                .containsExactly("ios:new");
        assertThat(two.clients.of(newer, CloseReason.class)).isEmpty();
        await(() -> connectionsOf(one, "ann").equals(List.of(newer.connection())));
    }

    @Test
    void whoWasDisplacedWaitsAtWhicheverNode() {
        redis = RedisProcesses.start(Mode.SINGLE);
        one = patient("one");
        two = patient("two");
        meet();
        claim(one, PHONE, Platform.ANDROID, DISPLACED_AT - 1_000);
        claim(two, TABLET, Platform.IOS, DISPLACED_AT);
        for (TestNode node : nodes) {
            // By the clock of Redis, from which those of the nodes may differ.
            assertThat(node.cluster.sessions().returning(PHONE, TOKEN, DISPLACED_AT + 1_000))
                    .isBetween(1L, 5_000L);
            assertThat(node.cluster.sessions().returning(TABLET, TOKEN, DISPLACED_AT))
                    .isZero();
        }
        assertThat(one.cluster.sessions().returning(PHONE, TOKEN + 1, DISPLACED_AT + 1_000))
                .isZero();
    }

    @Test
    void largeGroupIsStreamedAtBothNodes() {
        startTwo(Mode.SINGLE);
        List<String> members = users(560);
        ClientSession ann = one.online("ann", Platform.ANDROID, "phone");
        ClientSession bob = two.online("bob", Platform.ANDROID, "phone");
        List<String> first = new ArrayList<>(members.subList(0, 500));
        first.add("bob");
        one.change("g", new Created("ann", "name", false, 0, first));
        one.change("g", new MembersAdded(members.subList(500, 560)));
        await(() -> storage.ports().groups().find("g").orElseThrow().large());
        long largeSeq = storage.ports().groups().find("g").orElseThrow().largeSeq();
        await(() -> two.clients.messages(bob).size() == largeSeq);
        bob.acknowledged(storage.ports().inbox().head("bob"));

        one.send(ann, Conversation.group("g"), "m1");
        two.send(bob, Conversation.group("g"), "m2");
        one.send(ann, Conversation.group("g"), "m3");

        await(() -> two.clients.messages(bob).size() == largeSeq + 2);
        assertThat(two.clients.messages(bob)).endsWith("m1", "m3");
    }

    @Test
    void ofLoginsAtTheSameMomentOnTwoNodesExactlyOneStays() throws Exception {
        startTwo(Mode.SINGLE);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<ClientSession>> logins = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                TestNode node = i % 2 == 0 ? one : two;
                String device = "d" + i;
                logins.add(() -> node.logIn("ann", Platform.ANDROID, device));
            }
            for (var login : threads.invokeAll(logins)) {
                login.get();
            }
        } finally {
            threads.shutdownNow();
        }
        await(() -> one.messaging.sessions().logins().openSessions()
                        + two.messaging.sessions().logins().openSessions()
                == 1);
        await(() -> connectionsOf(one, "ann").size() == 1
                && connectionsOf(one, "ann").equals(connectionsOf(two, "ann")));
    }

    @Test
    void lostBatchIsNoticedAndMadeUpFor() {
        redis = RedisProcesses.start(Mode.SINGLE);
        AtomicInteger swallowed = new AtomicInteger();
        one = node("one", NodeNoticeLimits.DEFAULT, inner -> batch -> {
            if (holds(batch, "lost") && swallowed.getAndIncrement() == 0) {
                return;
            }
            inner.publish(batch);
        });
        two = node("two");
        meet();
        ClientSession ann = one.online("ann", Platform.ANDROID, "phone");
        ClientSession bob = two.online("bob", Platform.ANDROID, "phone");
        one.send(ann, DIRECT, "m1");
        await(() -> two.clients.messages(bob).equals(List.of("m1")));

        one.send(ann, DIRECT, "lost");

        await(() -> two.clients.messages(bob).equals(List.of("m1", "lost")));
        assertThat(swallowed).hasValue(1);
        await(() -> two.cluster.counters().value(RedisCounter.GAPS) == 1);
    }

    @Test
    void lostKickIsNoticedAndMadeUpFor() {
        redis = RedisProcesses.start(Mode.SINGLE);
        AtomicInteger swallowed = new AtomicInteger();
        one = node("one");
        two = node("two", NodeNoticeLimits.DEFAULT, inner -> batch -> {
            if (holds(batch, "ios:new") && swallowed.getAndIncrement() == 0) {
                return;
            }
            inner.publish(batch);
        });
        meet();
        ClientSession old = one.online("ann", Platform.ANDROID, "old");
        two.online("ann", Platform.IOS, "new");

        await(() -> one.clients.of(old, CloseReason.class).equals(List.of(CloseReason.KICKED)));
        assertThat(swallowed).hasValue(1);
        assertThat(one.clients.of(old, Notice.Kicked.class)).hasSize(1);
    }

    @Test
    void clientsThatTheirGateTakesToAnotherNodeStayOnline() {
        startTwo(Mode.SINGLE);
        OnlineSession phone = session("gate", 7, Platform.ANDROID, "phone");
        one.cluster.sessions().claim(phone, 1);
        two.cluster.sessions().claim(phone, 1);

        one.cluster.sessions().release("ann", phone.connection());

        OnlineSession web = session("gate", 8, Platform.WEB, "web");
        one.cluster.sessions().claim(web, 1);
        one.cluster.sessions().release("ann", web.connection());
        await(() -> connectionsOf(two, "ann").equals(List.of(phone.connection())));
        assertThat(connectionsOf(one, "ann")).containsExactly(phone.connection());
    }

    @Test
    void sessionsOfANodeThatDiedAreForgottenWhenItsLeaseIsOver() throws Exception {
        redis = RedisProcesses.start(Mode.SINGLE);
        one = node("one", SHORT_LEASE, UnaryOperator.identity());
        two = node("two", SHORT_LEASE, UnaryOperator.identity());
        meet();
        one.online("ann", Platform.ANDROID, "phone");
        ClientSession web = one.online("ann", Platform.WEB, "web");
        await(() -> two.cluster.sessions().of("ann").size() == 2);

        one.vanish();

        await(() -> two.cluster.sessions().of("ann").isEmpty());
        await(() -> two.cluster.nodes().stream().map(NodeInfo::id).toList().equals(List.of("two")));
        ClientSession back = two.online("ann", Platform.ANDROID, "phone");
        assertThat(connectionsOf(two, "ann")).containsExactly(back.connection());
        assertThat(two.clients.of(back, Object.class)).isEmpty();
        assertThat(web.uid()).isEqualTo("ann");
    }

    @Test
    void nodesWhoseClocksDifferByMinutesAreOneSystem() throws Exception {
        redis = RedisProcesses.start(Mode.SINGLE);
        TestNode fast = node("fast", Duration.ofMinutes(10));
        TestNode slow = node("slow", Duration.ofMinutes(-10));
        meet();
        ClientSession bob = slow.online("bob", Platform.ANDROID, "phone");
        ClientSession first = fast.online("ann", Platform.ANDROID, "first");
        ClientSession second = slow.online("ann", Platform.IOS, "second");
        await(() -> fast.clients.of(first, CloseReason.class).equals(List.of(CloseReason.KICKED)));
        assertThat(slow.clients.of(second, CloseReason.class)).isEmpty();

        ClientSession third = fast.online("ann", Platform.ANDROID, "third");
        await(() -> slow.clients.of(second, CloseReason.class).equals(List.of(CloseReason.KICKED)));
        fast.send(third, DIRECT, "m1");
        await(() -> slow.clients.messages(bob).equals(List.of("m1")));
        assertThat(fast.cluster.counters().value(RedisCounter.LEASES_LAPSED)
                        + slow.cluster.counters().value(RedisCounter.LEASES_LAPSED))
                .isZero();

        slow.vanish();
        await(() -> fast.cluster.sessions().of("bob").isEmpty());
        assertThat(connectionsOf(fast, "ann")).containsExactly(third.connection());
    }

    @Test
    void nodeWhoseLeaseLapsedEntersItsSessionsAgain() {
        startTwo(Mode.SINGLE);
        ClientSession ann = one.online("ann", Platform.ANDROID, "phone");
        redis.command("FLUSHALL");

        await(() -> connectionsOf(two, "ann").equals(List.of(ann.connection())));
        await(() -> one.cluster.counters().value(RedisCounter.LEASES_LAPSED) > 0);
    }

    @Test
    void registrySaysWhoIsThereAndForgetsWhoLeft() throws Exception {
        startTwo(Mode.SINGLE);
        one.logIn("ann", Platform.ANDROID, "phone");
        await(() -> two.cluster.nodes().stream().anyMatch(node -> node.connections() == 1));
        assertThat(two.cluster.nodes())
                .filteredOn(node -> node.id().equals("one"))
                .extracting(node -> node.addresses().get("http"))
                .containsExactly("one:8080");
        assertThat(two.cluster.others())
                .flatExtracting(NodeInfo::gates)
                .containsExactly(TestNode.gateOf(one.cluster.nodes().stream()
                        .map(NodeInfo::name)
                        .filter(name -> name.startsWith("one"))
                        .findFirst()
                        .orElseThrow()));

        one.close();

        await(() -> two.cluster.nodes().size() == 1);
    }

    @Test
    void loadOnRedisPerMessageDoesNotDependOnTheSizeOfTheGroup() {
        startTwo(Mode.SINGLE);
        List<String> members = users(500);
        ClientSession ann = one.online("ann", Platform.ANDROID, "phone");
        ClientSession last = two.online(members.get(499), Platform.ANDROID, "phone");
        int sends = 20;
        for (int size : List.of(10, 100, 500)) {
            String group = "g" + size;
            one.change(group, new Created("ann", "name", false, 0, members.subList(500 - size, 500)));
            await(() -> two.clients.messages(last).size() % (sends + 1) == 1);
            long published = redis.calls("spublish");
            long asked = redis.calls("hgetall") + redis.calls("evalsha") + redis.calls("hset");
            int before = two.clients.messages(last).size();
            for (int i = 0; i < sends; i++) {
                one.send(ann, Conversation.group(group), group + "-" + i);
                int delivered = before + i + 1;
                await(() -> two.clients.messages(last).size() == delivered);
            }
            // One for the entry, or for the marker and for what was written by it, from either node, and receipts and
            // signs of life beside them.
            assertThat(redis.calls("spublish") - published)
                    .as("group of %d", size)
                    .isBetween((long) sends, 3L * sends + 40);
            assertThat(redis.calls("hgetall") + redis.calls("evalsha") + redis.calls("hset") - asked)
                    .as("leases alone, group of %d", size)
                    .isLessThan(120);
        }
    }

    @Test
    void receiptsAndReadMarksCostNoCommandThatMessagesDoNot() {
        startTwo(Mode.SINGLE);
        ClientSession ann = one.online("ann", Platform.ANDROID, "phone");
        ClientSession bob = two.online("bob", Platform.ANDROID, "phone");
        int sends = 50;
        long asked = redis.calls("hgetall");
        long published = redis.calls("spublish");

        for (int i = 1; i <= sends; i++) {
            one.send(ann, DIRECT, "m" + i);
            int delivered = i;
            await(() -> two.clients.messages(bob).size() == delivered);
            bob.acknowledged(i);
        }
        Notice receipt = new Notice.Receipt("bob", DIRECT, sends, 0);
        await(() -> one.clients.of(ann, Notice.class).contains(receipt));

        // One for each message; what is told of marks goes with them, or with the signs of life. Nobody is looked up.
        assertThat(redis.calls("hgetall") - asked).isZero();
        assertThat(redis.calls("spublish") - published).isBetween((long) sends, 3L * sends + 40);
    }

    private static OnlineSession session(String gate, long number, Platform platform, String device) {
        DeviceKey key = new DeviceKey("ann", platform.wireName() + ':' + device);
        return new OnlineSession(new ConnectionKey(gate, number), key, platform, 1);
    }
}
