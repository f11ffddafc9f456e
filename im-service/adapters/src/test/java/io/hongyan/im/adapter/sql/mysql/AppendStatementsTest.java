package io.hongyan.im.adapter.sql.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.Storage;
import io.hongyan.im.core.group.GroupChange.Created;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Appended.FanOut;
import io.hongyan.im.core.send.Draft;
import io.hongyan.starters.MariaDb;
import io.hongyan.starters.SqlServer;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a message alone in its batch costs, where everything that can be in memory is. */
@Tag("servers")
@Timeout(180)
class AppendStatementsTest {
    private static final long NOW = 1_800_000_000_000L;
    private static final String ONE = "statements_one";
    private static final String TWO = "statements_two";

    private final SqlServer server = MariaDb.shared();
    private int sent;

    /** @param statements with the commits */
    private record Cost(int statements, int transactions) {}

    private Appended.Stored send(Storage ports, Conversation conversation, String sender) {
        Draft draft = new Draft(conversation, sender, "android:phone", "m" + sent++, new byte[] {1});
        return (Appended.Stored) ports.log().append(List.of(draft), NOW).get(0);
    }

    /** Of the third message. */
    private Cost cost(LostAnswers proxy, Storage ports, Conversation conversation, String sender) {
        send(ports, conversation, sender);
        send(ports, conversation, sender);
        proxy.lose(0);
        Appended.Stored third = send(ports, conversation, sender);
        Cost cost = new Cost(proxy.statements(), proxy.commits());
        assertThat(third.fanOut()).isEqualTo(FanOut.INLINE);
        return cost;
    }

    private static Conversation group(Storage ports) {
        List<String> uids = IntStream.range(0, 20).mapToObj(i -> "m" + i).toList();
        uids.forEach(ports.users()::ensure);
        Conversation group = Conversation.group("g");
        Created created = new Created("m0", "name", false, 0, uids.subList(1, 20));
        ports.log().append(List.of(new Draft(group, "m0", "android:phone", "c", new byte[0], created)), NOW);
        return group;
    }

    private static String user(Predicate<String> wanted) {
        return IntStream.range(0, 10_000)
                .mapToObj(i -> "u" + i)
                .filter(wanted)
                .findFirst()
                .orElseThrow();
    }

    private static boolean inOne(String uid) {
        return Slots.ofUser(uid) < 512;
    }

    @Test
    void aMessageIsOneTransactionWhereThereIsOneDatabase() throws IOException {
        Conversation pair = Conversation.direct("alice", "bob");
        try (LostAnswers proxy = new LostAnswers(server.port(), true);
                ShardedStorage alone = ShardedFixture.through(proxy, server, ONE)) {
            List.of("alice", "bob").forEach(alone.ports().users()::ensure);
            assertThat(cost(proxy, alone.ports(), pair, "alice")).isEqualTo(new Cost(9, 1));
            assertThat(cost(proxy, alone.ports(), group(alone.ports()), "m0")).isEqualTo(new Cost(10, 1));
        }
    }

    @Test
    void aMessageIsOneTransactionWhereBothUsersAreInTheDatabaseOfTheConversation() throws IOException {
        String here = user(AppendStatementsTest::inOne);
        String near = user(uid -> inOne(uid) && !uid.equals(here) && Slots.of(Conversation.direct(here, uid)) < 512);
        try (LostAnswers proxy = new LostAnswers(server.port(), true);
                ShardedStorage both = ShardedFixture.through(proxy, server, ONE, TWO)) {
            List.of(here, near).forEach(both.ports().users()::ensure);
            assertThat(cost(proxy, both.ports(), Conversation.direct(here, near), here))
                    .isEqualTo(new Cost(9, 1));
        }
    }

    @Test
    void aMessageToAnInboxInAnotherDatabaseIsThreeTransactions() throws IOException {
        String here = user(AppendStatementsTest::inOne);
        String far = user(uid -> !inOne(uid) && Slots.of(Conversation.direct(here, uid)) < 512);
        try (LostAnswers proxy = new LostAnswers(server.port(), true);
                ShardedStorage both = ShardedFixture.through(proxy, server, ONE, TWO)) {
            List.of(here, far).forEach(both.ports().users()::ensure);
            assertThat(cost(proxy, both.ports(), Conversation.direct(here, far), here))
                    .isEqualTo(new Cost(21, 3));
        }
    }
}
