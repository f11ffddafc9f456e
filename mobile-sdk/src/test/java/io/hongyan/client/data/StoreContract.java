package io.hongyan.client.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.protocol.v1.Code;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store does. */
abstract class StoreContract {
    private static final ConversationId BOB = ConversationId.direct("bob");
    private static final ConversationId GROUP = ConversationId.group("bob");

    private Store store;

    abstract Store newStore();

    @BeforeEach
    final void open() {
        store = newStore();
    }

    @AfterEach
    final void close() {
        store.close();
    }

    @Test
    void aNewStoreIsThatOfANewDevice() {
        Snapshot empty = store.open();

        assertThat(empty.meta()).hasToString(Meta.ofNewDevice().toString());
        assertThat(empty.conversations()).isEmpty();
        assertThat(empty.outbox()).isEmpty();
        assertThat(empty.spans()).isEmpty();
        assertThat(store.read(BOB, Long.MAX_VALUE, 10)).isEmpty();
    }

    @Test
    void whatIsCommittedIsThere() {
        Spans ahead = new Spans();
        ahead.add(9, 11);
        Meta meta = new Meta("e", new InboxPosition(true, 7, ahead), true, 42);
        LogSpans spans = new LogSpans();
        spans.hold(3);
        OutboxRow row = row(1, "m1");
        Transaction all = new Transaction();
        all.put(meta);
        all.put(new ConversationRow(BOB, true, 3, 2, 1));
        all.put(BOB, spans);
        all.put(message(BOB, 3, 5));
        all.put(row);
        store.commit(all);

        Snapshot stored = store.open();
        assertThat(stored.meta()).hasToString(meta.toString());
        assertThat(stored.conversations()).containsExactly(new ConversationRow(BOB, true, 3, 2, 1));
        assertThat(stored.spans()).hasToString(Map.of(BOB, spans).toString());
        assertThat(stored.outbox()).hasToString(List.of(row).toString());
        assertThat(stored.outbox().get(0).content()).isEqualTo(row.content());
        assertThat(store.read(BOB, 4, 1)).hasToString("[1:bob/3 local 5]");
        assertThat(store.read(BOB, 4, 1).get(0).message())
                .isEqualTo(message(BOB, 3, 5).message());
        assertThat(store.size()).isPositive();
    }

    @Test
    void theNewestBelowANumberAreReadRising() {
        Transaction all = new Transaction();
        for (long seq : new long[] {4, 1, 9, 2, 7}) {
            all.put(message(BOB, seq, 0));
            all.put(message(GROUP, seq, 0));
        }
        store.commit(all);

        assertThat(store.read(BOB, 9, 3)).extracting(MessageRow::seq).containsExactly(2L, 4L, 7L);
        assertThat(store.read(BOB, Long.MAX_VALUE, 1))
                .extracting(MessageRow::seq)
                .containsExactly(9L);
        assertThat(store.read(BOB, 1, 3)).isEmpty();
    }

    @Test
    void anOwnMessageKeepsItsLocalId() {
        Transaction sent = new Transaction();
        sent.put(message(BOB, 3, 5));
        store.commit(sent);
        Transaction again = new Transaction();
        again.put(message(BOB, 3, 0));
        store.commit(again);

        assertThat(store.read(BOB, 4, 1)).hasToString("[1:bob/3 local 5]");
    }

    @Test
    void anOwnMessageKeepsItsLocalIdWithinATransaction() {
        Transaction both = new Transaction();
        both.put(message(BOB, 3, 5));
        both.put(message(BOB, 3, 0));
        store.commit(both);

        assertThat(store.read(BOB, 4, 1)).hasToString("[1:bob/3 local 5]");
    }

    @Test
    void aRowThatIsDoneLeavesTheOutbox() {
        Transaction two = new Transaction();
        two.put(row(1, "m1"));
        two.put(row(2, "m2"));
        store.commit(two);
        Transaction done = new Transaction();
        done.done(row(1, "m1"));
        done.put(row(2, "m2").failed(SendFailure.REFUSED, Code.MUTED));
        store.commit(done);

        assertThat(store.open().outbox()).extracting(OutboxRow::localId).containsExactly(2L);
        assertThat(store.open().outbox().get(0).failure()).isEqualTo(SendFailure.REFUSED);
        assertThat(store.open().outbox().get(0).code()).isEqualTo(Code.MUTED);
    }

    @Test
    void anotherEpochForgetsTheNumbersAndKeepsTheOutbox() {
        Transaction all = new Transaction();
        all.put(new ConversationRow(BOB, true, 3, 2, 1));
        all.put(message(BOB, 3, 0));
        all.put(row(1, "m1"));
        store.commit(all);
        Transaction forgetting = new Transaction();
        forgetting.put(message(BOB, 4, 0));
        forgetting.forgetNumbers();
        forgetting.put(message(BOB, 1, 0));
        store.commit(forgetting);

        assertThat(store.open().conversations()).isEmpty();
        assertThat(store.open().outbox()).hasSize(1);
        assertThat(store.read(BOB, Long.MAX_VALUE, 9))
                .extracting(MessageRow::seq)
                .containsExactly(1L);
    }

    @Test
    void wipingForgetsEverything() {
        Transaction all = new Transaction();
        all.put(new Meta("e", new InboxPosition(true, 7, new Spans()), true, 42));
        all.put(message(BOB, 3, 0));
        all.put(row(1, "m1"));
        store.commit(all);
        store.wipe();

        aNewStoreIsThatOfANewDevice();
    }

    private static OutboxRow row(long localId, String clientMessageId) {
        return new OutboxRow(
                localId,
                BOB,
                clientMessageId,
                EngineDriver.text(clientMessageId),
                new OutboxRow.Progress(localId, 1_000, false, null, Code.OK));
    }

    private static MessageRow message(ConversationId id, long seq, long localId) {
        return new MessageRow(id, EngineDriver.message("bob", seq), localId);
    }
}
