package io.hongyan.im.adapter.sql.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.Storage;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.send.MessageChange;
import io.hongyan.im.core.send.MessageRules;
import io.hongyan.im.core.simulation.PlainContents;
import io.hongyan.starters.MariaDb;
import io.hongyan.starters.SqlServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How much a transaction that changes a message has the server send it. */
@Tag("servers")
@Timeout(180)
class ChangeReadsTest {
    private static final long NOW = 1_800_000_000_000L;
    private static final Conversation PAIR = Conversation.direct("alice", "bob");
    private static final PlainContents CONTENTS = new PlainContents();
    private static final String LARGE = "x".repeat(1 << 16);

    /** Everything but contents. */
    private static final int SMALL_BYTES = 20_000;

    private final SqlServer server = MariaDb.shared();
    private LostAnswers proxy;
    private ShardedStorage storage;
    private Storage ports;

    @BeforeEach
    void open() throws IOException {
        proxy = new LostAnswers(server.port(), true);
        storage = ShardedFixture.through(proxy, server, "change_reads");
        ports = storage.ports();
        ports.users().ensure("alice");
        ports.users().ensure("bob");
    }

    @AfterEach
    void close() throws IOException {
        storage.close();
        proxy.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Draft message(String sender, String id, byte[] content, long quoted) {
        return new Draft(PAIR, sender, "ios:x", id, content, null, null, quoted);
    }

    private static Draft change(String sender, String id, MessageChange change) {
        return new Draft(PAIR, sender, "ios:x", id, CONTENTS.encode(change), null, change, 0);
    }

    /** @return bytes that the server answered */
    private long stored(Draft draft) {
        proxy.lose(0);
        assertThat(ports.log().append(List.of(draft), NOW).get(0)).isInstanceOf(Appended.Stored.class);
        return proxy.answeredBytes();
    }

    private String text(long seq) {
        byte[] content = ports.history()
                .read(PAIR, seq - 1, seq + 1, false, 1, Integer.MAX_VALUE)
                .get(0)
                .content();
        return new String(content, StandardCharsets.UTF_8);
    }

    @Test
    void ofLargeCopiesNoMoreAreReadThanAreErasedAndAFew() {
        stored(message("alice", "m1", new byte[] {1}, 0));
        List<Draft> answers = new ArrayList<>();
        for (int i = 0; i < MessageRules.COPIES_AT_ONCE; i++) {
            answers.add(message("bob", "a" + i, PlainContents.answer(1, "excerpt", LARGE), 1));
        }
        for (List<Draft> some : NumberRows.parts(answers, 10)) {
            assertThat(ports.log().append(some, NOW)).allMatch(Appended.Stored.class::isInstance);
        }

        long read = stored(change("alice", "c1", new MessageChange.Recalled(1)));

        assertThat(read)
                .isGreaterThan(MessageRules.COPY_BYTES_AT_ONCE)
                .isLessThan(2L * MessageRules.COPY_BYTES_AT_ONCE);
        assertThat(text(101)).startsWith(">1>>");
        assertThat(text(2)).startsWith(">1>excerpt>");
    }

    @Test
    void onlyAnEditReadsTheContentOfTheMessage() {
        stored(message("alice", "m1", bytes(LARGE), 0));

        assertThat(stored(change("bob", "r1", new MessageChange.Reacted(1, "+1", false))))
                .isLessThan(SMALL_BYTES);
        assertThat(stored(change("bob", "p1", new MessageChange.Pinned(1, true))))
                .isLessThan(SMALL_BYTES);
        assertThat(stored(change("alice", "e1", new MessageChange.Edited(1, bytes(LARGE), 0))))
                .isGreaterThan(LARGE.length());
        assertThat(stored(change("alice", "c1", new MessageChange.Recalled(1)))).isGreaterThan(LARGE.length());
        assertThat(text(1)).isEmpty();
    }
}
