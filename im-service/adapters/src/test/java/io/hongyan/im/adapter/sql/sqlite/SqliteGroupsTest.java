package io.hongyan.im.adapter.sql.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.hongyan.im.adapter.sql.StorageCounter;
import io.hongyan.im.core.contract.StorageContract;
import io.hongyan.im.core.group.GroupChange;
import io.hongyan.im.core.group.GroupChange.Created;
import io.hongyan.im.core.group.GroupChange.Left;
import io.hongyan.im.core.group.GroupChange.MembersAdded;
import io.hongyan.im.core.group.GroupInfo;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.group.GroupMember;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.SystemUser;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Appended.FanOut;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.send.FanOutLog.Marker;
import io.hongyan.im.core.send.FanOutLog.Written;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the contract kit cannot know of groups: memory of the writer, rows, and how rows are found. */
@Timeout(60)
final class SqliteGroupsTest {
    private static final Conversation GROUP = Conversation.group("g");
    private static final String PHONE = "android:phone";
    private static final long NOW = 1_800_000_000_000L;

    /** Large above four members, by marker above two. */
    private static final GroupLimits SMALL = new GroupLimits(100, 50, 4, 2, 10, 500, 64, 2_000);

    @TempDir
    Path directory;

    private SqliteStorage storage;

    @BeforeEach
    void open() {
        storage =
                SqliteStorage.open(SqliteSettings.defaults(directory), StorageContract.rules(SMALL), System::nanoTime);
        for (String uid : List.of("ann", "bob", "cid", "dan", "eve", "fay")) {
            storage.ports().users().ensure(uid);
        }
    }

    @AfterEach
    void close() {
        storage.close();
    }

    @Test
    void aFailedTransactionLeavesNothingOfAGroupInMemory() {
        Draft unfit = new Draft(Conversation.direct("ann", "bob"), "ann", PHONE, "unfit", null);
        Draft created = change("ann", "create", new Created("ann", "G", false, 0, List.of("bob")));
        assertThatThrownBy(() -> storage.ports().log().append(List.of(created, unfit), NOW))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(storage.ports().groups().find("g")).isEmpty();
        assertThat(stored(append(created)).message().seq()).isEqualTo(1);

        Draft leaving = change("bob", "leave", new Left());
        assertThatThrownBy(() -> storage.ports().log().append(List.of(leaving, unfit), NOW))
                .isInstanceOf(IllegalArgumentException.class);
        Appended.Stored message = stored(append(message("bob", "m")));
        assertThat(message.message().seq()).isEqualTo(2);
        assertThat(message.positions()).extracting("uid").containsExactly("bob", "ann");

        stored(append(change(SystemUser.UID, "add", new MembersAdded(List.of("cid")))));
        Marker marker = new Marker(GROUP, 3);
        assertThat(storage.ports().fanOut().open("w", 10, NOW)).containsExactly(marker);
        assertThatThrownBy(() -> storage.ports().log().append(List.of(message("cid", "n"), unfit), NOW))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(storage.ports()
                        .fanOut()
                        .advance(List.of(marker), "w", 10, NOW, 1_000)
                        .written())
                .singleElement()
                .matches(Written::done);
        stored(append(change("cid", "leave", new Left())));
        assertThat(storage.ports().groups().member("g", "cid")).isEmpty();
    }

    @Test
    void messagesOfALargeGroupWriteNoRowButTheirOwn() throws SQLException {
        stored(append(change("ann", "create", new Created("ann", "G", false, 0, List.of("bob", "cid", "dan", "eve")))));
        assertThat(stored(append(change(SystemUser.UID, "became-large", new GroupChange.BecameLarge())))
                        .fanOut())
                .isEqualTo(FanOut.BY_MARKER);
        long rows = storage.counters().value(StorageCounter.INBOX_ROWS);
        Appended.Stored message = stored(append(message("bob", "m")));
        assertThat(message.fanOut()).isEqualTo(FanOut.BY_STREAM);
        assertThat(message.positions()).isEmpty();
        assertThat(storage.counters().value(StorageCounter.INBOX_ROWS)).isEqualTo(rows);
        assertThat(count("im_fanout"))
                .as("those of creation and becoming large")
                .isEqualTo(2);
    }

    @Test
    void recipientsAndMembershipsAreFoundByAnIndexAlone() throws SQLException {
        assertThat(plan("""
                SELECT uid FROM im_group_member WHERE conversation_id = 1 AND joined_seq = 2 AND uid > 'a'
                UNION
                SELECT uid FROM im_group_member WHERE conversation_id = 1 AND left_seq = 2 AND uid > 'a'
                ORDER BY uid LIMIT 10""")).contains("im_group_member_joined", "im_group_member_left");
        assertThat(plan("""
                SELECT uid FROM im_group_member
                    WHERE conversation_id = 1 AND uid > 'a' AND joined_seq <= 2 AND (left_seq IS NULL OR left_seq >= 2)
                    ORDER BY uid LIMIT 10"""))
                .contains("PRIMARY KEY (conversation_id=? AND uid>?)")
                .doesNotContain("TEMP");
        assertThat(plan("""
                SELECT joined_seq FROM im_group_member
                    WHERE conversation_id = 1 AND uid = 'a' AND left_seq IS NULL""")).contains("PRIMARY KEY (conversation_id=? AND uid=?)");
        assertThat(plan("SELECT conversation_id FROM im_group_member WHERE user_id = 1 AND left_seq IS NULL"))
                .contains("im_group_member_of_user");
    }

    @Test
    void theSystemUserIsThereAndIsNobody() {
        assertThat(append(change(SystemUser.UID, "x", new Created(SystemUser.UID, "G", false, 0, List.of("ann")))))
                .isEqualTo(new Appended.Refused(Refusal.UNKNOWN_USER));
        Draft push = new Draft(Conversation.system("news", "ann"), SystemUser.UID, SystemUser.DEVICE, "p", new byte[1]);
        assertThat(stored(append(push)).positions()).extracting("uid").containsExactly("ann");
        assertThat(storage.ports().inbox().head(SystemUser.UID)).isZero();
    }

    @Test
    void aGroupIsReadAgainWithoutTheMemoryOfTheWriter() {
        Draft created = change("ann", "create", new Created("ann", "G", true, 7, List.of("bob")));
        stored(append(created));
        GroupInfo before = storage.ports().groups().find("g").orElseThrow();
        List<GroupMember> members = storage.ports().groups().members("g", "", 10);
        storage.close();
        open();
        assertThat(storage.ports().groups().find("g")).contains(before);
        assertThat(storage.ports().groups().members("g", "", 10)).isEqualTo(members);
        assertThat(append(created)).isEqualTo(new Appended.Repeated(1, 0, NOW, 1));
        assertThat(stored(append(message("bob", "m"))).positions())
                .extracting("uid", "seq")
                .containsExactly(tuple("bob", 2L), tuple("ann", 2L));
    }

    private Appended append(Draft draft) {
        return storage.ports().log().append(List.of(draft), NOW).get(0);
    }

    private static Draft message(String from, String id) {
        return new Draft(GROUP, from, PHONE, id, new byte[1]);
    }

    private static Draft change(String by, String id, GroupChange change) {
        return new Draft(GROUP, by, PHONE, id, new byte[1], change);
    }

    private static Appended.Stored stored(Appended appended) {
        assertThat(appended).isInstanceOf(Appended.Stored.class);
        return (Appended.Stored) appended;
    }

    private long count(String table) throws SQLException {
        return Long.parseLong(query("SELECT COUNT(*) FROM " + table, 1));
    }

    private String plan(String sql) throws SQLException {
        return query("EXPLAIN QUERY PLAN " + sql, 4);
    }

    private String query(String sql, int column) throws SQLException {
        String url = "jdbc:sqlite:" + SqliteSettings.defaults(directory).databaseFile();
        StringBuilder found = new StringBuilder();
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                found.append(found.isEmpty() ? "" : "\n").append(rows.getString(column));
            }
        }
        return found.toString();
    }
}
