package io.hongyan.client.data;

import static io.hongyan.client.data.EngineDriver.BOB;
import static io.hongyan.client.data.EngineDriver.CAROL;
import static io.hongyan.client.data.EngineDriver.conversation;
import static io.hongyan.client.data.EngineDriver.message;
import static io.hongyan.client.data.EngineDriver.trimmed;
import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.protocol.v1.Code;
import io.hongyan.protocol.v1.ConversationsRequest;
import io.hongyan.protocol.v1.ConversationsResult;
import io.hongyan.protocol.v1.DataEpoch;
import io.hongyan.protocol.v1.Event;
import io.hongyan.protocol.v1.HistoryResult;
import io.hongyan.protocol.v1.InboxEntry;
import io.hongyan.protocol.v1.Kicked;
import io.hongyan.protocol.v1.Message;
import io.hongyan.protocol.v1.Notice;
import io.hongyan.protocol.v1.PullRequest;
import io.hongyan.protocol.v1.PullResult;
import io.hongyan.protocol.v1.ReadUpTo;
import io.hongyan.protocol.v1.Reply;
import io.hongyan.protocol.v1.TimeResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a device stays level, rule by rule. */
class SyncTest {
    private final EngineDriver device = new EngineDriver();

    @Test
    void aConnectionSubscribesThenAsksForTheEpoch() {
        device.engine.connected();
        assertThat(device.step()).containsExactly("subscribe", "SYNCING");

        device.engine.subscribed();
        assertThat(device.step()).containsExactly("call time");
        assertThat(device.step()).isEmpty();

        device.reply(Reply.newBuilder().setTime(TimeResult.newBuilder().setDataEpoch("e1")));
        assertThat(device.step()).containsExactly("call conversations");
        assertThat(device.store.open().meta().epoch()).isEqualTo("e1");
    }

    @Test
    void aNewDeviceStoresTheListBeforeWhatIsDelivered() {
        device.connect("e1");
        device.deliver(4, "bob", 7);
        assertThat(device.step()).containsExactly("call conversations");

        device.listed(ConversationsResult.newBuilder()
                .addConversations(conversation(CAROL, 3, 1))
                .setNext("p2")
                .build());
        assertThat(device.step()).containsExactly("call conversations", "conversation 1:carol 3/3 read 1");
        assertThat(((ConversationsRequest) device.recorder.lastRequest).getPage())
                .isEqualTo("p2");

        device.listed(ConversationsResult.newBuilder()
                .addConversations(conversation(BOB, 7, 6).toBuilder().setLastMessage(message("bob", 7)))
                .build());
        assertThat(device.step())
                .containsExactly("new bob/7", "acknowledge 1", "conversation 1:bob 7/7 read 6", "READY");
        assertThat(device.store.open().meta().inbox()).hasToString("4+{}");
        assertThat(device.store.open().conversations())
                .extracting(ConversationRow::unread)
                .containsExactly(1L, 2L);
    }

    @Test
    void whatIsDeliveredIsStoredOnceAndAcknowledgedEachTime() {
        device.ready("e1");
        device.deliver(4, "bob", 7);
        device.deliver(4, "bob", 7);
        assertThat(device.step())
                .containsExactly(
                        "new bob/7",
                        "acknowledge 1",
                        "acknowledge 2",
                        "call conversations",
                        "conversation 1:bob unlisted 7/7 read 0");

        device.restart();
        device.ready("e1");
        device.deliver(4, "bob", 7);
        assertThat(device.step()).containsExactly("acknowledge 3");
    }

    @Test
    void aConversationThatNoListHasNamedIsAskedFor() {
        device.ready("e1");
        device.deliver(4, "bob", 7);
        device.step();
        ConversationsRequest asked = (ConversationsRequest) device.recorder.lastRequest;
        assertThat(asked.getOnlyList()).containsExactly(BOB.toPeer());

        device.listed(ConversationsResult.newBuilder()
                .addConversations(conversation(BOB, 7, 6))
                .build());
        assertThat(device.step()).containsExactly("conversation 1:bob 7/7 read 6");

        device.deliver(5, "carol", 1);
        device.step();
        device.listed(ConversationsResult.getDefaultInstance());
        assertThat(device.step())
                .as("one that is not in the list is not asked for again")
                .containsExactly("conversation 1:carol 1/1 read 0");
    }

    @Test
    void aHoleThatNoOwnMessageCanBeIsPulled() {
        device.ready("e1");
        device.deliver(4, "bob", 1);
        device.step();
        device.deliver(7, "bob", 4);
        assertThat(device.step()).contains("new bob/4", "acknowledge 2", "call pull");
        assertThat(((PullRequest) device.recorder.lastRequest).getAfterSeq()).isEqualTo(4);

        device.reply(Reply.newBuilder()
                .setPull(PullResult.newBuilder()
                        .addEntries(entry(5, message("bob", 2)))
                        .addEntries(entry(6, message("bob", 3)))
                        .addEntries(entry(7, message("bob", 4)))));
        assertThat(device.step()).containsExactly("new bob/2", "new bob/3");
        assertThat(device.store.open().meta().inbox()).hasToString("7+{}");
    }

    @Test
    void aHoleThatTheServerCannotFillIsClosed() {
        device.ready("e1");
        device.deliver(4, "bob", 1);
        device.step();
        device.deliver(7, "bob", 4);
        device.step();
        device.reply(Reply.newBuilder().setPull(PullResult.getDefaultInstance()));
        device.step();

        assertThat(device.store.open().meta().inbox()).hasToString("7+{}");
    }

    @Test
    void aHoleThatMayBeAnOwnMessageWaitsForItsAnswer() {
        device.ready("e1");
        device.deliver(4, "bob", 1);
        device.send(BOB, "m1");
        device.step();
        device.deliver(6, "bob", 3);
        assertThat(device.step()).doesNotContain("call pull");

        device.stored("m1", 2, 5);
        assertThat(device.step()).startsWith("m1 SENT 2", "new bob/2 own").doesNotContain("call pull");
        assertThat(device.store.open().meta().inbox()).hasToString("6+{}");
    }

    @Test
    void aHoleIsPulledWhenTheAnswerDoesNotNameIt() {
        device.ready("e1");
        device.deliver(4, "bob", 1);
        device.send(BOB, "m1");
        device.step();
        device.deliver(6, "bob", 3);
        device.step();
        device.refused("m1", Code.MUTED);

        assertThat(device.step()).contains("call pull");
    }

    @Test
    void trimmedReadsTheListAgainAndDoubtsWhatIsStored() {
        device.ready("e1");
        device.deliver(4, "bob", 1);
        device.step();
        device.deliver(null, trimmed(9));
        device.deliver(9, "bob", 8);
        assertThat(device.step()).containsExactly("acknowledge 2", "call conversations", "SYNCING");
        assertThat(device.store.open().meta().inbox()).hasToString("8+{}");
        assertThat(device.store.open().spans()).hasToString("{1:bob={} stale {1=1}}");

        device.restart();
        device.connect("e1");
        assertThat(device.step()).as("also after a crash").contains("call conversations");
    }

    @Test
    void whatWasDoubtedIsReplaced() {
        trimmedReadsTheListAgainAndDoubtsWhatIsStored();
        device.listed(ConversationsResult.newBuilder()
                .addConversations(conversation(BOB, 8, 0))
                .build());
        device.engine.lookAt(BOB, 2, 10);
        assertThat(device.step()).contains("call history");
        device.reply(Reply.newBuilder().setHistory(HistoryResult.newBuilder().addMessages(message("bob", 1))));

        assertThat(device.step()).containsExactly("again bob/1", "history bob below 2: 1");
        assertThat(device.store.open().spans()).hasToString("{1:bob={1=1}}");
    }

    @Test
    void anotherEpochForgetsAllButTheOutbox() {
        device.ready("e1");
        device.deliver(4, "bob", 1);
        device.send(BOB, "m1");
        device.step();
        device.engine.disconnected();
        device.step();
        device.connect("e2");
        device.deliver(2, "bob", 1);

        assertThat(device.step()).containsExactly("forgotten", "call conversations", "send m1 to bob", "m1 IN_FLIGHT");
        assertThat(device.store.open().conversations()).isEmpty();
        assertThat(device.store.open().meta()).hasToString("epoch e2 inbox new+{} unlisted 1");
        assertThat(device.store.open().outbox()).hasSize(1);

        device.listed(ConversationsResult.getDefaultInstance());
        assertThat(device.step()).as("its numbers are new ones").startsWith("new bob/1", "acknowledge 2");
    }

    @Test
    void aServerWithoutEpochsForgetsNothing() {
        device.ready("e1");
        device.engine.disconnected();
        device.engine.connected();
        device.engine.subscribed();
        device.step();
        device.reply(Reply.newBuilder().setTime(TimeResult.getDefaultInstance()));

        assertThat(device.step()).containsExactly("READY");
        assertThat(device.store.open().meta().epoch()).isEqualTo("e1");
    }

    @Test
    void aConnectionThatChangesItsEpochEnds() {
        device.ready("e1");
        device.engine.noticed(Notice.newBuilder()
                .setDataEpoch(DataEpoch.newBuilder().setEpoch("e2"))
                .build());

        assertThat(device.step()).containsExactly("end DATA_CHANGED", "OFFLINE");
        assertThat(device.store.open().meta().epoch()).isEqualTo("e1");
    }

    @ParameterizedTest
    @CsvSource({
        "NEWER_LOGIN, KICKED",
        "BY_OPERATOR, BY_OPERATOR",
        "TOKEN_REVOKED, TOKEN_NEEDED",
        "TOKEN_EXPIRED, TOKEN_NEEDED",
        "USER_DISABLED, USER_REFUSED",
        "USER_DELETED, USER_REFUSED",
        "DATA_CHANGED, DATA_CHANGED",
        "UNRECOGNIZED, BY_OPERATOR"
    })
    void whoIsKickedTakesNothingMoreFromTheConnection(Kicked.Why why, Ending ending) {
        device.ready("e1");
        Kicked.Builder kicked = Kicked.newBuilder();
        if (why == Kicked.Why.UNRECOGNIZED) {
            kicked.setWhyValue(99);
        } else {
            kicked.setWhy(why);
        }
        device.engine.noticed(Notice.newBuilder().setKicked(kicked).build());
        device.deliver(4, "bob", 1);

        assertThat(device.step()).containsExactly("end " + ending, "OFFLINE");
        assertThat(device.step()).isEmpty();
    }

    @Test
    void theStreamOfALargeGroupIsStoredLikewise() {
        device.ready("e1");
        ConversationId group = ConversationId.group("g");
        Message message = message("bob", 5).toBuilder().setTo(group.toPeer()).build();
        device.deliver("g", entry(5, message));
        device.deliver(null, entry(1, message));
        assertThat(device.step())
                .as("in the inbox and in the stream, it is one message")
                .startsWith("new g/5", "acknowledge 1", "acknowledge 2");

        device.listed(ConversationsResult.getDefaultInstance());
        device.step();
        device.deliver("g", trimmed(40));
        assertThat(device.step())
                .containsExactly("acknowledge 3", "call conversations", "conversation 2:g unlisted 5/5 read 0");
        assertThat(device.store.open().meta().inbox()).hasToString("1+{}");
    }

    @Test
    void readingElsewhereIsKnown() {
        device.ready("e1");
        device.deliver(4, "bob", 7);
        device.deliver(
                null,
                InboxEntry.newBuilder()
                        .setSeq(5)
                        .setEvent(Event.newBuilder()
                                .setReadUpTo(ReadUpTo.newBuilder()
                                        .setPeer(BOB.toPeer())
                                        .setSeq(7)
                                        .setOrdinal(6))));

        assertThat(device.step()).contains("conversation 1:bob unlisted 7/7 read 6");
    }

    @Test
    void anEntryOfAnUnknownTypeAndAMessageWithoutNumberAreAcknowledged() {
        device.ready("e1");
        device.deliver(null, InboxEntry.newBuilder().setSeq(4));
        device.deliver(5, "bob", 0);

        assertThat(device.step()).containsExactly("acknowledge 1", "acknowledge 2");
        assertThat(device.store.open().meta().inbox()).hasToString("5+{}");
    }

    @Test
    void anAnswerThatDoesNotComeEndsTheConnection() {
        device.at(1_000);
        device.engine.connected();
        device.step();
        assertThat(device.at(12_999)).isEmpty();
        assertThat(device.at(13_000)).as("no SUBACK").containsExactly("end NO_ANSWER", "OFFLINE");

        device.engine.connected();
        device.engine.subscribed();
        device.step();
        assertThat(device.at(25_000)).as("no answer to time").containsExactly("end NO_ANSWER", "OFFLINE");
    }

    @Test
    void aCallThatIsRefusedIsTriedAgainLater() {
        device.connect("e1");
        device.step();
        device.reply(Reply.newBuilder().setCode(Code.UNAVAILABLE));
        assertThat(device.step()).isEmpty();
        assertThat(device.at(999)).isEmpty();
        assertThat(device.at(1_000)).containsExactly("call conversations");

        device.reply(Reply.newBuilder().setCode(Code.RATE_LIMITED));
        device.step();
        assertThat(device.at(2_999)).isEmpty();
        assertThat(device.at(3_000)).containsExactly("call conversations");
    }

    @Test
    void anAppThatIsTooOldStops() {
        device.engine.connected();
        device.engine.subscribed();
        device.step();
        device.reply(Reply.newBuilder().setCode(Code.VERSION_UNSUPPORTED));

        assertThat(device.step()).containsExactly("end VERSION_UNSUPPORTED", "OFFLINE");
    }

    @Test
    void aHistoryThatMayNotBeReadIsNotAskedForAgain() {
        device.ready("e1");
        device.engine.lookAt(BOB, 0, 10);
        device.step();
        device.reply(Reply.newBuilder().setCode(Code.UNAVAILABLE));
        device.step();
        assertThat(device.at(1_000)).containsExactly("call history");
        device.reply(Reply.newBuilder().setCode(Code.NOT_A_MEMBER));
        assertThat(device.step()).containsExactly("history bob below 0: 0");
        assertThat(device.at(60_000)).isEmpty();
    }

    @Test
    void onlyWhatWasLookedAtLastIsRead() {
        device.ready("e1");
        device.engine.lookAt(CAROL, 1, 10);
        device.step();
        for (int i = 2; i < 2 + SyncEngine.HISTORIES_WANTED_MAX; i++) {
            device.engine.lookAt(CAROL, i, 10);
        }
        assertThat(device.step()).containsExactly("call history");
        device.reply(Reply.newBuilder().setHistory(HistoryResult.getDefaultInstance()));
        assertThat(device.step()).containsExactly("history carol below 2: 0", "call history");
    }

    @Test
    void aServerThatSendsMoreThanItMayIsLeft() {
        device.connect("e1");
        for (int i = 0; i < SyncEngine.WAITING_MAX; i++) {
            device.deliver(i + 1, "bob", i + 1);
        }
        assertThat(device.step()).containsExactly("call conversations");
        device.deliver(999, "bob", 999);
        assertThat(device.step()).containsExactly("end FAULT_OF_SERVER", "OFFLINE");
    }

    @Test
    void nothingIsTakenWithoutAConnection() {
        device.deliver(1, "bob", 1);
        device.engine.noticed(
                Notice.newBuilder().setKicked(Kicked.getDefaultInstance()).build());
        device.stored("m1", 1, 1);
        device.engine.replied(Reply.getDefaultInstance());
        device.engine.subscribed();

        assertThat(device.step()).isEmpty();
    }

    private static InboxEntry.Builder entry(long seq, Message message) {
        return InboxEntry.newBuilder().setSeq(seq).setMessage(message);
    }
}
