package io.hongyan.im.adapter.redis;

import static io.hongyan.im.adapter.redis.RedisProcesses.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.adapter.redis.RedisOptions.Mode;
import io.hongyan.im.core.group.GroupChange.Created;
import io.hongyan.im.core.group.GroupChange.MembersAdded;
import io.hongyan.im.core.inbox.CloseReason;
import io.hongyan.im.core.inbox.DeliveryCounter;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.session.ClientSession;
import io.hongyan.im.core.session.Login;
import io.hongyan.im.core.session.Platform;
import io.hongyan.im.core.session.Sessions.Opened;
import io.hongyan.im.core.session.TokenFacts;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What nodes do while Redis, or a part of it, is away, and when it is back. */
@Tag("servers")
final class RedisAwayTest extends RedisNodes {
    @Test
    void whileRedisIsAwayWorkGoesOnAndAfterwardsTheNewestLoginStays() {
        startTwo(Mode.SINGLE);
        ClientSession bob = two.online("bob", Platform.ANDROID, "phone");
        ClientSession ann = one.online("ann", Platform.ANDROID, "first");
        redis.process().kill();
        long alone = loginsAlone();

        ClientSession second = two.online("ann", Platform.IOS, "second");
        awaitClock(2_000);
        ClientSession third = one.online("ann", Platform.IOS, "third");
        assertThat(one.clients.of(ann, CloseReason.class))
                .as("decided by the memory of the node")
                .containsExactly(CloseReason.KICKED);
        one.send(third, DIRECT, "m1");
        assertThat(two.clients.of(second, CloseReason.class)).isEmpty();
        assertThat(loginsAlone() - alone).isEqualTo(2);

        redis.process().start();

        await(() -> two.clients.of(second, CloseReason.class).equals(List.of(CloseReason.KICKED)));
        await(() -> two.clients.messages(bob).equals(List.of("m1")));
        await(() -> connectionsOf(two, "ann").equals(List.of(third.connection())));
        assertThat(one.clients.of(third, CloseReason.class)).isEmpty();
        one.send(third, DIRECT, "m2");
        await(() -> two.clients.messages(bob).equals(List.of("m1", "m2")));
    }

    private long loginsAlone() {
        return one.cluster.counters().value(RedisCounter.LOGINS_ALONE)
                + two.cluster.counters().value(RedisCounter.LOGINS_ALONE);
    }

    /** More than what two nodes may think that the clock of Redis differs. */
    private static void awaitClock(long millis) {
        long until = System.currentTimeMillis() + millis;
        await(() -> System.currentTimeMillis() >= until);
    }

    @Test
    void whileRedisIsAwayADeviceWaitsWhereItWasDisplaced() {
        startTwo(Mode.SINGLE);
        redis.process().kill();
        claim(one, PHONE, Platform.ANDROID, DISPLACED_AT - 1_000);
        claim(one, TABLET, Platform.IOS, DISPLACED_AT);
        assertThat(one.cluster.sessions().returning(PHONE, TOKEN, DISPLACED_AT + 1_000))
                .isEqualTo(4_000);
        assertThat(two.cluster.sessions().returning(PHONE, TOKEN, DISPLACED_AT + 1_000))
                .isZero();
    }

    @Test
    void whileRedisIsAwayMessagesAndGroupsComeAcrossAllTheSame() {
        startTwo(Mode.SINGLE);
        List<String> members = users(560);
        ClientSession ann = one.online("ann", Platform.ANDROID, "phone");
        ClientSession bob = two.online("bob", Platform.ANDROID, "phone");
        one.change("g", new Created("ann", "name", false, 0, members.subList(0, 500)));
        one.change("g", new MembersAdded(members.subList(500, 560)));
        await(() -> storage.ports().groups().find("g").orElseThrow().large());
        redis.process().kill();

        one.send(ann, DIRECT, "m1");
        await(() -> two.clients.messages(bob).equals(List.of("m1")));
        one.change("g", new MembersAdded(List.of("bob")));
        one.send(ann, Conversation.group("g"), "m2");
        await(() -> two.clients.messages(bob).contains("m2"));
        one.send(ann, Conversation.group("g"), "m3");
        await(() -> two.clients.messages(bob).contains("m3"));

        assertThat(two.cluster.isAway()).isTrue();
        assertThat(two.messaging.messages().deliveryCounters().value(DeliveryCounter.HEAD_COMPARISONS))
                .isPositive();
    }

    @Test
    void afterAFailoverOfTheSentinelsNodesMeetAgain() {
        startTwo(Mode.SENTINEL);
        ClientSession ann = one.online("ann", Platform.ANDROID, "phone");
        ClientSession bob = two.online("bob", Platform.ANDROID, "phone");
        redis.process().kill("master");
        one.send(ann, DIRECT, "m1");

        await(() -> two.clients.messages(bob).equals(List.of("m1")));
        await(() -> !one.cluster.isAway() && !two.cluster.isAway());
        ClientSession newer = two.online("ann", Platform.IOS, "new");
        await(() -> one.clients.of(ann, CloseReason.class).equals(List.of(CloseReason.KICKED)));
        assertThat(two.clients.of(newer, CloseReason.class)).isEmpty();
    }

    @Test
    void whileOneShardOfARedisClusterIsAwayWorkGoesOn() {
        startTwo(Mode.CLUSTER);
        ClientSession ann = one.online("ann", Platform.ANDROID, "phone");
        ClientSession bob = two.online("bob", Platform.ANDROID, "phone");
        redis.process().kill("node-2");
        for (int i = 0; i < 20; i++) {
            one.send(ann, DIRECT, "m" + i);
            two.logIn("cid", Platform.ANDROID, "d" + i);
        }
        redis.process().start("node-2");

        await(() -> two.clients.messages(bob).size() == 20);
        await(() -> two.messaging.sessions().logins().openSessions() == 2);
        await(() -> connectionsOf(one, "cid").size() == 1
                && connectionsOf(two, "ann").size() == 1);
    }

    /** By its login time the older one would be the newer. */
    @ParameterizedTest
    @ValueSource(ints = {5, -5})
    void ofTwoNodesWhoseClocksDifferByMinutesTheNewestLoginStaysThatAGateTakesAlong(int minutesAhead) throws Exception {
        redis = RedisProcesses.start(Mode.SINGLE);
        Clock off = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(minutesAhead));
        one = node("one", minutesAhead > 0 ? off : Clock.systemUTC());
        two = node("two", minutesAhead > 0 ? Clock.systemUTC() : off);
        meet();
        ConnectionKey phone = new ConnectionKey("gate", 1);
        Opened older = one.open(new Login(phone, "ann", Platform.ANDROID, "phone", true, 0, 100));
        redis.process().kill();
        ClientSession newer = two.online("ann", Platform.IOS, "tablet");
        one.vanish();

        Opened moved = two.open(
                new Login(phone, "ann", Platform.ANDROID, "phone", false, 0, 100, TokenFacts.NONE, older.login()));

        await(() -> two.clients.of(moved.session(), CloseReason.class).size() == 1);
        assertThat(two.clients.of(newer, CloseReason.class)).isEmpty();
        redis.process().start();
        await(() -> !two.cluster.isAway() && connectionsOf(two, "ann").equals(List.of(newer.connection())));
        assertThat(two.clients.of(newer, CloseReason.class)).isEmpty();
    }

    @Test
    void nodeStartsWithoutRedisAndJoinsWhenItComes() {
        redis = RedisProcesses.start(Mode.SINGLE);
        redis.process().kill();
        one = node("one");
        two = node("two");
        ClientSession ann = one.online("ann", Platform.ANDROID, "phone");
        ClientSession bob = two.online("bob", Platform.ANDROID, "phone");
        one.send(ann, DIRECT, "m1");

        redis.process().start();

        await(() -> two.clients.messages(bob).equals(List.of("m1")));
        meet();
        await(() -> connectionsOf(two, "ann").equals(List.of(ann.connection())));
    }
}
