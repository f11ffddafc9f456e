package io.hongyan.im.adapter.sql.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.adapter.sql.StorageCounters;
import io.hongyan.im.adapter.sql.mysql.SlotMover.Step;
import io.hongyan.im.core.cluster.ProcessStall;
import io.hongyan.im.core.group.GroupChange.Created;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.MessageId;
import io.hongyan.im.core.message.MessageState;
import io.hongyan.im.core.message.ReactionCount;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.send.MessageChange;
import io.hongyan.im.core.simulation.PlainContents;
import io.hongyan.starters.MariaDb;
import io.hongyan.starters.SqlServer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each write of a mover may be done twice: when its commit's answer is lost, nobody knows whether it was done. */
@Tag("servers")
@Timeout(180)
class SlotRepeatTest {
    private static final long NOW = 1_800_000_000_000L;
    private static final String ONE = "repeat_one";
    private static final String TWO = "repeat_two";
    private static final Conversation GROUP = Conversation.group("g");
    private static final int SLOT = Slots.of(GROUP);
    private static final String[] NAMES = {"one", "two"};

    private static final PlainContents CONTENTS = new PlainContents();

    private final SqlServer server = MariaDb.shared();
    private final SlotData data = new SlotData(server, SLOT);
    private final String[] databases = {ONE, TWO};
    private ShardedStorage node;
    private int sent;

    /** Where the slot is. */
    private int at = SLOT < Slots.COUNT / 2 ? 0 : 1;

    @BeforeEach
    void openNode() {
        ShardedFixture.drop(server, databases);
        node = ShardedFixture.open(
                ShardedFixture.settings(server, databases), new GroupLimits(100, 50, 50, 2, 50, 500, 64, 2_000));
        List.of("alice", "bob", "carol", "dave").forEach(node.ports().users()::ensure);
        Created created = new Created("alice", "name", false, 0, List.of("bob", "carol", "dave"));
        append(new Draft(GROUP, "alice", "android:phone", "creation", new byte[0], created));
        send();
    }

    @AfterEach
    void closeNode() {
        node.close();
    }

    private void append(Draft draft) {
        assertThat(node.ports().log().append(List.of(draft), NOW).get(0)).isInstanceOf(Appended.Stored.class);
        sent++;
    }

    private void send() {
        append(new Draft(GROUP, "alice", "android:phone", "m" + sent, new byte[] {1}));
    }

    /** To the database where it is not. */
    private void move(int port, Consumer<Step> before) {
        Map<String, MysqlSettings> settings = new LinkedHashMap<>();
        ShardedFixture.settings(server, databases)
                .databases()
                .forEach((name, one) -> settings.put(
                        name,
                        MysqlSettings.defaults(
                                one.url().replace(":" + server.port() + "/", ":" + port + "/"),
                                one.user(),
                                one.password())));
        List<Shard> shards = ShardedStorage.connect(
                new ShardedSettings(settings), System::nanoTime, new StorageCounters(), ProcessStall.never());
        try (SlotMover mover = new SlotMover(new Shards(shards, System::nanoTime), 60_000, before)) {
            mover.move(SLOT, SLOT, NAMES[1 - at]);
        }
        at = 1 - at;
    }

    /** Moves the slot to the other database, of which that commit's answer is lost, and finds in it what there was. */
    private void moveAndCompare(LostAnswers proxy, int commit) {
        String source = databases[at];
        List<Long> sums = new ArrayList<>();
        proxy.lose(commit);
        move(proxy.port(), step -> {
            if (step == Step.FREEZE) {
                changeSome(source, commit);
            } else if (step == Step.COPY_REST) {
                sums.addAll(data.sums(source));
            }
        });
        assertThat(data.sums(databases[at])).as("commit %d", commit).isEqualTo(sums);
        assertThat(data.count(source, "SELECT COUNT(*) FROM im_message")).isZero();
        assertThat(data.count(source, "SELECT COUNT(*) FROM im_slot WHERE slot = " + SLOT))
                .isZero();
    }

    @Test
    void aMoveGoesOnWhereTheAnswerOfAnyWriteIsLost() throws Exception {
        data.fill(databases[at], 200);
        try (LostAnswers proxy = new LostAnswers(server.port(), true)) {
            int commit = 0;
            do {
                commit++;
                moveAndCompare(proxy, commit);
            } while (proxy.commits() >= commit);
            assertThat(commit).as("writes of a move").isGreaterThan(15);
        }
        node.tasks().get(0).work().run();
        assertThat(data.count(ONE, "SELECT COUNT(*) FROM im_shard_feed")).isEqualTo(sent);
        assertThat(data.count(ONE, "SELECT COUNT(DISTINCT conversation_id, seq) FROM im_shard_feed"))
                .isEqualTo(sent);
    }

    @Test
    void aMoveGoesOnWhereAReadBreaksOff() throws Exception {
        data.fill(databases[at], 200);
        try (LostAnswers proxy = new LostAnswers(server.port(), false)) {
            for (int commit = 1; commit < 100; commit += 23) {
                moveAndCompare(proxy, commit);
                assertThat(proxy.commits()).isGreaterThan(commit);
            }
        }
    }

    /** Of every kind of write some: rows that are new, others, and gone. */
    private void changeSome(String database, long number) {
        send();
        long first = Slots.firstId(SLOT) + 1_000_000;
        MysqlFixture.execute(
                MysqlFixture.settings(server, database),
                "UPDATE im_mark SET read_seq = " + number + " WHERE user_id = " + first,
                "DELETE FROM im_mark WHERE user_id = " + (first + number),
                "UPDATE im_user SET trimmed_seq = 1 WHERE id = " + (first + number),
                "DELETE FROM im_inbox WHERE user_id = " + (first + number) + " AND seq <= 1",
                "UPDATE im_inbox_head SET head = 2 WHERE user_id = " + (first + number),
                "INSERT INTO im_inbox (user_id, seq, kind, conversation_id, ref_seq) VALUES (" + (first + number)
                        + ", 2, 1, 1, 1)",
                "UPDATE im_message SET sender_inbox_seq = " + number + " WHERE seq = 2",
                "REPLACE INTO im_message_state (conversation_id, seq, state_seq, edits, edited_at, recalled, pinned,"
                        + " counted_at, due) SELECT id, 3, " + number + ", 1, 1, 0, 0, 0, 0 FROM im_conversation",
                "UPDATE im_message SET content = 'edited " + number + "' WHERE seq = 3",
                "INSERT INTO im_message_copy (conversation_id, of_seq, erased, in_seq) SELECT id, " + number
                        + ", 1, 4 FROM im_conversation",
                "UPDATE im_message SET content = 'erased " + number + "' WHERE seq = 4",
                "DELETE FROM im_reaction WHERE user_id = " + (first + 2 * (number % 2)),
                "INSERT INTO im_reaction (conversation_id, seq, user_id, emoji) SELECT id, 3, " + (first + number)
                        + ", 'x' FROM im_conversation");
    }

    private static Draft change(String id, MessageChange change) {
        return new Draft(GROUP, "alice", "android:phone", id, CONTENTS.encode(change), null, change, 0);
    }

    private static Draft answer(long seq, String id) {
        byte[] content = PlainContents.answer(seq, "excerpt", id);
        return new Draft(GROUP, "alice", "android:phone", id, content, null, null, seq);
    }

    private List<String> log() {
        return node.ports().history().read(GROUP, 1, Long.MAX_VALUE, false, 100, 1_000_000).stream()
                .map(message -> new String(message.content(), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void entriesThatWereCopiedAndThenChangedComeAlong() {
        append(answer(2, "a1"));
        append(new Draft(GROUP, "alice", "android:phone", "m", "good".getBytes(StandardCharsets.UTF_8)));
        // What has a marker is copied again anyhow.
        MysqlFixture.execute(MysqlFixture.settings(server, databases[at]), "DELETE FROM im_fanout");

        move(server.port(), step -> {
            if (step == Step.FREEZE) {
                append(change("e1", new MessageChange.Edited(4, "better".getBytes(StandardCharsets.UTF_8), 0)));
                append(change("r1", new MessageChange.Reacted(4, "😀", false)));
                append(change("p1", new MessageChange.Pinned(4, true)));
                append(answer(4, "a2"));
                append(change("c1", new MessageChange.Recalled(2)));
            }
        });

        assertThat(log())
                .containsExactly(
                        "",
                        ">2>>a1",
                        "better",
                        "!Edited 4 better",
                        "!Reacted 4 +😀",
                        "!Pinned 4 true",
                        ">4>excerpt>a2",
                        "!Recalled 2 ");
        StoredMessage changed =
                node.ports().history().read(GROUP, 3, 5, false, 1, 1_000_000).get(0);
        assertThat(changed.state())
                .isEqualTo(new MessageState(7, 1, NOW, false, true, List.of(new ReactionCount("😀", 1)), 0, false));
        MessageId id = new MessageId(GROUP, 4);
        assertThat(node.ports().changed().reactionsOf("alice", List.of(id))).isEqualTo(Map.of(id, Set.of("😀")));
        append(change("c2", new MessageChange.Recalled(4)));
        assertThat(log().subList(2, 7)).containsExactly("", "!Edited 4 ", "!Reacted 4 +😀", "!Pinned 4 true", ">4>>a2");
    }

    /** The head of a log is read before the markers: one of a later message may be seen. */
    @Test
    void aMessageWhoseMarkerWasSeenBeforeItIsCopiedLikeAnyOther() {
        String source = databases[at];
        MysqlFixture.execute(
                MysqlFixture.settings(server, source),
                "INSERT INTO im_fanout (conversation_id, seq) SELECT conversation_id, MAX(seq) + 1 FROM im_message"
                        + " GROUP BY conversation_id");

        move(server.port(), step -> {
            if (step == Step.FREEZE) {
                MysqlFixture.execute(MysqlFixture.settings(server, source), "DELETE FROM im_fanout");
                send();
            }
        });

        assertThat(data.count(databases[at], "SELECT COUNT(*) FROM im_message")).isEqualTo(sent);
    }
}
