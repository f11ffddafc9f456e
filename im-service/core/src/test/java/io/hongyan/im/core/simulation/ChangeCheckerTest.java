package io.hongyan.im.core.simulation;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.send.History;
import io.hongyan.im.core.send.MessageChange;
import io.hongyan.im.core.send.MessageLog;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is broken of changes of messages is found out. */
@Timeout(120)
class ChangeCheckerTest {
    @Test
    void aChangeThatIsStoredAndDoesNothingIsNoticed() {
        CheckerTest.mustBreak("changes", storage -> {
            storage.changes().leaveStates();
            return Breakage.NONE;
        });
    }

    @Test
    void whatIsRecalledAndStaysInAnswersAndEditsIsNoticed() {
        CheckerTest.mustBreak("changes", storage -> {
            storage.changes().leaveCopies();
            return Breakage.NONE;
        });
    }

    /** Whoever asks next gets what was there before. */
    @Test
    void aHistoryThatIsBehindIsNoticed() {
        CheckerTest.mustBreak(
                "P1",
                storage -> Breakage.ofStorage(
                        ports -> ports.with(History.class, new FirstContents(storage, ports.history()))));
    }

    /** The sender of the message is not asked. */
    @Test
    void editsOfOthersAreNoticed() {
        CheckerTest.mustBreak(
                "changes",
                storage -> Breakage.ofStorage(ports -> ports.with(MessageLog.class, (batch, nowMillis) -> {
                    List<Draft> changed =
                            batch.stream().map(ChangeCheckerTest::asPin).toList();
                    return ports.log().append(changed, nowMillis);
                })));
    }

    /** Rights of a pin, contents of an edit. */
    private static Draft asPin(Draft draft) {
        return draft.messageChange() instanceof MessageChange.Edited edited
                ? new Draft(
                        draft.conversation(),
                        draft.sender(),
                        draft.senderDevice(),
                        draft.clientMessageId(),
                        draft.content(),
                        null,
                        new MessageChange.Pinned(edited.targetSeq(), true),
                        0)
                : draft;
    }

    /** Gives messages without what has become of them. */
    private record FirstContents(InMemoryStorage storage, History inner) implements History {
        @Override
        public List<StoredMessage> read(
                Conversation conversation,
                long aboveSeq,
                long belowSeq,
                boolean newest,
                int messagesMax,
                int bytesMax) {
            return inner.read(conversation, aboveSeq, belowSeq, newest, messagesMax, bytesMax).stream()
                    .map(message ->
                            message.with(storage.changes().everySaid(message).get(0), null))
                    .toList();
        }

        @Override
        public long head(Conversation conversation) {
            return inner.head(conversation);
        }

        @Override
        public Position position(Conversation conversation, long seq) {
            return inner.position(conversation, seq);
        }
    }
}
