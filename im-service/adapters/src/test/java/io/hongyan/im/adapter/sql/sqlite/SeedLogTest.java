package io.hongyan.im.adapter.sql.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.contract.StorageContract;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.InboxPage;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Draft;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SeedLogTest {
    @TempDir
    Path directory;

    @Test
    void seededConversationsAreLikeSentOnes() {
        SqliteSettings settings = SqliteSettings.defaults(directory);
        List<Long> progress = new ArrayList<>();
        SeedLog seeding = new SeedLog(settings);

        seeding.run(250, 4, new byte[] {7}, 1_700_000_000_000L, progress::add);
        seeding.run(1, 3, new byte[] {8}, 1_700_000_000_001L, progress::add);

        assertThat(progress).containsExactly(400L, 800L, 1_000L, 3L);
        try (SqliteStorage storage = SqliteStorage.open(settings, StorageContract.rules(), System::nanoTime)) {
            for (int pair = 0; pair < 251; pair++) {
                assertConversation(storage, "seed-" + (2 * pair + 1), "seed-" + (2 * pair + 2), pair < 250 ? 4 : 3);
            }
        }
    }

    private static void assertConversation(SqliteStorage storage, String one, String other, int messages) {
        Conversation conversation = Conversation.direct(one, other);
        List<StoredMessage> log = storage.ports().history().read(conversation, 0, Long.MAX_VALUE, false, 100, 100);
        assertThat(log).hasSize(messages);
        assertThat(log).extracting(StoredMessage::sender).contains(one, other);
        for (String uid : List.of(one, other)) {
            InboxPage inbox = storage.ports().inbox().read(uid, 0, 100, 100);
            assertThat(inbox.entries()).extracting(Entry::seq).hasSize(messages);
            assertThat(((Entry.OfMessage) inbox.entries().get(1)).message())
                    .usingRecursiveComparison()
                    .isEqualTo(log.get(1));
            assertThat(storage.ports()
                            .conversations()
                            .list(uid, 0, null, 10, Integer.MAX_VALUE)
                            .items())
                    .hasSize(1);
        }
        StoredMessage known = log.get(0);
        Draft repeat = new Draft(conversation, known.sender(), "a:b", known.clientMessageId(), new byte[0]);
        Draft next = new Draft(conversation, one, "a:b", "next", new byte[0]);
        assertThat(storage.ports().log().append(List.of(repeat, next), 1))
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("message")
                .containsExactly(
                        new Appended.Repeated(1, 1, known.sentAtMillis(), 1),
                        new Appended.Stored(
                                null,
                                List.of(
                                        new Appended.InboxPosition(one, messages + 1L),
                                        new Appended.InboxPosition(other, messages + 1L))));
    }
}
